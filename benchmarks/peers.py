"""Compare nosyncio with flake8-async and ruff on those projects' own fixtures.

Every line that a peer reports with an ASYNC2xx code must be reported by nosyncio too, unless
`EXCEPTIONS` says why not: the real library lacks the name, or the call does no I/O.

    python benchmarks/peers.py FLAKE8_ASYNC/tests/eval_files RUFF/.../fixtures/flake8_async

needs `flake8`, `flake8-async` and `ruff` beside the interpreter given by `--peers-python`, and
`nosyncio` beside the one given by `--nosyncio-python` (both default to the running one).
Exit code 0: nothing missing. 1: something is missing, or an exception has gone stale.
2: a tool failed to run.
"""

from __future__ import annotations

import argparse
import ast
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

# ASYNC200 is left out: it reports whatever its user lists, so its fixture says nothing of ours.
CODES = (210, 211, 212, 220, 221, 222, 230, 231, 232, 240, 250, 251)
FLAKE8_CODES = ",".join(f"ASYNC{number}" for number in CODES)

# Some fixtures use modules that they never import. Peers that match on text report them all the
# same; binding resolution cannot. The first line of the copy, a comment, becomes the import, so
# that every tool reads the same program and line numbers stay.
_PROCESS_IMPORTS = "import os, subprocess; from os import P_NOWAIT, P_WAIT"
PRELUDES = {
    "async210.py": "from urllib import request; from urllib.request import urlopen",
    "async212.py": "import httpx, httpx2; from typing import Optional",
    "async22x.py": _PROCESS_IMPORTS,
    "async22x_asyncio.py": _PROCESS_IMPORTS,
}


@dataclass(frozen=True)
class Excused:
    """Calls that a peer reports and nosyncio rightly does not.

    `file`, `call` (its source text) and `function` (the innermost one round it) are `fnmatch`
    patterns. `nth` picks one match in the function, counted from 1, where the same text is
    right in one place and wrong in another.
    """

    file: str
    call: str
    reason: str
    function: str = "*"
    nth: int | None = None


NO_SUCH_METHOD = "the class has no such method"
OTHER_OBJECT = "the receiver is None or an int there: AttributeError, no I/O"
LOCAL_FUNCTION = "no I/O: a function of the fixture that hides the name"
PURE = "no I/O: a computation on the string"
WORKING_FOLDER = "no disk I/O: a computation on the string and, for a relative path, the working folder"

# Checked with urllib3 2.8.0, httpx 0.28.1, httpx2 2.16.2 and CPython 3.10 to 3.13 (Linux):
# names with hasattr, I/O with a system-call trace. docs/peers.md has the details.
EXCEPTIONS = (
    Excused("async212.py", "c.anything()", NO_SUCH_METHOD, function="foo_urllib3"),
    Excused("[Aa]*212.py", "client.close()", "no waiting: close(2) on the pooled sockets"),
    # The module ends with `glob_client: int = 4`, and the function runs after that.
    Excused("async212.py", "glob_client.send()", OTHER_OBJECT, function="foo_global_client"),
    Excused("async232*.py", "f.anything()", NO_SUCH_METHOD),
    Excused("async232*.py", "f.aoeu*()", NO_SUCH_METHOD),
    Excused("async232*.py", "f.read()", "no I/O: BufferedWriter.read raises", function="file_binary_write_"),
    Excused("async232*.py", "f.read()", "no I/O: BufferedWriter.read raises", function="file_binary_write"),
    Excused("async232*.py", "f.read()", OTHER_OBJECT, function="type_restricting_*"),
    # `f = 7; f.read()`
    Excused("async232*.py", "f.read()", OTHER_OBJECT, function="implicit_overridden_type", nth=2),
    Excused("*240.py", "*normpath(*)", PURE),
    Excused("*240.py", "*relpath(*)", WORKING_FOLDER),
    Excused("*240.py", "os.path.abspath(*)", WORKING_FOLDER),
    Excused("async240.py", "os.path._joinrealpath(...)", "a private helper that Python 3.13 does not have"),
    Excused("async240.py", "os.path.anything('')", "os.path has no such function"),
    Excused("ASYNC210.py", "urlopen()", LOCAL_FUNCTION),
    Excused("ASYNC230.py", "open()", LOCAL_FUNCTION),
)


@dataclass(frozen=True, order=True)
class Report:
    """One report of a peer; `column` is 1-based."""

    path: str
    line: int
    column: int
    code: str
    peer: str


@dataclass(frozen=True)
class Call:
    """A call of a fixture: its source text, the innermost function round it, its turn there."""

    text: str
    function: str
    nth: int


class ToolError(Exception):
    """A tool could not be run, or gave no readable answer."""


def run(command: Sequence[str], folder: Path) -> str:
    """The standard output of `command` run in `folder`.

    Raises ToolError when it does not end as a linter does: 0, or 1 with something to say.
    `python -m` a module that is not installed ends with 1 too, but says nothing.
    """
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or (done.returncode == 1 and not done.stdout):
        raise ToolError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def run_json(command: Sequence[str], folder: Path) -> Any:
    """The JSON document that `command` prints."""
    text = run(command, folder)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ToolError(f"{' '.join(command)}: its output is not JSON ({error})") from error


def copy_fixtures(source: Path, pattern: str, target: Path) -> int:
    """Copy the files that match, with the imports they lack. Gives how many there were."""
    target.mkdir(parents=True)
    count = 0
    for path in sorted(source.glob(pattern)):
        if path.name == "async200.py":
            continue
        copy = target / path.name
        shutil.copyfile(path, copy)
        count += 1
        if prelude := PRELUDES.get(path.name):
            first, _, rest = copy.read_text(encoding="utf-8").partition("\n")
            if not first.startswith("#"):
                raise ToolError(f"{path.name}: its first line is no longer a comment")
            copy.write_text(f"{prelude}\n{rest}", encoding="utf-8")
    if not count:
        raise ToolError(f"{source}: no file matches {pattern}")
    return count


def flake8_async(python: str, folder: Path) -> Iterator[Report]:
    """What flake8-async reports, with the library option that each fixture is written for."""
    files = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.py"))]
    for asyncio_only in (True, False):
        chosen = [name for name in files if name.endswith("_asyncio.py") is asyncio_only]
        if not chosen:
            continue
        command = [python, "-m", "flake8", "--isolated", "--disable-noqa", "--select=ASYNC2"]
        command += [f"--enable={FLAKE8_CODES}", "--format=%(path)s\t%(row)d\t%(col)d\t%(code)s"]
        for row in run([*command, *(["--asyncio"] if asyncio_only else []), *chosen], folder).splitlines():
            path, line, column, code = row.split("\t")
            yield Report(path, int(line), int(column), code, "flake8-async")


def ruff(python: str, folder: Path) -> Iterator[Report]:
    """What ruff reports, preview rules included."""
    command = [python, "-m", "ruff", "check", "--isolated", "--preview", "--no-cache", "--ignore-noqa"]
    for item in run_json([*command, "--select=ASYNC2", "--output-format=json", "."], folder):
        path = Path(item["filename"]).resolve().relative_to(folder).as_posix()
        yield Report(path, item["location"]["row"], item["location"]["column"], item["code"], "ruff")


def nosyncio_lines(python: str, folder: Path) -> set[tuple[str, int]]:
    """Lines of nosyncio's findings and of the calls that belong to them (a read on a reported open)."""
    command = [python, "-m", "nosyncio", "check", "--isolated", "--output-format", "json", "."]
    document = run_json(command, folder)
    if document["not_analysed"]:
        raise ToolError(f"nosyncio could not analyse: {document['not_analysed']}")
    return {(finding["path"], place["line"]) for finding in document["findings"] for place in (finding, *finding["related"])}


def calls(path: Path) -> dict[tuple[int, int], Call]:
    """Every call of the file by line and 1-based column; of `a().b()`, whose two calls share them, `a()`."""
    found: dict[tuple[int, int], Call] = {}
    turns: dict[tuple[str, str, int], int] = {}

    def visit(node: ast.AST, function: str, where: int) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                text = ast.unparse(child)
                turn = turns[text, function, where] = turns.get((text, function, where), 0) + 1
                place = (child.func.lineno, child.func.col_offset + 1)
                found[place] = Call(text, function, turn)
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                visit(child, child.name, child.lineno)
            else:
                visit(child, function, where)

    visit(ast.parse(path.read_text(encoding="utf-8")), "", 0)
    return found


def excuse(report: Report, call: Call | None) -> Excused | None:
    """The exception that covers the report, if there is one."""
    if call is None:
        return None
    for entry in EXCEPTIONS:
        if (
            fnmatchcase(Path(report.path).name, entry.file)
            and fnmatchcase(call.text, entry.call)
            and fnmatchcase(call.function, entry.function)
            and entry.nth in (None, call.nth)
        ):
            return entry
    return None


def compare(folder: Path, reports: Sequence[Report], ours: set[tuple[str, int]]) -> int:
    """Print the tally, what is missing and which exceptions are stale. Gives the exit code."""
    by_file = {report.path: calls(folder / report.path) for report in reports}
    missing: dict[tuple[str, int], list[str]] = {}
    used: dict[Excused, int] = {}
    contradicted: list[Report] = []
    matched: set[tuple[str, int]] = set()
    for report in sorted(reports):
        place = (report.path, report.line)
        entry = excuse(report, by_file[report.path].get((report.line, report.column)))
        if entry is not None:
            used[entry] = used.get(entry, 0) + 1
            alone = {r.column for r in reports if (r.path, r.line) == place} == {report.column}
            if place in ours and alone:
                contradicted.append(report)
        elif place in ours:
            matched.add(place)
        else:
            missing.setdefault(place, []).append(f"{report.peer} {report.code}")
    for peer in sorted({report.peer for report in reports}):
        print(f"{peer}: {len({(r.path, r.line) for r in reports if r.peer == peer})} lines")
    print(f"also reported by nosyncio: {len(matched)}; excused reports: {sum(used.values())}; missing: {len(missing)}")
    for (path, line), who in missing.items():
        source = (folder / path).read_text(encoding="utf-8").splitlines()[line - 1].strip()
        print(f"missing  {path}:{line}: {source}  [{', '.join(who)}]")
    for report in contradicted:
        print(f"note: excused, yet reported by nosyncio  {report.path}:{report.line}:{report.column} {report.code}")
    stale = [entry for entry in EXCEPTIONS if entry not in used]
    for entry in stale:
        print(f"exception without a report  {entry.file} {entry.function} {entry.call}")
    return 1 if missing or stale else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("flake8_async", type=Path, help="flake8-async's tests/eval_files")
    parser.add_argument("ruff", type=Path, help="ruff's folder of flake8_async fixtures")
    parser.add_argument("--peers-python", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--nosyncio-python", default=sys.executable, metavar="PYTHON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        try:
            copy_fixtures(options.flake8_async, "async2*.py", folder / "flake8_async")
            copy_fixtures(options.ruff, "ASYNC2*.py", folder / "ruff")
            reports = [*flake8_async(options.peers_python, folder), *ruff(options.peers_python, folder)]
            return compare(folder, reports, nosyncio_lines(options.nosyncio_python, folder))
        except ToolError as error:
            print(error, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main())
