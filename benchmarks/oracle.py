"""Compare nosyncio with a type checker, call site by call site, on real projects.

    python benchmarks/oracle.py --cache FOLDER [--projects FOLDER] [--only NAME ...] [--list] [--update]

The type checker is pyrefly, whose `--report-pysa` says for every call which functions it may run. Into the cache folder go
pyrefly, the projects (pinned below, from the package index), their dependencies, and the reports; `--projects` takes unpacked
projects, each in a folder of its name, instead. Compared are the calls and property reads and writes in loop code and in the
sync functions that it reaches, by either's call graph, where the type checker knows a function of the project or a name that
the catalogue has an entry for. `--list` prints every site that is not the same; `--update` writes the tables to
docs/accuracy.md.

Exit code 0: at least 90 % resolved and fewer than 1 % disagreeing, over all projects. 1: not so. 2: a tool failed.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from call_sites import RESOLVED, Compared, Comparison, Lined, Outcome
from our_answers import Project
from pysa_report import PysaReport

PYREFLY = "pyrefly==1.4.1"
# The newest Python that the projects' dependencies have wheels for, and the one whose view of the standard library both tools
# take (nosyncio.analysis.build.STUB_VERSION).
WHEELS_FOR, CHECKED_AS = "3.13", "3.14"
# All that the type checker can know: bodies without annotations too, and libraries without `py.typed`.
SETTINGS = ("--preset", "default", "--check-unannotated-defs=true", "--infer-return-types", "checked")
LEAST_RESOLVED, MOST_DISAGREEING = 90.0, 1.0
DOCS = Path(__file__).resolve().parent.parent / "docs" / "accuracy.md"
BEGIN, END = "<!-- benchmarks/oracle.py: begin -->", "<!-- benchmarks/oracle.py: end -->"


@dataclass(frozen=True)
class Pinned:
    """A project in the package index; `package` is the folder that its code stands in."""

    name: str
    distribution: str
    version: str
    package: str
    sort: str


PROJECTS = (
    Pinned("chainlit", "chainlit", "2.12.0", "chainlit", "application framework"),
    Pinned("gpt_researcher", "gpt-researcher", "0.16.1", "gpt_researcher", "application"),
    Pinned("jupyter_server", "jupyter-server", "2.21.1", "jupyter_server", "application"),
    Pinned("prefect", "prefect", "3.9.1", "prefect", "application"),
    Pinned("distributed", "distributed", "2026.8.0", "distributed", "application"),
    Pinned("discord_py", "discord.py", "2.7.1", "discord", "library"),
    Pinned("mcp", "mcp", "2.3.0", "mcp", "library"),
)


class ToolError(Exception):
    """A tool could not be run, or failed."""


@dataclass(frozen=True)
class Row:
    """One project's numbers. checked, reported: the type checker's time without and with the call graph; all tools start cold."""

    pinned: Pinned
    files: int
    comparison: Comparison
    checked: float
    reported: float
    ours: float


def run(command: Sequence[str | Path], *, folder: Path | None = None, allowed: Sequence[int] = (0,)) -> float:
    """Run a command, and say how much processor time it took; its output is shown when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in allowed or (done.returncode and not done.stdout):
        raise ToolError(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# ------------------------------------------------------------------------------------------------------------------- fetching


def pyrefly(cache: Path) -> Path:
    """The type checker, installed in an environment of its own."""
    folder = cache / PYREFLY
    program = folder / ("Scripts" if sys.platform == "win32" else "bin") / "pyrefly"
    if not program.exists():
        run([sys.executable, "-m", "venv", folder])
        run([program.with_name("python"), "-m", "pip", "install", "--quiet", PYREFLY])
    return program


def fetch(pinned: Pinned, folder: Path) -> None:
    """Unpack a project's wheel, without what it depends on."""
    if not (folder / pinned.package).is_dir():
        wheels = folder.with_suffix(".wheel")
        requirement = f"{pinned.distribution}=={pinned.version}"
        run(_pip("download", "--no-deps", "--dest", wheels, requirement))
        for wheel in wheels.glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(folder)
        shutil.rmtree(wheels)


def install_dependencies(pinned: Pinned, project: Path, folder: Path) -> None:
    """Install what a project depends on: all at once, or, where the index cannot satisfy that, what there is, one by one."""
    if folder.is_dir():
        return
    metadata = next(project.glob("*.dist-info/METADATA")).read_text(encoding="utf-8")
    wanted = [line.partition(":")[2].strip() for line in metadata.splitlines() if line.startswith("Requires-Dist:")]
    wanted = [requirement for requirement in wanted if "extra ==" not in requirement.replace("'", '"')]
    made = folder.with_suffix(".part")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    install = ("install", "--no-compile", "--target", made)
    try:
        run(_pip(*install, *wanted))
    except ToolError:
        for requirement in wanted:
            name = requirement.split(";")[0].split("[")[0].split("(")[0]
            name = "".join(character if character.isalnum() or character in "-_." else " " for character in name).split()[0]
            try:
                run(_pip(*install, name))
            except ToolError:
                print(f"{pinned.name}: without {name}", file=sys.stderr)
    made.rename(folder)


def _pip(command: str, *rest: str | Path) -> list[str | Path]:
    options = ("--quiet", "--only-binary=:all:", "--python-version", WHEELS_FOR)
    return [sys.executable, "-m", "pip", command, *options, *rest]


# ------------------------------------------------------------------------------------------------------------------ comparing


def compare(pinned: Pinned, program: Path, cache: Path, root: Path, dependencies: Path) -> Row:
    """Run both tools on one project, and line up what they say."""
    report = cache / "reports" / pinned.name
    shutil.rmtree(report, ignore_errors=True)
    report.parent.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [program, "check", pinned.package, *SETTINGS, "--python-version", CHECKED_AS]
    command += ["--search-path", root, "--site-package-path", dependencies, "--skip-interpreter-query"]
    checked = run(command, folder=root, allowed=(0, 1))
    reported = run([*command, "--report-pysa", report, "--report-pysa-format", "json"], folder=root, allowed=(0, 1))
    command = [sys.executable, "-m", "nosyncio", "check", "--isolated", "--output-format", "json", pinned.package]
    ours = run(command, folder=root, allowed=(0, 1))
    project = Project(root)
    comparison = Lined(PysaReport(report, root), project).compare()
    return Row(pinned, len(project.modules), comparison, checked, reported, ours)


# ------------------------------------------------------------------------------------------------------------------ reporting


def share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def resolved(counts: Counter[Outcome]) -> float:
    return share(sum(counts[outcome] for outcome in RESOLVED), counts.total())


def tables(rows: Sequence[Row]) -> Iterator[str]:
    """The numbers, as Markdown."""
    head = ("project", "loop code / functions", "sites", "same", "fewer overrides", "a part", "more", "unresolved", "disagree")
    yield f"| {' | '.join((*head, 'resolved', 'disagreeing', 'we alone'))} |"
    yield f"| --- |{' ---: |' * (len(head) + 2)}"
    total: Counter[Outcome] = Counter()
    for row in rows:
        counts = row.comparison.counts()
        total += counts
        functions = f"{row.comparison.loop} / {row.comparison.functions}"
        yield _line(f"{row.pinned.name} {row.pinned.version}", functions, counts, row.comparison.alone)
    loop, functions = (sum(getattr(row.comparison, what) for row in rows) for what in ("loop", "functions"))
    yield _line("**all**", f"{loop} / {functions}", total, sum(row.comparison.alone for row in rows))
    yield ""
    yield "What is unresolved, a part, or in disagreement, by our reason:"
    yield ""
    yield "| sites | outcome | reason |"
    yield "| ---: | --- | --- |"
    sites = [site for row in rows for site in row.comparison.sites]
    causes = Counter((site.outcome, site.cause) for site in sites if site.outcome in _TO_EXPLAIN)
    for (outcome, cause), number in sorted(causes.items(), key=lambda item: (-item[1], item[0][0].value, item[0][1])):
        yield f"| {number} | {outcome.value} | {cause.replace('|', '/')} |"
    yield ""
    yield "Seconds of processor time, all threads and processes together, and how often ours goes into theirs:"
    yield ""
    yield "| project | files | pyrefly check | with its call graph | nosyncio check | of check | of call graph |"
    yield "| --- |" + " ---: |" * 6
    for row in rows:
        ours = row.ours
        times = f"{row.checked:.1f} | {row.reported:.1f} | {ours:.1f}"
        yield f"| {row.pinned.name} | {row.files} | {times} | {row.checked / ours:.1f} | {row.reported / ours:.1f} |"


_TO_EXPLAIN = (Outcome.UNRESOLVED, Outcome.DISAGREE, Outcome.PART, Outcome.MORE)


def _line(name: str, functions: str, counts: Counter[Outcome], alone: int) -> str:
    cells = [name, functions, str(counts.total()), *(str(counts[outcome]) for outcome in Outcome)]
    disagreeing = share(counts[Outcome.DISAGREE], counts.total())
    return f"| {' | '.join([*cells, f'{resolved(counts):.1f} %', f'{disagreeing:.2f} %', str(alone)])} |"


def listing(name: str, sites: Sequence[Compared]) -> Iterator[str]:
    """Every site that is not the same, for people to read."""
    for site in sorted(sites, key=lambda site: (site.outcome.value, site.cause, site.path, site.place)):
        if site.outcome is not Outcome.SAME:
            yield f"{name}/{site.path}:{site.place[0]}:{site.place[1]}: {site.outcome.value}: {site.cause} [{site.what.value}]"
            yield f"    {site.text}"
            yield f"    theirs: {', '.join(site.theirs)}"
            yield f"    ours:   {', '.join(site.ours)}"


def update(text: str) -> None:
    """Put the tables between the marks in the page."""
    page = DOCS.read_text(encoding="utf-8")
    if BEGIN not in page or END not in page:
        raise ToolError(f"{DOCS}: no place for the tables; it is between {BEGIN} and {END}")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    DOCS.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--projects", type=Path, metavar="FOLDER", help="where unpacked projects are")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=[pinned.name for pinned in PROJECTS])
    parser.add_argument("--list", action="store_true", help="print every site that is not the same")
    parser.add_argument("--update", action="store_true", help=f"write the tables to docs/{DOCS.name}")
    options = parser.parse_args()
    cache: Path = options.cache.resolve()
    rows: list[Row] = []
    try:
        program = pyrefly(cache)
        for pinned in PROJECTS:
            if options.only and pinned.name not in options.only:
                continue
            root = (options.projects.resolve() if options.projects else cache / "projects") / pinned.name
            if not options.projects:
                fetch(pinned, root)
            dependencies = cache / "dependencies" / pinned.name
            install_dependencies(pinned, root, dependencies)
            rows.append(compare(pinned, program, cache, root, dependencies))
            if options.list:
                print("\n".join(listing(pinned.name, rows[-1].comparison.sites)), flush=True)
        text = "\n".join(tables(rows))
        print(text)
        if options.update:
            update(text)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 2
    counts: Counter[Outcome] = sum((row.comparison.counts() for row in rows), Counter())
    good = resolved(counts) >= LEAST_RESOLVED and share(counts[Outcome.DISAGREE], counts.total()) < MOST_DISAGREEING
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
