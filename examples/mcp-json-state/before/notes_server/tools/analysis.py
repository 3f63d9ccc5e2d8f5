"""Tools that look at how the notes are used."""

from mcp.server import MCPServer

from notes_server.managers import Managers


def register(server: MCPServer, managers: Managers) -> None:
    @server.tool()
    async def record_read(note: str) -> int:
        """Say that a note was read."""
        return managers.patterns.record(note)  # expect: NSI302@16 NSI302@16

    @server.tool()
    async def most_read_notes(limit: int = 10) -> list[tuple[str, int]]:
        """The notes that are read most."""
        return managers.patterns.most_read(limit)  # expect: NSI302
