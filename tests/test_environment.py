"""Where packages are found, and what is said of those that cannot be followed. Nothing of an environment is ever run."""

from __future__ import annotations

import sys
import zipfile
from importlib import resources
from pathlib import Path

import pytest

from commands import nosyncio, write
from environments import environment, report
from nosyncio.config import ConfigError
from nosyncio.environment import locate

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LOAD = "import time\n\ndef load():\n    time.sleep(1)\n"
APP = "import acme_sdk\n\nasync def main():\n    acme_sdk.load()\n"


def not_followed(root: Path, app: str = APP) -> dict[str, str]:
    """Why packages are not followed, for a project in which that hides a finding."""
    write(root, {"app.py": app})
    said = report(root, statistics=True)
    assert said.findings == ()
    assert said.statistics is not None
    return dict(said.statistics.not_followed or {})


# --------------------------------------------------------------------------------------------------------- which environment


@pytest.mark.parametrize("home", [".venv", "venv"])
def test_one_in_the_project(tmp_path: Path, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    folder = environment(tmp_path, {}, home=home)
    assert locate(tmp_path, None, {}).folders == (folder,)


def test_the_active_one_before_that(tmp_path: Path) -> None:
    environment(tmp_path, {})
    active = environment(tmp_path, {}, home="active")
    assert locate(tmp_path, None, {"VIRTUAL_ENV": str(tmp_path / "active")}).folders == (active,)


@pytest.mark.parametrize("python", ["named", "named/bin/python"])
def test_the_one_that_is_named_before_all(tmp_path: Path, python: str) -> None:
    environment(tmp_path, {}, home="active")
    named = environment(tmp_path, {}, home="named")
    write(tmp_path, {"named/bin/python": ""})
    assert locate(tmp_path, python, {"VIRTUAL_ENV": str(tmp_path / "active")}).folders == (named,)


def test_else_the_one_that_this_runs_in(tmp_path: Path) -> None:
    assert all(folder.is_relative_to(sys.prefix) for folder in locate(tmp_path, None, {}).folders)


def test_a_name_that_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="python: no such interpreter or environment: nowhere"):
        locate(tmp_path, "nowhere", {})
    write(tmp_path, {"app.py": APP})
    done = nosyncio(tmp_path, "check", "--follow", "--python", "nowhere")
    assert (done.code, done.out) == (2, "")


def test_of_several_versions_the_one_of_its_python(tmp_path: Path) -> None:
    folder = environment(tmp_path, {})
    write(tmp_path / ".venv/lib", {"python3.13/site-packages/acme_sdk.py": LOAD})
    assert locate(tmp_path, None, {}).folders == (folder,)


def test_the_packages_of_the_base(tmp_path: Path) -> None:
    folder = environment(tmp_path, {})
    base = environment(tmp_path, {}, home="base")
    (tmp_path / ".venv/pyvenv.cfg").write_text(
        f"home = {tmp_path / 'base' / 'bin'}\nversion = 3.11.7\ninclude-system-site-packages = true\n"
    )
    assert locate(tmp_path, None, {}).folders == (folder, base)


# ------------------------------------------------------------------------------------------------------------- what is in it


@pytest.mark.parametrize(
    "files",
    [
        {"acme_sdk.py": LOAD},
        {"acme_sdk/__init__.py": "from .inner import *\n", "acme_sdk/inner/__init__.py": LOAD},
        {"acme_sdk/__init__.py": LOAD, "acme_sdk/py.typed": "", "acme_sdk-stubs/__init__.pyi": "def load() -> None: ...\n"},
        {"acme_sdk/__init__.py": LOAD, "acme_sdk/__init__.pyi": "def load() -> None: ...\n"},
        {"linked.pth": "../../../../elsewhere\n", "more.pth": "# a comment\n\n./inside\n", "inside/acme_sdk.py": LOAD},
    ],
)
def test_ways_to_be_installed(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, {"app.py": APP})
    environment(tmp_path, files)
    assert [finding.code for finding in report(tmp_path).findings] == ["NSI301"]


def test_namespace_packages(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": "from acme.cloud import store\n\nasync def main():\n    store.load()\n"})
    environment(tmp_path, {"acme/cloud/store.py": LOAD, "acme/mail/__init__.py": ""})
    assert [finding.chain[-1].path for finding in report(tmp_path).findings] == ["acme/cloud/store.py"]


def test_an_editable_install_of_the_project_itself(tmp_path: Path) -> None:
    write(tmp_path, {"src/acme_sdk/__init__.py": LOAD, "tests/app.py": APP})
    environment(tmp_path, {"__editable__.acme_sdk-1.pth": f"{tmp_path / 'src'}\n"})
    (finding,) = report(tmp_path).findings
    assert [(hop.path, hop.package) for hop in finding.chain] == [("tests/app.py", None), ("src/acme_sdk/__init__.py", None)]


# ----------------------------------------------------------------------------------------------- what cannot be followed, and why


def test_no_environment_worth_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    write(tmp_path, {".venv/pyvenv.cfg": "\x00nonsense"})
    assert not_followed(tmp_path) == {"the environment": "the environment of .venv has no folder of packages"}
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "gone"))
    assert not_followed(tmp_path) == {"the environment": "VIRTUAL_ENV names a folder that is not there"}


def test_two_versions(tmp_path: Path) -> None:
    environment(tmp_path, {"acme_sdk/__init__.py": LOAD}, ("acme_sdk", "1.0", "acme_sdk"), ("acme_sdk", "2.0", "acme_sdk"))
    assert not_followed(tmp_path) == {"acme_sdk": "installed in two versions: 1.0 and 2.0"}


def test_a_syntax_error(tmp_path: Path) -> None:
    environment(tmp_path, {"acme_sdk/__init__.py": "def load(:\n"})
    (reason,) = not_followed(tmp_path).values()
    assert reason.startswith("acme_sdk/__init__.py: ")


def test_a_compiled_module(tmp_path: Path) -> None:
    environment(tmp_path, {"acme_sdk.cpython-311-x86_64-linux-gnu.so": b"\x7fELF"})
    assert not_followed(tmp_path) == {"acme_sdk": "compiled (acme_sdk.cpython-311-x86_64-linux-gnu.so, without a stub)"}


def test_stubs_alone(tmp_path: Path) -> None:
    environment(tmp_path, {"acme_sdk-stubs/__init__.pyi": "def load() -> None: ...\n"})
    assert not_followed(tmp_path) == {"acme_sdk": "stubs alone are installed"}


def test_a_package_that_shadows_the_standard_library(tmp_path: Path) -> None:
    environment(tmp_path, {"colorsys.py": LOAD})
    app = "import colorsys\n\nasync def main():\n    colorsys.load()\n"
    assert not_followed(tmp_path, app) == {"colorsys": "a module of the standard library has that name"}


def test_an_archive(tmp_path: Path) -> None:
    folder = environment(tmp_path, {"zipped.pth": "acme.egg\n"})
    with zipfile.ZipFile(folder / "acme.egg", "w") as archive:
        archive.writestr("acme_sdk/__init__.py", LOAD)
    assert not_followed(tmp_path) == {"acme_sdk": "in an archive, acme.egg"}


def test_an_import_hook(tmp_path: Path) -> None:
    hook = "import __editable___acme_sdk_finder; __editable___acme_sdk_finder.install()\n"
    trap = f"open({str(tmp_path / 'trap')!r}, 'w')\n"
    environment(tmp_path, {"__editable__.acme_sdk-1.0.pth": hook, "__editable___acme_sdk_finder.py": trap})
    assert not_followed(tmp_path) == {"acme_sdk": "an editable install behind an import hook, which is not run"}


def test_nothing_is_run(tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'trap')!r}, 'w')\n"
    files = {"acme_sdk/__init__.py": trap + LOAD, "sitecustomize.py": trap, "run.pth": f"import os; {trap}"}
    environment(tmp_path, files)
    write(tmp_path, {"app.py": APP, ".venv/bin/python": f"#!/bin/sh\ntouch {tmp_path / 'trap'}\n"})
    (tmp_path / ".venv/bin/python").chmod(0o755)
    assert [finding.code for finding in report(tmp_path, python=".venv/bin/python").findings] == ["NSI301"]
    assert not (tmp_path / "trap").exists()


def test_statistics_name_them(tmp_path: Path) -> None:
    environment(tmp_path, {"acme_sdk.cpython-311-x86_64-linux-gnu.so": b""})
    write(tmp_path, {"app.py": APP})
    done = nosyncio(tmp_path, "check", "--follow", "--statistics", "--python", ".venv")
    assert "    acme_sdk: compiled (acme_sdk.cpython-311-x86_64-linux-gnu.so, without a stub)\n" in done.out
    assert "not followed" not in nosyncio(tmp_path, "check", "--statistics").out


def test_the_page_states_the_policy() -> None:
    page = (Path(__file__).parents[1] / "docs/following.md").read_text(encoding="utf-8")
    told = tomllib.loads(resources.files("nosyncio.catalogue").joinpath("following.toml").read_text(encoding="utf-8"))
    rows = [item["reason"] for table in ("quiet", "closed") for item in told[table]]
    assert all(f"| {reason} |" in page for reason in rows)
