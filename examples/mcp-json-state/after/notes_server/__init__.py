"""An MCP server for a folder of notes. Its state is a handful of JSON files in `.notes`, read and written without blocking."""
