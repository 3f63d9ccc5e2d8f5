"""What makes a module async-only, and what constructors may do in one. Single files are fixtures in `fixtures/async_only`."""

from __future__ import annotations

import pytest

from support import check_files

MARK = "# nosyncio: async-only\n"
ALLOWED = "# nosyncio: sync-allowed\n"
SLEEPS = "import time\ntime.sleep(1)\n"


def _reported(files: dict[str, str], **options: object) -> set[str]:
    """The paths of the files that have an NSI201."""
    return {finding.path for finding in check_files(files, **options) if finding.code == "NSI201"}


@pytest.mark.parametrize(
    ("files", "options", "reported"),
    [
        pytest.param({"a.py": SLEEPS}, {}, set(), id="no mark"),
        pytest.param({"a.py": MARK + SLEEPS, "b.py": SLEEPS}, {}, {"a.py"}, id="a comment marks its own file"),
        pytest.param(
            {"p/__init__.py": MARK, "p/a.py": SLEEPS, "p/q/__init__.py": "", "p/q/b.py": SLEEPS, "c.py": SLEEPS},
            {},
            {"p/a.py", "p/q/b.py"},
            id="a comment in __init__ marks the package, however deep",
        ),
        pytest.param({"p/__init__.py": MARK + SLEEPS}, {}, {"p/__init__.py"}, id="and __init__ itself"),
        pytest.param(
            {"p/__init__.py": MARK, "p/a.py": ALLOWED + SLEEPS, "p/b.py": SLEEPS}, {}, {"p/b.py"}, id="a module opts out"
        ),
        pytest.param(
            {
                "p/__init__.py": MARK,
                "p/q/__init__.py": ALLOWED,
                "p/q/a.py": SLEEPS,
                "p/q/b.py": MARK + SLEEPS,
                "p/c.py": SLEEPS,
            },
            {},
            {"p/q/b.py", "p/c.py"},
            id="the nearest mark decides",
        ),
        pytest.param(
            {"src/p/__init__.py": MARK, "src/p/a.py": SLEEPS, "src/q/__init__.py": "", "src/q/a.py": SLEEPS},
            {},
            {"src/p/a.py"},
            id="src layout",
        ),
        pytest.param(
            {"src/app/a.py": SLEEPS, "src/app/deep/b.py": SLEEPS, "src/other.py": SLEEPS},
            {"async_only": ["src/app/**"]},
            {"src/app/a.py", "src/app/deep/b.py"},
            id="a glob of the configuration",
        ),
        pytest.param(
            {"src/app/a.py": SLEEPS, "src/app/b.py": SLEEPS},
            {"async_only": ["src/app/**", "!src/app/b.py"]},
            {"src/app/a.py"},
            id="a later glob takes back",
        ),
        pytest.param(
            {"app/__init__.py": "", "app/a.py": ALLOWED + SLEEPS, "app/b.py": SLEEPS},
            {"async_only": ["app/**"]},
            {"app/b.py"},
            id="a comment opts out of a glob",
        ),
        pytest.param(
            {"app/__init__.py": "", "app/q/__init__.py": ALLOWED, "app/q/a.py": SLEEPS, "app/b.py": SLEEPS},
            {"async_only": ["app/**"]},
            {"app/b.py"},
            id="so does a package",
        ),
        pytest.param({"a.py": MARK + ALLOWED + SLEEPS}, {}, {"a.py"}, id="of two marks in one file the first decides"),
        pytest.param({"a.py": "#nosyncio:async-only\n" + SLEEPS}, {}, {"a.py"}, id="spaces do not matter"),
        pytest.param({"a.py": '"""Docs."""\n' + MARK + SLEEPS}, {}, {"a.py"}, id="below the docstring"),
        pytest.param({"a.py": "import os\n" + MARK + SLEEPS}, {}, set(), id="below a statement"),
        pytest.param({"a.py": "x = '# nosyncio: async-only'\n" + SLEEPS}, {}, set(), id="in a string"),
    ],
)
def test_which_modules_are_async_only(files: dict[str, str], options: dict[str, object], reported: set[str]) -> None:
    assert _reported(files, **options) == reported


CONSTRUCTORS = f"""{MARK}
import dataclasses
from pathlib import Path

class Service:
    def __init__(self, where: Path) -> None:
        self.data = where.read_text()

    def __new__(cls, where: Path):
        where.read_bytes()
        return super().__new__(cls)

    def load(self, where: Path) -> None:
        where.write_text("")

@dataclasses.dataclass
class Settings:
    where: Path

    def __post_init__(self) -> None:
        def inner() -> None:
            self.where.stat()

        self.where.exists()
        inner()

def __init__(where: Path) -> None:
    where.unlink()

LOADED = Path("x").is_file()
"""


def _methods(**options: object) -> set[str]:
    findings = check_files({"a.py": CONSTRUCTORS}, **options)
    assert {finding.code[:4] for finding in findings} <= {"NSI2"}
    return {(finding.callee or "").rpartition(".")[2] for finding in findings}


def test_constructors_count() -> None:
    assert _methods() == {"read_text", "read_bytes", "write_text", "exists", "stat", "unlink", "is_file"}


def test_allow_init_lets_constructors_load() -> None:
    assert _methods(allow_init=True) == {"write_text", "unlink", "is_file"}


def test_allow_init_reaches_what_constructors_alone_call() -> None:
    text = f"""{MARK}from pathlib import Path
class Config:
    def __init__(self) -> None:
        self._load()
        self._shared()
    def _load(self) -> None:
        _read()
    def _shared(self) -> None:
        Path("a").unlink()
    def save(self) -> None:
        self._shared()
def _read() -> str:
    return Path("a").read_text()
def unused() -> str:
    return Path("a").read_text()
"""
    lines = [finding.span.line for finding in check_files({"a.py": text}, allow_init=True)]
    assert lines == [text[: text.index("unlink")].count("\n") + 1, text.count("\n")]


def test_allow_init_says_nothing_of_loop_code() -> None:
    text = f"{MARK}import time\nclass Service:\n    async def __init__(self):\n        time.sleep(1)\n"
    assert [finding.code for finding in check_files({"a.py": text}, allow_init=True)] == ["NSI101"]


def test_a_function_that_another_file_offloads_does_not_count() -> None:
    work = f"{MARK}import time\ndef work():\n    time.sleep(1)\n"
    offloads = "import asyncio\nfrom p.work import work\nasync def main():\n    await asyncio.to_thread(work)\n"
    calls = "from p import work\ndef run():\n    work.work()\n"
    package = {"p/__init__.py": "", "p/work.py": work, "p/main.py": offloads}
    assert _reported({"p/__init__.py": "", "p/work.py": work}) == {"p/work.py"}
    assert _reported(package) == set()
    assert _reported({**package, "p/other.py": calls}) == {"p/work.py"}


def test_findings_say_why_they_count() -> None:
    (finding,) = check_files({"a.py": MARK + SLEEPS})
    assert (finding.code, finding.name, finding.span.line) == ("NSI201", "sleep-in-async-only", 3)
    assert finding.context is not None
    assert finding.context.label == "async-only"
