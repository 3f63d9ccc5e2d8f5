"""The catalogue against the real libraries: a test session of its own, since each library needs an environment with it.

    python -m pytest tests/reality                       the standard library's files, on this Python
    python -m pytest tests/reality --library requests    one library's file, with the version that is installed

`tools/check_catalogue.py` makes the environments and runs this in each. An ordinary `pytest` run passes this folder by: it is
collected only where it is named on the command line.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [folder for folder in (str(ROOT / "src"), str(ROOT / "tests")) if folder not in sys.path]

from reality.claims import DATA, File, Told, Verdict, files  # noqa: E402 (the path comes first)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("reality", "the catalogue against the real libraries")
    group.addoption("--library", action="append", default=[], help="file of the catalogue (repeatable)")
    group.addoption("--data", type=Path, default=DATA, help="folder of the catalogue's files, when not this repository's")
    group.addoption("--instead", action="store_true", help="packages that `instead` names must be installed")
    group.addoption("--any-version", action="store_true", help="do not look at versions.toml")
    group.addoption("--told-to", type=Path, help="file to write what was looked at and what is wrong to, as lines of JSON")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Passed by, unless this file was read before the options were: then the folder was named."""
    return None if hasattr(config.option, "told_to") else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What libraries warn of when they are imported is their own affair."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "file" not in metafunc.fixturenames:
        return
    config = metafunc.config
    asked: list[str] = config.getoption("--library")
    known = files(config.getoption("--data"), any_version=config.getoption("--any-version"))
    chosen = [x for x in known if (x.name in asked if asked else x.library.distribution is None)]
    if unknown := set(asked) - {x.name for x in chosen}:
        raise pytest.UsageError(f"no such file, or not one that decodes: {', '.join(sorted(unknown))}")
    metafunc.parametrize("file", chosen, ids=[x.name for x in chosen])


_TALLY = pytest.StashKey[Counter[str]]()


@pytest.fixture
def tally(pytestconfig: pytest.Config) -> Counter[str]:
    """How many entries were seen to block, by how that was seen."""
    return pytestconfig.stash.setdefault(_TALLY, Counter())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    told = config.stash.get(_TALLY, None)
    if told:
        seen = f"{told['held']} held it up, {told['asked']} asked the system for I/O on its thread, {told['computed']} computed"
        terminalreporter.write_line(f"{told.total()} entries were called on an event loop: {seen}")


@pytest.fixture
def verdict(request: pytest.FixtureRequest, file: File) -> Verdict:
    """Fails the test with each name that is wrong and why, and writes down for the runner what was looked at."""

    def give(wrong: dict[str, str], looked: Iterable[str], seen: dict[str, str] | None = None) -> None:
        target: Path | None = request.config.getoption("--told-to")
        if target is not None:
            python = "{}.{}".format(*sys.version_info)
            told = Told(file.name, request.node.originalname, python, len(set(looked)), wrong, seen or {})
            with target.open("ab") as out:
                out.write(msgspec.json.encode(told) + b"\n")
        assert not wrong, "\n".join(f"{name}: {why}" for name, why in sorted(wrong.items()))

    return give
