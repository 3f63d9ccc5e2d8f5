"""Environments for tests: folders of packages as an installer leaves them, made by hand from a few lines of code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commands import write
from nosyncio.config import Located, from_table, key_of
from nosyncio.model import Finding, Report
from nosyncio.run import check

PACKAGES = ".venv/lib/python3.11/site-packages"


def environment(root: Path, files: Mapping[str, str | bytes], *distributions: tuple[str, str, str], home: str = ".venv") -> Path:
    """An environment below `root` with `files` in its folder of packages, which is given. `distributions`: name, version, and the
    top-level module that each installed."""
    folder = root / PACKAGES.replace(".venv", home)
    write(root / home, {"pyvenv.cfg": "home = /usr/bin\nversion = 3.11.7\n"})
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, files)
    for name, version, top in distributions:
        listed = [path for path in files if path.split("/")[0] == top or path == f"{top}.py"]
        record = "".join(f"{path},,\n" for path in listed)
        write(folder / f"{name}-{version}.dist-info", {"METADATA": f"Name: {name}\nVersion: {version}\n", "RECORD": record})
    return folder


def report(root: Path, *, statistics: bool = False, **options: Any) -> Report:
    """What a check of `root` says, with calls followed. `options` are those of `[tool.nosyncio]`, with underscores."""
    table = {key_of(name): value for name, value in ({"follow": True} | options).items()}
    return check(Located(from_table(table, "options"), root, is_project=True), [root], base=root, statistics=statistics)


def found(root: Path, app: str, packages: Mapping[str, str], **options: Any) -> list[Finding]:
    """The findings in the module `app.py`, beside an environment with these files in its folder of packages."""
    write(root, {"app.py": app})
    environment(root, packages, ("acme_sdk", "1.2.0", "acme_sdk"))
    return list(report(root, **options).findings)


def ends(findings: list[Finding]) -> list[tuple[int, str, str, str]]:
    """For each finding its line, its code, the blocking call, and where that stands."""
    return [
        (item.span.line, item.code, item.leaves[0].callee if item.leaves else item.callee or "", _place(item))
        for item in findings
    ]


def _place(finding: Finding) -> str:
    hop = finding.chain[-1] if finding.chain else None
    return f"{finding.path}:{finding.span.line}" if hop is None else f"{hop.path}:{hop.span.line}"
