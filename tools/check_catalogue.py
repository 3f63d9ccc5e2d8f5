"""Check the catalogue against the real libraries, lowest and newest supported version, each in an environment of its own.

    python tools/check_catalogue.py                      everything
    python tools/check_catalogue.py --library requests   one file (repeatable); `--python PATH` names interpreters
    python tools/check_catalogue.py --recipes            the recipes alone, newest versions, on every Python

Makes the environments, installs what is needed, runs `tests/reality` inside, and prints one line for each. The standard
library's files are checked on every supported Python that is found. Exits with 1 if a name is wrong or an install failed.
With `--record`, what was looked at and with which result is written to `tests/reality/checked.toml` and to the tables of
`docs/accuracy.md`.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[1]
REALITY = ROOT / "tests" / "reality"
sys.path[:0] = [str(ROOT / "src"), str(REALITY.parent)]

from reality.claims import DATA, File, Told, files, instead_names, read_toml  # noqa: E402 (the path comes first)
from reality.record import ADVICE, Row, row, write_record, write_tables  # noqa: E402
from reality.seen import RECIPES  # noqa: E402
from reality.typeshed import PLACES, in_typeshed, is_module  # noqa: E402

OLDEST_PYTHON = (3, 10)
OF_THE_REPOSITORY = ("--deselect", "test_schema.py", "--deselect", "test_record.py")
"""Tests that say nothing of an environment."""
TOO_LONG = 1200
"""For the tests of one environment, in seconds: what is called in a recipe may never come back."""
TOOLS = ("pytest", "msgspec", "typeshed_client", "tomli; python_version < '3.11'")
INSTALL = read_toml(REALITY / "install.toml")


@dataclass(frozen=True)
class Job:
    """One environment: what is installed there and which files of the catalogue are checked in it."""

    label: str
    version: str
    """Which of the versions that matter, as versions.toml and checked.toml have it."""
    pythons: tuple[str, ...]
    """Interpreters to make it with: the first that all can be installed on."""
    requirements: tuple[str, ...]
    files: tuple[str, ...]
    options: tuple[str, ...] = ()
    release: str = ""
    """The library's own version."""


@dataclass(frozen=True)
class Outcome:
    """What a job found, for each file and test; or why it could not be run."""

    job: Job
    told: tuple[Told, ...] = ()
    failure: str | None = None

    @property
    def wrong(self) -> bool:
        return any(told.wrong for told in self.told)

    @property
    def line(self) -> str:
        names = [f"{name} ({why})" for told in self.told for name, why in sorted(told.wrong.items())]
        return f"{self.job.label}: {self.failure or '; '.join(dict.fromkeys(names)) or 'ok'}"

    def rows(self) -> dict[str, Row]:
        """What is worth a record, by file of the catalogue."""
        of_file: dict[str, list[Told]] = {name: [] for name in self.job.files}
        for told in self.told:
            of_file[told.file].append(told)
        return {name: row(told, self.job.release, self.failure or "") for name, told in of_file.items()}


def jobs(known: Sequence[File], interpreters: dict[str, str], libraries_on: str) -> Iterator[Job]:
    """The standard library on each Python, each library's lowest and newest version, and all that `instead` names."""
    stdlib = tuple(f.name for f in known if f.library.distribution is None)
    if stdlib:
        for version, python in interpreters.items():
            yield Job(f"Python {version} ({len(stdlib)} files)", version, (python,), (), stdlib)
    newest_first = list(reversed(interpreters.values()))
    pythons = tuple(dict.fromkeys([libraries_on, *newest_first]))
    for file in known:
        if file.library.distribution and file.library.versions:
            for end, version in zip(("lowest", "newest"), file.library.versions, strict=True):
                exact = (f"{file.library.distribution}=={version}", *beside(file.name, end))
                yield Job(f"{file.name} {version}", end, pythons, exact, (file.name,), release=version)
    tops = {name.partition(".")[0] for f in known for name, _ in instead_names(f.library)} - sys.stdlib_module_names
    if tops:
        provides = providers(known) | INSTALL["provides"]
        packages = tuple(sorted({provides.get(top, top) for top in tops}.union(*INSTALL["with"].values())))
        with_advice = tuple(f.name for f in known if any(instead_names(f.library)))
        only_advice = ("--instead", "-k", "test_instead")
        yield Job("advice", ADVICE, tuple(newest_first) or pythons, packages, with_advice, only_advice)


def recipe_jobs(known: Sequence[File], interpreters: dict[str, str]) -> Iterator[Job]:
    """The recipes of each library, in the newest version that a Python takes, on each Python."""
    for file in known:
        if file.library.distribution and file.library.versions and (RECIPES / f"{file.name}.toml").exists():
            newest = file.library.versions[1]
            wanted = (f"{file.library.distribution}<={newest}", *beside(file.name, "newest"))
            for version, python in interpreters.items():
                label, only = f"{file.name} on Python {version}", ("-k", "test_seen_to_block")
                yield Job(label, f"newest on {version}", (python,), wanted, (file.name,), only, newest)


def beside(name: str, end: str) -> list[str]:
    """What is installed for a file of the catalogue beside its own distribution."""
    return [package for table in ("with", "recipes", end) for package in INSTALL[table].get(name, ())]


def providers(known: Sequence[File]) -> dict[str, str]:
    """The distribution of each module that has a file in the catalogue."""
    first = {f.library.modules[0]: f.library.distribution for f in known if f.library.distribution}
    others = {m: f.library.distribution for f in known if f.library.distribution for m in f.library.modules}
    return {module.partition(".")[0]: distribution for module, distribution in (others | first).items()}


def run(job: Job, folder: Path, data: Path, options: Sequence[str]) -> Outcome:
    """Makes the job's environment, if it is not there yet, and runs the reality tests in it."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    installed, wanted = folder / "installed.txt", "\n".join((*job.pythons[:1], *TOOLS, *job.requirements))
    if folder.exists() and not (installed.exists() and installed.read_text(encoding="utf-8") == wanted):
        shutil.rmtree(folder)
    if not installed.exists() and (failure := _install(job, folder, python)):
        shutil.rmtree(folder, ignore_errors=True)
        return Outcome(job, failure=f"could not install: {failure}")
    installed.write_text(wanted, encoding="utf-8")
    report = folder / "told.jsonl"
    report.unlink(missing_ok=True)
    chosen = [x for name in job.files for x in ("--library", name)]
    plain = ["-q", "-c", os.devnull, "--rootdir", str(REALITY), "-p", "no:cacheprovider", *OF_THE_REPOSITORY]
    ours = ["--data", str(data), "--told-to", str(report), *chosen, *job.options, *options]
    try:
        done = _run([str(python), "-m", "pytest", str(REALITY), *plain, *ours], timeout=TOO_LONG)
    except subprocess.TimeoutExpired:
        return Outcome(job, failure=f"the tests took more than {TOO_LONG} s")
    lines = report.read_bytes().splitlines() if report.exists() else []
    outcome = Outcome(job, tuple(msgspec.json.decode(line, type=Told) for line in lines))
    if done.returncode and not outcome.wrong:
        return Outcome(job, failure=f"the tests broke: {_last_line(done)}")
    return outcome


def run_and_forget(job: Job, folder: Path, data: Path, options: Sequence[str]) -> Outcome:
    """The same, and the environment is removed: some hundred of them fill a disk."""
    try:
        return run(job, folder, data, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _install(job: Job, folder: Path, python: Path) -> str | None:
    """Why it cannot be installed on the first interpreter; None if it can on that or another."""
    failures = []
    for interpreter in job.pythons:
        make, fill = [interpreter, "-m", "venv", str(folder)], [str(python), "-m", "pip", "install", "-q"]
        if uv := shutil.which("uv"):
            make, fill = [uv, "venv", "-q", "-p", interpreter, str(folder)], [uv, "pip", "install", "-q", "--python", str(python)]
        if not (done := _run(make)).returncode and not (done := _run([*fill, *TOOLS, *job.requirements])).returncode:
            return None
        failures.append(_last_line(done))
        shutil.rmtree(folder, ignore_errors=True)
    return failures[0]


def _run(command: Sequence[str], timeout: float | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=timeout)


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [x.strip() for x in (done.stderr.strip() or done.stdout).splitlines() if x.strip()]
    return next((x for x in reversed(lines) if "rror" in x), lines[-1] if lines else f"exit {done.returncode}")


def interpreters(asked: Sequence[str]) -> dict[str, str]:
    """Supported Pythons by version: the ones named, else those on PATH and in pyenv, one of each minor version."""
    paths = list(asked) or [p for minor in range(10, 30) if (p := shutil.which(f"python3.{minor}"))]
    if not asked:
        pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        paths += [sys.executable, *map(str, sorted(pyenv.glob("3.*/bin/python")))]
    found: dict[str, str] = {}
    for path in paths:
        with contextlib.suppress(OSError, ValueError):
            script = "import sys; print('{}.{}'.format(*sys.version_info))"
            version = subprocess.run([path, "-c", script], capture_output=True, text=True, check=False).stdout.strip()
            if tuple(map(int, version.split("."))) >= OLDEST_PYTHON:
                found.setdefault(version, path)
    return dict(sorted(found.items(), key=lambda item: tuple(map(int, item[0].split(".")))))


def write_versions(outcomes: Sequence[Outcome], known: Sequence[File]) -> None:
    """Writes tests/reality/versions.toml: names that some of a file's environments lack and others, or typeshed, have."""
    stdlib = {f.name for f in known if f.library.distribution is None}
    ran: dict[str, set[str]] = {}
    lacked: dict[str, dict[str, set[str]]] = {}
    for outcome in outcomes:
        if outcome.failure or outcome.job.version == ADVICE:
            continue
        for file in outcome.job.files:
            ran.setdefault(file, set()).add(outcome.job.version)
        for told in outcome.told:
            if told.test in ("test_names", "test_stubs", "test_alias_ends", "test_instead"):
                for name in (n for n, why in told.wrong.items() if told.file in stdlib or not why.startswith("import of ")):
                    lacked.setdefault(told.file, {}).setdefault(name, set()).add(outcome.job.version)
    path = REALITY / "versions.toml"
    tables: dict[str, dict[str, set[str]]] = {f: names for f, names in read_toml(path).items() if f not in ran}
    for file, names in lacked.items():
        there = {n: ran[file] - without or (_elsewhere(n) if file in stdlib else set()) for n, without in names.items()}
        some = {n: places for n, places in there.items() if places}
        tables[file] = {n: p for n, p in some.items() if not any(n.startswith(m + ".") and some[m] == p for m in some)}
    text = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    for file, rows in sorted(tables.items()):
        if rows:
            in_order = {name: sorted(places, key=lambda v: (len(v), v)) for name, places in sorted(rows.items())}
            text += ["", f"[{file}]", *(f'"{name}" = {json.dumps(places)}' for name, places in in_order.items())]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def _elsewhere(name: str) -> set[str]:
    """The first place where typeshed has a name that no Python at hand has."""
    return set([p for p in PLACES if in_typeshed(name, p) or is_module(name, p)][:1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", action="append", default=[], help="file of the catalogue, without .toml (repeatable)")
    parser.add_argument("--python", action="append", default=[], help="interpreter for the standard library (repeatable)")
    parser.add_argument("--libraries-on", default=sys.executable, help="interpreter for everything else")
    parser.add_argument("--data", type=Path, default=DATA, help="the catalogue's folder")
    parser.add_argument("--keep", type=Path, help="folder to make the environments in and leave them there, for the next run")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="environments at a time")
    parser.add_argument("--recipes", action="store_true", help="the libraries' recipes alone, on every interpreter")
    parser.add_argument("--record", action="store_true", help="write what was looked at to tests/reality and docs/accuracy.md")
    parser.add_argument("--write-versions", action="store_true", help="write tests/reality/versions.toml anew (all files)")
    arguments = parser.parse_args()
    broken: dict[str, str] = {}
    known = files(arguments.data, any_version=arguments.write_versions, broken=broken)
    for name, why in broken.items():
        print(f"{name}: does not decode: {why}")
    known = [f for f in known if not arguments.library or f.name in arguments.library]
    options = ["--any-version"] if arguments.write_versions else []
    with contextlib.ExitStack() as stack:
        home = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="catalogue-")))
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(arguments.jobs))
        pythons = interpreters(arguments.python)
        todo = list(recipe_jobs(known, pythons) if arguments.recipes else jobs(known, pythons, arguments.libraries_on))
        folders = [home.resolve() / f"{job.label} {job.version}".replace(" ", "-") for job in todo]
        outcomes = []
        one = run if arguments.keep else run_and_forget
        check = functools.partial(one, data=arguments.data.resolve(), options=options)
        for outcome in pool.map(check, todo, folders):
            print(outcome.line, flush=True)
            outcomes.append(outcome)
    if arguments.write_versions:
        write_versions(outcomes, known)
    if arguments.record:
        found: dict[str, dict[str, Row]] = defaultdict(dict)
        for outcome in outcomes:
            for name, result in outcome.rows().items():
                found[name][outcome.job.version] = result
        write_record(found, known)
        write_tables()
    return int(bool(broken) or any(o.failure or o.wrong for o in outcomes))


if __name__ == "__main__":
    sys.exit(main())
