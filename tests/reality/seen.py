"""Seeing a call block: it is made on a running event loop, while something outside holds it up, or while every request to the
system is written down.

What counts: *held*, a timer of the loop that was due meanwhile ran too late, and the thread waited; *asked*, the loop's own
thread asked the system for I/O, by Python's audit events and by the C functions that were entered, other than to import modules;
*computed*, of entries of that kind alone: the timer ran too late, and the thread computed.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from reality import servers
from reality.claims import read_toml

RECIPES = Path(__file__).parent / "recipes"
HOLD = 0.03
"""For how long a call is held up at first, in seconds; a timer is due before half of it is over."""
TRIES = 3

_EVENTS = (
    *("open", "os.", "shutil.", "tempfile.", "glob.", "pathlib.", "fcntl.", "mmap.", "pty.", "subprocess.", "time.", "signal."),
    *("socket.", "sqlite3.", "http.", "urllib.", "ftplib.", "smtplib.", "poplib.", "imaplib.", "webbrowser."),
)
"""The audit events that tell of I/O, by how they begin."""
_C_MODULES = frozenset(
    (
        *("posix", "_io", "_socket", "_ssl", "select", "fcntl", "mmap", "_posixsubprocess"),
        *("sqlite3", "_sqlite3", "_dbm", "_gdbm"),
    )
)
_C_FUNCTIONS = {
    "ssl": ("load_cert_chain", "load_verify_locations", "set_default_verify_paths"),
    "socket": ("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "send", "sendall", "sendto", "sendmsg"),
    "termios": ("tcdrain",),
}
"""Those that do, of modules where most do not."""
_IN_MEMORY = ("StringIO", "BytesIO", "IncrementalNewlineDecoder")
_NO_IO = frozenset(
    ("fspath", "getcwd", "getpid", "get_inheritable", "isatty", "urandom", "_path_normpath", "__enter__", "__exit__")
)

_watched: dict[int, list[str]] = {}
"""The threads whose requests are written down."""


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    told = _watched.get(threading.get_ident())
    if told is not None and event.startswith(_EVENTS) and not _importing(sys._getframe(1)):
        told.append(event)


def _importing(frame: FrameType | None) -> bool:
    """Whether this is done to import a module: libraries do so late, and once."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


sys.addaudithook(_audit)


@dataclass(frozen=True)
class Recipe:
    """How one entry of the catalogue is called: code that prepares, and the call itself."""

    name: str
    make: str
    call: str
    imports: tuple[str, ...]
    may_raise: bool = False
    """Nobody gives a proper answer: what counts is that it was asked or waited for."""
    computes: bool = False
    """It does not wait: what counts is that it computes for long."""


@dataclass
class Seen:
    """What a call was seen to do."""

    computes: bool = False
    took: float = 0.0
    late: float = 0.0
    computing: float = 0.0
    waits: int = 0
    """How often the thread gave up the processor of its own accord: not because others wanted it."""
    asked: list[str] = field(default_factory=list)
    failed: str = ""

    @property
    def evidence(self) -> str | None:
        held = self.took > 0.6 * HOLD and self.late > 0.3 * HOLD
        if self.computes:
            return "computed" if held and self.computing > 0.6 * HOLD else None
        if held and self.waits:
            return "held"
        return "asked" if self.asked else None


def recipes(library: str) -> Iterator[Recipe]:
    """The recipes for a file of the catalogue."""
    path = RECIPES / f"{library}.toml"
    if not path.exists():
        return
    document = read_toml(path)
    for table in document["recipe"]:
        calls = dict(table.get("calls", {}))
        for name in table.get("names", ()):
            calls[name] = table["call"].replace("{method}", name.rpartition(".")[2]).replace("{name}", name)
        for name, call in calls.items():
            make = table.get("make", "").replace("{method}", name.rpartition(".")[2])
            yield Recipe(name, make, call, tuple(document.get("imports", ())), table.get("may-raise", False))


class Kitchen:
    """What recipes work with: a folder of their own, and things that hold a call up for as long as `HOLD`."""

    def __init__(self, folder: Path, hold: float) -> None:
        self.folder = folder
        self.time = hold
        self.path = folder / "file.txt"
        self.path.write_text("one\ntwo\n" * 10)
        (folder / "tree" / "below").mkdir(parents=True)
        (folder / "tree" / "below" / "file.txt").write_text("x")
        self._later: list[Callable[[], object]] = []

    def names(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in ("folder", "path", "later", "fifo", "reading", "writing", "started")}
        return {**given, "HOLD": self.time, "tree": self.folder / "tree", "servers": servers, "time": time}

    def later(self, work: Callable[..., object], *arguments: object) -> None:
        """Do something in a thread, `HOLD` after the call has begun."""
        self._later.append(lambda: work(*arguments))

    def started(self) -> None:
        """Begin what was put off."""
        for work in self._later:
            threading.Thread(target=self._after_a_while, args=(work,), daemon=True).start()

    def _after_a_while(self, work: Callable[[], object]) -> None:
        time.sleep(self.time)
        work()

    def fifo(self, data: bytes = b"one\ntwo\n") -> str:
        """A pipe with a name that somebody writes to later."""
        path = self.folder / f"fifo{len(self._later)}"
        os.mkfifo(path)

        def write() -> None:
            with path.open("wb") as file:
                file.write(data)

        self.later(write)
        return str(path)

    def reading(self, data: bytes = b"one\ntwo\n") -> int:
        """The end of a pipe that is read from, and to which somebody writes later."""
        reader, writer = os.pipe()

        def write() -> None:
            os.write(writer, data)
            os.close(writer)

        self.later(write)
        return reader

    def writing(self) -> int:
        """The end of a full pipe that is written to, from which somebody reads later."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        try:
            while True:
                os.write(writer, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(writer, True)

        def drain() -> None:
            while os.read(reader, 1 << 20):
                pass

        self.later(drain)
        return writer


def seen(recipe: Recipe, folder: Path) -> Seen:
    """Make the call of a recipe on an event loop, and see. On a busy machine what holds a call up may be over before the call
    begins: then it is tried again, and held up for longer."""
    found = Seen()
    for attempt in range(TRIES):
        place = folder / str(attempt)
        place.mkdir()
        found = _tried(recipe, Kitchen(place, HOLD * 4**attempt))
        if recipe.may_raise and found.evidence is not None:
            found.failed = ""
        if found.evidence is not None and not found.failed:
            break
    return found


def _tried(recipe: Recipe, kitchen: Kitchen) -> Seen:
    names = kitchen.names()
    exec("".join(f"import {module}\n" for module in recipe.imports) + recipe.make, names)
    call = compile(recipe.call, recipe.name, "exec")
    gc.collect()
    return asyncio.run(_on_loop(call, Seen(recipe.computes), names, kitchen))


async def _on_loop(call: Any, found: Seen, names: dict[str, Any], kitchen: Kitchen) -> Seen:
    loop, ran = asyncio.get_running_loop(), asyncio.Event()
    await asyncio.sleep(0)
    due = loop.time() + HOLD / 3

    def tick() -> None:
        found.late = loop.time() - due
        ran.set()

    loop.call_at(due, tick)
    me = threading.get_ident()
    kitchen.started()
    _watched[me] = found.asked
    begun, computing, waits = time.perf_counter(), time.thread_time(), _waits()
    sys.setprofile(lambda frame, event, argument: _entered(found.asked, frame, event, argument))
    try:
        exec(call, names)
    except Exception as error:
        found.failed = f"{type(error).__name__}: {error}"
    finally:
        sys.setprofile(None)
        found.took, found.computing = time.perf_counter() - begun, time.thread_time() - computing
        found.waits = _waits() - waits
        del _watched[me]
    await ran.wait()
    return found


def _waits() -> int:
    import resource  # not everywhere

    return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw


def _entered(asked: list[str], frame: FrameType, event: str, argument: Any) -> None:
    """Write down a C function of the system that is entered."""
    if event == "c_call" and argument.__name__ not in _NO_IO:
        owner = getattr(argument, "__self__", None)
        module = argument.__module__ or type(owner).__module__
        asks = module in _C_MODULES or argument.__name__ in _C_FUNCTIONS.get(module, ())
        if asks and type(owner).__name__ not in _IN_MEMORY and not _importing(frame):
            asked.append(f"{module}.{argument.__name__}")
