"""Tools that check notes."""

from mcp.server import MCPServer

from notes_server.managers import Managers


def register(server: MCPServer, managers: Managers) -> None:
    @server.tool()
    async def validate_note(kind: str, fields: dict[str, str]) -> list[str]:
        """What is wrong with a note's front matter."""
        return managers.schemas.problems(kind, fields)

    @server.tool()
    async def set_strict(strict: bool) -> str:
        """Turn strict validation on or off."""
        await managers.validation_config.set("strict", strict)
        return "strict" if strict else "lenient"
