"""Everything that blockbuster, aiocop and flake8-async know is in the catalogue, or in `peers.toml` with the reason why not.

Their lists are read from the packages as they are installed, so that what a new version adds is noticed."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from commands import run
from nosyncio.catalogue import Catalogue, Verdict

PEERS = msgspec.toml.decode((Path(__file__).parent / "peers.toml").read_bytes(), type=dict[str, dict[str, str]])


def blockbuster() -> list[str]:
    """The functions that blockbuster wraps."""
    return list(import_module("blockbuster").BlockBuster().functions)


def aiocop() -> list[str]:
    """The functions that aiocop wraps, and the audit events that it listens to."""
    wrapped: dict[str, Any] = import_module("aiocop.core.audit_patcher").FUNCTIONS_TO_PATCH_DICT
    events: dict[str, Any] = import_module("aiocop.core.blocking_io").BLOCKING_EVENTS_DICT
    return list(dict.fromkeys([*wrapped, *events]))


def is_known(name: str) -> bool:
    catalogue = Catalogue()
    return any(isinstance(told, Verdict) for told in catalogue.verdicts(catalogue.public(PEERS["events"].get(name, name))))


def excused(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in PEERS["left-out"])


def is_there(name: str) -> bool:
    """Whether something that can be called has this name; of a package that is not installed, nobody knows."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ImportError:
            continue
        try:
            return callable(attrgetter(".".join(parts[length:]))(found)) if parts[length:] else True
        except AttributeError:
            return False
    return True


@pytest.mark.parametrize("peer", [blockbuster, aiocop])
def test_what_watches_a_running_loop_knows_nothing_more(peer: Any) -> None:
    names = peer()
    assert len(names) > 50
    assert [name for name in names if not is_known(name) and not excused(name)] == []


def test_no_excuse_is_stale() -> None:
    """Each excuse is used, and none is for what the catalogue has by now."""
    theirs = {*blockbuster(), *aiocop()}
    assert [name for name in PEERS["events"] if name not in theirs] == []
    assert [name for name in PEERS["left-out"] if name in theirs and is_known(name)] == []
    said = {call.name for call in probes()}
    assert [name for name in PEERS["left-out"] if not any(fnmatchcase(other, name) for other in theirs | said)] == []


# ------------------------------------------------------------------------------------------------------------- flake8-async


class Probe:
    """A call that flake8-async may report: what it is called, and how it is written."""

    def __init__(self, name: str, parameter: str, call: str) -> None:
        self.name = name
        self.parameter = parameter
        self.call = call


def probes() -> Iterator[Probe]:
    """Every call that the words of its rules can spell: words with a dot as they are, others as functions of the modules and as
    methods of the classes that it names."""
    source = inspect.getsource(import_module("flake8_async.visitors.visitor2xx"))
    words = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    names = sorted(
        word for word in words if all(part.isidentifier() for part in word.split(".")) and not word.startswith("ASYNC")
    )
    dotted = [name for name in names if "." in name]
    classes = [name for name in dotted if name.rpartition(".")[2][0].isupper() and name != "subprocess.Popen"]
    bare = [name for name in names if "." not in name]
    for name in dotted:
        if name not in classes and not name.startswith(("trio", "anyio", "asyncio", "request.")):
            yield Probe(name, "", f"{name.removeprefix('builtins.')}('x')")
    for module, name in itertools.product(("httpx", "httpx2", "os", "os.path", "requests", "subprocess", "urllib3"), bare):
        yield Probe(f"{module}.{name}", "", f"{module}.{name}('x')")
    for owner, name in itertools.product(classes, bare):
        yield Probe(f"{owner}.{name}", f"x: {owner}", f"x.{name}('GET')")


IMPORTS = "import asyncio, httpx, httpx2, io, os, requests, subprocess, time, urllib.request, urllib3\n"
IMPORTS += "import urllib3.connectpool, urllib3.poolmanager\n".replace("connectpool", "connectionpool")


def test_flake8_async_reports_nothing_more(tmp_path: Path) -> None:
    """It is asked itself what it reports, and so is nosyncio, about the same lines."""
    calls = [call for call in probes() if is_there(call.name)]
    text = IMPORTS + "".join(f"async def f{index}({call.parameter}):\n    {call.call}\n" for index, call in enumerate(calls))
    (tmp_path / "probes.py").write_text(text)
    said = run(tmp_path, "-m", "flake8", "--isolated", "--select", "ASYNC2,NSI", "--format", "%(row)d %(code)s", "probes.py")
    assert not said.err, said.err
    reported = [line.split() for line in said.out.splitlines()]
    theirs = {int(row) for row, code in reported if code.startswith("ASYNC")}
    ours = {int(row) for row, code in reported if code.startswith("NSI")}
    first = IMPORTS.count("\n") + 2
    missing = [call.name for index, call in enumerate(calls) if first + 2 * index in theirs - ours]
    assert len(theirs) > 60
    assert [name for name in missing if not excused(name)] == []
