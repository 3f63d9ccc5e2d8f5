"""What the page on moving from flake8-async and ruff claims, with the real tools and the page's own configuration."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from commands import Done, run, write

DOCS = Path(__file__).parents[2] / "docs"
SUPPRESSED = (
    "import asyncio\nimport time\n\n\nasync def f() -> None:\n    time.sleep(1)  # noqa: NSI101\n    await asyncio.sleep(1)\n"
)


def block(page: str, caption: str) -> str:
    """The first file of that name on a page."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    match = re.search(rf"^```{{code-block}} \w+\n:caption: {re.escape(caption)}\n\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert match is not None, caption
    return match[1]


def reports(done: Done) -> list[tuple[int, str]]:
    """The (line, code) pairs of what a linter printed."""
    assert done.err == ""
    return [(int(line), code) for line, code in re.findall(r"^[^:\n]+:(\d+):\d+: (\w+)", done.out, re.MULTILINE)]


def ruff(folder: Path, *arguments: str) -> list[tuple[int, str]]:
    return reports(run(folder, "-m", "ruff", "check", "--no-cache", "--output-format", "concise", *arguments))


def flake8(folder: Path, *arguments: str) -> list[tuple[int, str]]:
    return reports(run(folder, "-m", "flake8", *arguments))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The lines that both report, in a folder with the page's configuration."""
    write(
        tmp_path,
        {
            "pyproject.toml": block("moving", "pyproject.toml"),
            ".flake8": block("moving", ".flake8"),
            "side_by_side.py": block("peers", "side_by_side.py"),
        },
    )
    return tmp_path


def test_a_line_is_reported_once(project: Path) -> None:
    theirs = {line for line, _ in flake8(project, "--isolated", "--select", "ASYNC2")}
    theirs |= {line for line, _ in ruff(project, "--isolated", "--select", "ASYNC2")}
    assert len(theirs) == 8
    lines = Counter(line for line, _ in flake8(project))
    assert set(lines.values()) == {1}
    assert theirs - set(lines) == {17}, "the read belongs to the open in the line before"
    assert [code for _, code in ruff(project) if code.startswith("ASYNC")] == []


def test_the_rest_of_theirs_stays_on(project: Path) -> None:
    write(project, {"busy.py": "import asyncio\n\n\nasync def f(timeout: int) -> None:\n    await asyncio.sleep(timeout)\n"})
    assert ruff(project, "busy.py") == flake8(project, "busy.py") == [(4, "ASYNC109")]


def test_without_external_ruff_takes_our_codes_for_invalid(project: Path) -> None:
    write(project, {"suppressed.py": SUPPRESSED})
    assert ruff(project, "--extend-select", "RUF100,RUF102", "suppressed.py") == []
    assert ruff(project, "--isolated", "--select", "RUF100,RUF102", "suppressed.py") == [(6, "RUF102")]


def test_ruff_has_theirs_on_by_default(project: Path) -> None:
    write(project, {"suppressed.py": SUPPRESSED})
    assert ruff(project, "--isolated", "suppressed.py") == [(6, "ASYNC251")]


def test_flake8_refuses_the_prefix_where_one_would_put_it(project: Path) -> None:
    write(project, {".flake8": "[flake8]\nextend-ignore = ASYNC2\n"})
    done = run(project, "-m", "flake8")
    assert done.code == 1
    assert "'ASYNC2' supplied to 'extend-ignore' option does not match" in done.err


def test_what_is_off_by_default_has_to_be_said_again(project: Path) -> None:
    some = "async def f() -> None:\n    return None\n"
    write(project, {".flake8": "[flake8]\ndisable = ASYNC2\nignore = E203\n", "some.py": some})
    assert "ASYNC910" in {code for _, code in flake8(project, "some.py")}
    write(project, {".flake8": f"{block('moving', '.flake8')}ignore = E203\n"})
    assert "ASYNC910" not in {code for _, code in flake8(project, "some.py")}


def test_a_wrapped_open_is_what_both_ruff_and_we_report(project: Path) -> None:
    write(
        project,
        {"wrapped.py": "import anyio\n\n\nasync def f(path: str) -> None:\n    await anyio.wrap_file(open(path)).read()\n"},
    )
    assert (5, "ASYNC230") in ruff(project, "--isolated", "--select", "ASYNC2", "wrapped.py")
    assert flake8(project, "--isolated", "--select", "ASYNC2,NSI", "wrapped.py") == [(5, "NSI102")]


def test_flake8_async_advises_against_the_package_that_we_name(project: Path) -> None:
    """The page says so. Once the catalogue names httpx2, or flake8-async stops, it need not."""
    uses = "async def f(u: str) -> None:\n    requests.get(u)\n    await httpx.AsyncClient().get(u)\n"
    write(project, {"http.py": f"import httpx\nimport requests\n\n\n{uses}"})
    assert (1, "ASYNC127") in flake8(project, "http.py")
    assert "`httpx.AsyncClient.get`" in run(project, "-m", "flake8", "--isolated", "--select", "NSI", "http.py").out
