"""An editor, as far as a language server can tell: a client that opens buffers and keeps what is published about them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
from cattrs import Converter
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

_PATIENCE = 60
"""Seconds until a server is taken for dead."""
_QUIET = ("pycodestyle", "pyflakes", "mccabe")
"""What python-lsp-server runs beside what it is told to."""


def _converter() -> Converter:
    """pygls' own. lsprotocol 2025.0.0 does not say how to read this type, which cattrs asks for since version 25."""
    converter: Converter = default_converter()  # type: ignore[no-untyped-call]  # pygls does not say what it gives
    unread = attrs.fields(types.NotebookDocumentFilterWithCells).notebook.type
    converter.register_structure_hook(unread, lambda value, _: value)
    return converter


class Editor:
    """Buffers of one workspace, which need not be on disk."""

    def __init__(self, client: LanguageClient) -> None:
        self._client = client
        self._published: dict[str, asyncio.Queue[list[types.Diagnostic]]] = defaultdict(asyncio.Queue)
        self._versions: dict[str, int] = {}

        def keep(params: types.PublishDiagnosticsParams) -> None:
            self._published[params.uri].put_nowait(list(params.diagnostics))

        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(keep)

    async def show(self, path: Path, text: str) -> list[types.Diagnostic]:
        """What is published for the file `path` once its buffer holds `text`; nothing is saved."""
        uri = path.as_uri()
        version = self._versions[uri] = self._versions.get(uri, 0) + 1
        if version == 1:
            item = types.TextDocumentItem(uri=uri, language_id="python", version=version, text=text)
            self._client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        else:
            document = types.VersionedTextDocumentIdentifier(version=version, uri=uri)
            change = types.TextDocumentContentChangeWholeDocument(text)
            self._client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
        return await asyncio.wait_for(self._published[uri].get(), _PATIENCE)


@asynccontextmanager
async def python_lsp_server(root: Path | None, plugins: Mapping[str, Mapping[str, Any]], log: Path) -> AsyncIterator[Editor]:
    """An editor with the workspace `root` in which python-lsp-server runs these plugins with these settings. The server has had
    nothing to complain of when it is done."""
    client = LanguageClient("editor", "1", converter_factory=_converter)
    editor = Editor(client)
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])  # as in an environment that is activated
    await client.start_io(
        sys.executable, "-m", "pylsp", "--log-file", str(log), cwd=root or log.parent, env={**os.environ, "PATH": path}
    )
    uri = None if root is None else root.as_uri()
    given = types.InitializeParams(capabilities=types.ClientCapabilities(), root_uri=uri, process_id=os.getpid())
    await asyncio.wait_for(client.initialize_async(given), _PATIENCE)
    client.initialized(types.InitializedParams())
    settings = {name: {"enabled": False} for name in _QUIET} | {name: {"enabled": True, **own} for name, own in plugins.items()}
    configured = types.DidChangeConfigurationParams({"pylsp": {"plugins": settings}})
    client.workspace_did_change_configuration(configured)
    try:
        yield editor
    finally:
        await asyncio.wait_for(client.shutdown_async(None), _PATIENCE)
        client.exit(None)
        await client.stop()  # type: ignore[no-untyped-call]  # nor here
    assert log.read_text(encoding="utf-8") == ""
