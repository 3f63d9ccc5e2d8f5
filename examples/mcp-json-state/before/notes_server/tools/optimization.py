"""Tools that keep notes within a model's context."""

from mcp.server import MCPServer

from notes_server.managers import Managers


def register(server: MCPServer, managers: Managers) -> None:
    @server.tool()
    async def summarize_note(note: str) -> str:
        """A summary of a note."""
        return await managers.summaries.summarize(note)

    @server.tool()
    async def change_limit(name: str, value: int) -> int:
        """Change how long notes or summaries may be."""
        managers.optimization_config.change(name, value)  # expect: NSI302
        return managers.optimization_config.limit(name)
