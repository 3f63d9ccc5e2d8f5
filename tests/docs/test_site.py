"""The documentation's site: it builds without a warning, its links lead somewhere, and it asks nobody else for anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from docsite import derived
from nosyncio import rules
from site_links import Page, broken, in_style, third_parties

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `.ci/run` does."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-E", "-b", "dirhtml", "-d", str(folder / "doctrees")]
    done = subprocess.run([*command, "docs", str(folder / "html")], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "html"


def test_every_page_is_there(site: Path) -> None:
    derived_pages = [name for name in derived(ROOT / "docs") if not name.startswith("_")]
    written = [page.name for page in (ROOT / "docs").glob("*.md")]
    assert len(derived_pages) > len(rules.codes())
    for name in (*derived_pages, *written):
        page = name.removesuffix(".md")
        assert (site / page.removesuffix("index") / "index.html").is_file(), name


def test_every_link_leads_somewhere(site: Path) -> None:
    assert broken(site) == []


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    assert third_parties(site) == []


def test_a_call_can_be_searched_for(site: Path) -> None:
    assert '"requests.session.get"' in (site / "searchindex.js").read_text(encoding="utf-8")  # looked up in small letters


def test_a_broken_link_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_text('<p id="here"><a href="#here"><a href="#no"><a href="../b/"><a href="../x.svg">')
    (tmp_path / "x.svg").touch()
    assert broken(tmp_path) == ["http://site/a/: #no", "http://site/a/: ../b/"]


def test_a_third_party_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<link rel="stylesheet" href="//cdn.example/a.css"><link rel="canonical" href="https://docs.example/">'
        '<script src="https://cdn.example/b.js"></script><a href="https://example.com">'
    )
    (tmp_path / "c.css").write_text('@import "https://fonts.example/d.css"; p { background: url(data:image/png;base64,x) }')
    assert third_parties(tmp_path) == [
        "c.css: https://fonts.example/d.css",
        "index.html: //cdn.example/a.css",
        "index.html: https://cdn.example/b.js",
    ]
    assert Page("<p>").links == in_style("p {}") == []
