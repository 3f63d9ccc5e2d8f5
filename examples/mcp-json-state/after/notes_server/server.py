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


def main() -> None:
    # The managers load their configuration here, where no loop runs yet.
    server = create_server(Managers(Path.cwd()))
    asyncio.run(server.run_stdio_async())


if __name__ == "__main__":
    main()
