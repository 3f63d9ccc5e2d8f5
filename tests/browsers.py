"""Pages in a real browser, and what goes on while they are open. Wants Playwright, and a browser that is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
WIDE = 1280
NARROW = 390


@dataclass
class Site:
    """A folder behind a server of its own, and what browsers asked it for."""

    folder: Path
    address: str
    asked: list[str] = field(default_factory=list)

    def put(self, name: str, text: str) -> str:
        """Make a file, and give its address."""
        (self.folder / name).write_text(text, encoding="utf-8", newline="")
        return f"{self.address}/{name}"


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Site(folder, f"http://127.0.0.1:{server.server_port}", asked)
        finally:
            server.shutdown()
            thread.join()


@dataclass
class View:
    """An open page, and what went on in it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))


@dataclass
class Viewer:
    """Opens pages, each in a profile of its own."""

    browser: Browser
    site: Site

    def __call__(self, text: str, width: int = WIDE, scripts: bool = True, dark: bool = False, name: str = "report.html") -> View:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, color_scheme="dark" if dark else "light"
        )
        view = View(context.new_page())
        view.page.goto(self.site.put(name, text))
        return view
