"""What the README shows is what happens. `PYTHONPATH=tools python tests/test_readme.py` writes the derived parts anew."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from docsite import options

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


def demo_output() -> str:
    """What the demo prints."""
    command = [sys.executable, "-m", "nosyncio", "check"]
    done = subprocess.run(command, cwd=ROOT / "examples" / "service", capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout


def derived(text: str) -> str:
    """The README with its derived parts as they should be."""
    chain = next(block for block in demo_output().split("\n\n") if "NSI3" in block)
    text = re.sub(
        r"<!-- output: chain -->\n```text\n.*?```",
        lambda _: f"<!-- output: chain -->\n```text\n{chain}\n```",
        text,
        flags=re.DOTALL,
    )
    output = f"<!-- output: demo -->\n```text\n{demo_output()}```"
    text = re.sub(r"<!-- output: demo -->\n```text\n.*?```", lambda _: output, text, flags=re.DOTALL)
    table = f"<!-- options: begin -->\n\n{options.table()}\n\n<!-- options: end -->"
    return re.sub(r"<!-- options: begin -->.*?<!-- options: end -->", lambda _: table, text, flags=re.DOTALL)


def test_derived_parts_are_current() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == derived(text)


def test_toml_example_is_valid(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    (tmp_path / "pyproject.toml").write_text(example[1], encoding="utf-8")
    (tmp_path / "module.py").write_text("import acme.client\n\nasync def f():\n    acme.client.fetch()\n", encoding="utf-8")
    command = [sys.executable, "-m", "nosyncio", "check", "--output-format", "concise"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "module.py:4:5: NSI120 `acme.client.fetch` blocks the event loop in 'f'; use `acme.client.fetch_async`" in done.stdout


if __name__ == "__main__":
    README.write_text(derived(README.read_text(encoding="utf-8")), encoding="utf-8")
