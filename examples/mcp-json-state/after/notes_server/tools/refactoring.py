"""Tools that suggest changes and carry them out."""

from mcp.server import MCPServer

from notes_server.managers import Managers


def register(server: MCPServer, managers: Managers) -> None:
    @server.tool()
    async def suggest_split(note: str) -> list[str]:
        """Headings at which a long note could be split, if splits are welcome."""
        if await managers.learning.acceptance("split") < 0.2:
            return []
        return await managers.splits.recommend(note)

    @server.tool()
    async def find_duplicates() -> dict[str, list[str]]:
        """Paragraphs that stand in several notes."""
        return await managers.duplicates.duplicates()

    @server.tool()
    async def decide(suggestion: str, kind: str, accepted: bool) -> None:
        """Accept or turn down a suggestion."""
        await managers.approvals.decide(suggestion, accepted)
        await managers.learning.add(kind, accepted)

    @server.tool()
    async def replace_text(suggestion: str, note: str, text: str) -> str:
        """Carry an accepted suggestion out."""
        if not await managers.approvals.is_approved(suggestion):
            return "not approved"
        await managers.executor.replace_text(note, text)
        return (await managers.executor.history())[-1]

    @server.tool()
    async def undo(note: str) -> bool:
        """Go back to a note's earlier text."""
        return await managers.rollbacks.roll_back(note)
