"""Tools that look after folders and links."""

from mcp.server import MCPServer

from notes_server.managers import Managers


def register(server: MCPServer, managers: Managers) -> None:
    @server.tool()
    async def list_folders() -> dict[str, str]:
        """The folders, each with its purpose."""
        return managers.structure.folders()  # expect: NSI302

    @server.tool()
    async def add_folder(name: str, purpose: str) -> str:
        """Add a folder."""
        managers.structure.add_folder(name, purpose)  # expect: NSI302 NSI305
        return f"{name}: {purpose}"

    @server.tool()
    async def backlinks(note: str) -> list[str]:
        """The notes that link to a note."""
        await managers.graph.rebuild()
        return managers.graph.linked_from(note)
