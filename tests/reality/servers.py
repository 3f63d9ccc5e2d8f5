"""Servers on this machine that take their time, one for each protocol that recipes speak."""

from __future__ import annotations

import functools
import socketserver
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOLD = 0.03


class _Http(BaseHTTPRequestHandler):
    kind = "text/xml"
    body = b"<?xml version='1.0'?><methodResponse><params><param><value><int>1</int></value></param></params></methodResponse>"

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        time.sleep(HOLD)
        self.send_response(200)
        self.send_header("Content-Type", self.kind)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(self.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _answer  # noqa: N815 (names that are looked up)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""


class _Json(_Http):
    """Answers with an empty object, whatever it is asked."""

    kind, body = "application/json", b"{}"


class _Silent(socketserver.StreamRequestHandler):
    """Takes its time, says nothing and hangs up: whatever is spoken, it is waited for."""

    def handle(self) -> None:
        time.sleep(HOLD)


class _Lines(socketserver.StreamRequestHandler):
    """Greets, and answers each line."""

    greeting: bytes
    answer: Callable[[str], bytes]

    def handle(self) -> None:
        time.sleep(HOLD)
        self.wfile.write(self.greeting)
        for line in self.rfile:
            time.sleep(HOLD)
            self.wfile.write(type(self).answer(line.decode().strip()))


def _smtp(line: str) -> bytes:
    return {"QUIT": b"221 bye\r\n", "DATA": b"354 go on\r\n"}.get(line.partition(" ")[0].upper(), b"250 ok\r\n")


def _ftp(line: str) -> bytes:
    said = {"USER": b"230 in", "PWD": b'257 "/"', "MKD": b'257 "/x"', "SIZE": b"213 5", "QUIT": b"221 bye", "RNFR": b"350 to?"}
    return said.get(line.partition(" ")[0].upper(), b"250 ok") + b"\r\n"


def _pop(line: str) -> bytes:
    return b"+OK\r\nx\r\n.\r\n" if line.split(" ")[0] in ("RETR", "TOP", "CAPA") or line in ("LIST", "UIDL") else b"+OK 1 5\r\n"


def _imap(line: str) -> bytes:
    tag, _, command = line.partition(" ")
    untagged = b"* CAPABILITY IMAP4rev1\r\n" if command.startswith("CAPABILITY") else b"* 1 EXISTS\r\n"
    return untagged + tag.encode() + b" OK done\r\n"


_GREETINGS = {"smtp": b"220 hello\r\n", "ftp": b"220 hello\r\n", "pop": b"+OK hello\r\n", "imap": b"* OK hello\r\n"}
_ANSWERS: dict[str, Callable[[str], bytes]] = {"smtp": _smtp, "ftp": _ftp, "pop": _pop, "imap": _imap}


@functools.cache
def port(protocol: str) -> int:
    """The port on which a protocol is spoken; the server is started when it is first asked for."""
    if protocol in ("http", "json"):
        server: socketserver.BaseServer = ThreadingHTTPServer(("127.0.0.1", 0), _Http if protocol == "http" else _Json)
    elif protocol == "silent":
        server = _silent()
    else:
        said = {"greeting": _GREETINGS[protocol], "answer": staticmethod(_ANSWERS[protocol])}
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type(protocol, (_Lines,), said))
        server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])  # type: ignore[index]  # of a server on a socket, a pair


def _silent() -> socketserver.ThreadingTCPServer:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Silent)
    server.daemon_threads = True
    return server


def url(protocol: str = "http") -> str:
    return f"http://127.0.0.1:{port(protocol)}/"
