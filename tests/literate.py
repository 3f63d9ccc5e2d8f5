"""Pages that are run. A code block with a caption is a file; a `console` block is a session in the folder of these files, whose
commands stand behind `$ ` and are followed by what they print. `<!-- folder: NAME -->` begins anew with a copy of that folder of
the repository. `python tests/literate.py PAGE ...` writes the output anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```(?:\{code-block\} )?(?P<language>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FOLDER = re.compile(r"^<!-- folder: (\S+) -->$", re.MULTILINE)
_OPTIONS = re.compile(r"\A(?:^:[\w-]+:.*\n)+\n?", re.MULTILINE)
_CAPTION = re.compile(r"^:caption: (.+)$", re.MULTILINE)


def performed(text: str, folder: Path, programs: Path) -> str:
    """The page with the output of its sessions as it is. Its files are written to `folder`, its commands looked for in `programs`
    first. Raises AssertionError for a command that ends with anything but 0 or 1, or with a traceback."""
    folder.mkdir(exist_ok=True)
    parts = _FOLDER.split(text)
    done = _in_folder(parts[0], folder, programs)
    for name, part in zip(parts[1::2], parts[2::2]):
        shutil.rmtree(folder)
        shutil.copytree(ROOT / name, folder, ignore=shutil.ignore_patterns("__pycache__"))
        done += f"<!-- folder: {name} -->{_in_folder(part, folder, programs)}"
    return done


def _in_folder(text: str, folder: Path, programs: Path) -> str:
    return _BLOCK.sub(lambda match: _perform(match, folder, programs), text)


def commands(text: str) -> list[str]:
    """The commands of a page's sessions."""
    return [command for match in _BLOCK.finditer(text) if match["language"] == "console" for command in _commands(match["body"])]


def _perform(match: re.Match[str], folder: Path, programs: Path) -> str:
    body = match["body"]
    if match["language"] == "console":
        output = "".join(f"$ {command}\n{_run(command, folder, programs)}" for command in _commands(body))
        return f"```console\n{output}```"
    options = _OPTIONS.match(body)
    caption = _CAPTION.search(options[0]) if options else None
    if options and caption:
        path = folder / caption[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body[options.end() :], encoding="utf-8")
    return match[0]


def _commands(body: str) -> Iterator[str]:
    return (line[2:] for line in body.splitlines() if line.startswith("$ "))


def _run(command: str, folder: Path, programs: Path) -> str:
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100"}
    environment.pop("FORCE_COLOR", None)
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode in (0, 1), f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = Path(name)
        with tempfile.TemporaryDirectory() as scratch:
            text = performed(page.read_text(encoding="utf-8"), Path(scratch) / "page", Path(sys.executable).parent)
        page.write_text(text, encoding="utf-8")
