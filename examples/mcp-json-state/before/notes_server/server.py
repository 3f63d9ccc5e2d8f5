"""The server's entry point."""

import asyncio
from pathlib import Path

from mcp.server import MCPServer

from notes_server.managers import Managers
from notes_server.tools import analysis, optimization, refactoring, structure, validation


def create_server(managers: Managers) -> MCPServer:
    server = MCPServer("notes")
    for tools in (analysis, optimization, refactoring, structure, validation):
        tools.register(server, managers)
    return server


async def serve(root: Path) -> None:
    managers = Managers(root)  # expect: NSI302 NSI305
    await create_server(managers).run_stdio_async()


def main() -> None:
    asyncio.run(serve(Path.cwd()))


if __name__ == "__main__":
    main()
