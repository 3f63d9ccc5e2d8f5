"""What tests of the front ends share: files to check, and commands run as a user runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from nosyncio.config import Config, Located
from nosyncio.model import Report
from nosyncio.run import check as run_check

SLEEPS = "import time\n\nasync def main():\n    time.sleep(1)\n"
"""One NSI101, at 4:5."""


class Done(NamedTuple):
    code: int
    out: str
    err: str


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Make files below `folder`, text as UTF-8 and with the newlines as they are."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def run(folder: Path, *command: str, text: str | bytes | None = None, **environment: str) -> Done:
    """Run a Python command (`-m`, `nosyncio`, ...) in `folder`."""
    env = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "NO_COLOR", "COLUMNS")} | environment
    given = text.encode() if isinstance(text, str) else text
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=env, input=given, capture_output=True, check=False, timeout=120
    )
    return Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def nosyncio(folder: Path, *arguments: str, **environment: str) -> Done:
    """`nosyncio ARGUMENTS` in `folder`. Whatever happens, there is no traceback."""
    done = run(folder, "-m", "nosyncio", *arguments, **environment)
    assert "Traceback" not in done.err, done.err
    return done


def check(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON document of `nosyncio check`."""
    done = nosyncio(folder, "check", "--output-format", "json", *arguments)
    assert done.code in (0, 1) or done.out, done.err
    return done.code, json.loads(done.out)


def found(folder: Path, *arguments: str) -> list[tuple[str, int, int, str]]:
    """What `nosyncio check` finds: path, line, column, code."""
    findings = check(folder, *arguments)[1]["findings"]
    return [(item["path"], item["line"], item["column"], item["code"]) for item in findings]


def codes(folder: Path, *arguments: str) -> list[str]:
    """The codes that `nosyncio check` finds, in order."""
    return [code for *_, code in found(folder, *arguments)]


def flake8(folder: Path, *arguments: str, text: str | bytes | None = None) -> list[tuple[str, int, int, str]]:
    """What flake8 with the plugin finds of ours: path, line, column, code."""
    done = run(folder, "-m", "flake8", "--select", "NSI", *arguments, text=text)
    assert not done.err, done.err
    assert done.code in (0, 1), done.out
    lines = re.findall(r"^(?:\./)?(.*?):(\d+):(\d+): (\w+) ", done.out, re.MULTILINE)
    assert len(lines) == len(done.out.splitlines()), done.out
    return sorted((path, int(line), int(column), code) for path, line, column, code in lines)


def pylint(folder: Path, *arguments: str, text: str | bytes | None = None, **environment: str) -> list[tuple[str, int, int, str]]:
    """What pylint with the plugin says, of whatever is enabled: path, line, column (from 1), id."""
    command = ["-m", "pylint", "--load-plugins=nosyncio.pylint", "--score=n", "--msg-template={path}:{line}:{column}:{msg_id}:"]
    done = run(folder, *command, *arguments, text=text, **environment)
    assert "Traceback" not in done.out + done.err, done.out + done.err
    lines = [line for line in done.out.splitlines() if not line.startswith("*****")]
    found = [re.fullmatch(r"(.*?):(\d+):(\d+):(\w+):", line) for line in lines]
    assert all(found), done.out + done.err
    return sorted((match[1], int(match[2]), int(match[3]) + 1, match[4]) for match in found if match is not None)


def checked(folder: Path, *, jobs: int = 1) -> Report:
    """What a run in `folder` without configuration finds, in this process."""
    return run_check(Located(Config(), folder), [folder], base=folder, jobs=jobs)
