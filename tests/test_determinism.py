"""The same bytes out, whatever the number of processes, the order of arguments, and the seed of hashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import nosyncio, write
from nosyncio.report import FORMATS

FILES = 160

MODULE = """import time
from pathlib import Path
from .m{next} import Thing{next} as Next, helper{next}

class Thing{n}(Next):
    def __init__(self):
        self.path = Path("x")
        self.next = Next()

    async def work(self):
        time.sleep(1); open("x").read()  # noqa: NSI102, NSI103
        self.path.read_text()
        self.next.path.exists()
        helper{next}(lambda: input())
        for item in {{"a", "b", "c"}}:
            self.path.joinpath(item).unlink()

def helper{n}(f):
    f()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package whose modules import each other in a ring, with a broken file among them: enough files for workers to start."""
    path = tmp_path_factory.mktemp("many")
    write(path, {f"pkg/m{n}.py": MODULE.format(n=n, next=(n + 1) % FILES) for n in range(FILES)})
    write(path, {"pkg/__init__.py": "", "pkg/broken.py": "def f(:\n", "top.py": "async def f():\n    open('x')\n"})
    return path


@pytest.fixture(scope="module")
def expected(folder: Path) -> str:
    done = nosyncio(folder, "check", "--output-format", "json", "-j", "1", ".", PYTHONHASHSEED="0")
    assert done.code == 2
    assert done.out.count('"NSI1') > 4 * FILES
    return done.out


@pytest.mark.parametrize(
    ("arguments", "seed"),
    [
        (["-j", "1", "."], "0"),
        (["-j", "2", "."], "1"),
        (["-j", "4", "."], "2"),
        (["-j", "2", "top.py", "pkg"], "3"),
        (["-j", "1", "pkg", "top.py"], "4"),
        (["-j", "1", *(f"pkg/m{n}.py" for n in reversed(range(FILES))), "top.py", "pkg/broken.py", "pkg/__init__.py"], "5"),
    ],
)
def test_same_bytes(folder: Path, expected: str, arguments: list[str], seed: str) -> None:
    assert nosyncio(folder, "check", "--output-format", "json", *arguments, PYTHONHASHSEED=seed).out == expected


@pytest.mark.parametrize("form", sorted({*FORMATS} - {"json"}))
def test_other_formats_are_as_steady(folder: Path, form: str) -> None:
    once = nosyncio(folder, "check", "--output-format", form, "-j", "1", PYTHONHASHSEED="1")
    assert nosyncio(folder, "check", "--output-format", form, "-j", "3", "top.py", "pkg", PYTHONHASHSEED="2") == once


def test_what_nests_too_deeply_does_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    """The limit is that of the stack, of which a worker has more left than the main process."""
    for name, unit in {"signs": "-", "choices": "1 if a else ", "functions": "lambda: ", "not": "not "}.items():
        write(tmp_path, {f"{name}_{depth}.py": f"x = {unit * depth}1\n" for depth in range(130, 510, 7)})
    alone = nosyncio(tmp_path, "check", "--output-format", "concise", "-j", "1")
    assert alone.code == 2
    assert nosyncio(tmp_path, "check", "--output-format", "concise", "-j", "2") == alone
