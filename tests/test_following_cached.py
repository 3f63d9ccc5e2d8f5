"""What is kept from run to run goes once an installed package is another: a run says what it would say for the first time."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import write
from environments import environment
from nosyncio.config import Config, Located
from nosyncio.model import Report
from nosyncio.run import check
from nosyncio.store import Store

SLEEPS = "import time\n\ndef load():\n    time.sleep(1)\n"
QUIET = "def load():\n    pass\n"
PACKAGES = {"acme_sdk/__init__.py": "from .work import load\n", "acme_sdk/work.py": SLEEPS}
PROJECT = {
    "app.py": "import acme_sdk\n\nasync def main():\n    acme_sdk.load()\n",
    "other.py": "import time\n\nasync def main():\n    time.sleep(1)\n",
}
ACME = ("acme_sdk", "1.2.0", "acme_sdk")


class Runs:
    """Runs over one project: those that keep what they found, and fresh ones."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = Store(root / "cache", b"secret")
        self.packages = environment(root, PACKAGES, ACME)
        write(root, PROJECT)

    def found(self, *, follow: bool = True) -> list[tuple[str, str | None]]:
        """The calls that block, each with the package of the last step of its chain: the same with the store as without."""
        report = self._report(self.store, follow)
        assert report == self._report(None, follow) == self._report(self.store, follow)
        return [(item.path, item.chain[-1].package if item.chain else None) for item in report.findings]

    def _report(self, store: Store | None, follow: bool) -> Report:
        located = Located(Config(follow=follow), self.root, is_project=True)
        return check(located, [self.root], base=self.root, store=store, statistics=True)


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    made = Runs(tmp_path)
    yield made
    made.store.close()


OTHER = ("other.py", None)
FOUND = ("app.py", "acme_sdk 1.2.0")


def test_an_installed_file_is_edited(runs: Runs) -> None:
    assert runs.found() == [FOUND, OTHER]
    write(runs.packages, {"acme_sdk/work.py": QUIET})
    assert runs.found() == [OTHER]
    write(runs.packages, {"acme_sdk/work.py": SLEEPS})
    assert runs.found() == [FOUND, OTHER]


def test_an_installed_file_and_one_of_the_project_are_edited(runs: Runs) -> None:
    assert runs.found() == [FOUND, OTHER]
    write(runs.packages, {"acme_sdk/work.py": QUIET})
    write(runs.root, {"other.py": "async def main(): ...\n"})
    assert runs.found() == []
    write(runs.root, {"other.py": PROJECT["other.py"]})
    assert runs.found() == [OTHER]
    write(runs.packages, {"acme_sdk/work.py": SLEEPS})
    assert runs.found() == [FOUND, OTHER]


def test_only_the_project_is_edited(runs: Runs) -> None:
    """What is not judged again hangs on packages still, and so does what the next run takes up."""
    assert runs.found() == [FOUND, OTHER]
    write(runs.root, {"other.py": "async def main(): ...\n"})
    assert runs.found() == [FOUND]
    write(runs.packages, {"acme_sdk/work.py": QUIET})
    assert runs.found() == []


def test_another_version_is_installed(runs: Runs) -> None:
    assert runs.found() == [FOUND, OTHER]
    shutil.rmtree(runs.packages / "acme_sdk-1.2.0.dist-info")
    environment(runs.root, PACKAGES, ("acme_sdk", "1.3.0", "acme_sdk"))
    assert runs.found() == [("app.py", "acme_sdk 1.3.0"), OTHER]
    environment(runs.root, PACKAGES, ACME)
    assert runs.found() == [OTHER]  # two versions: nobody knows which


def test_a_package_goes_and_comes(runs: Runs) -> None:
    assert runs.found() == [FOUND, OTHER]
    shutil.rmtree(runs.packages / "acme_sdk")
    assert runs.found() == [OTHER]
    environment(runs.root, PACKAGES, ACME)
    assert runs.found() == [FOUND, OTHER]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"acme_sdk/work.pyi": "async def load() -> None: ...\n"}, [FOUND, OTHER]),
        ({"acme_sdk-stubs/__init__.pyi": "class load: ...\n"}, [OTHER]),
        ({"acme_sdk/work/__init__.py": QUIET}, [OTHER]),
        ({"acme_sdk/load.py": ""}, [FOUND, OTHER]),
        ({"time.py": "def sleep(seconds): ...\n"}, [FOUND, OTHER]),
        ({"more.pth": "more\n", "more/acme_sdk.py": QUIET}, [FOUND, OTHER]),
    ],
    ids=["stub", "package of stubs", "folder before file", "submodule", "standard name", "folder by path"],
)
def test_a_file_comes_in_between(runs: Runs, files: dict[str, str], found: list[tuple[str, str | None]]) -> None:
    assert runs.found() == [FOUND, OTHER]
    write(runs.packages, files)
    assert runs.found() == found


def test_a_compiled_module_comes_in_between(runs: Runs) -> None:
    assert runs.found() == [FOUND, OTHER]
    (runs.packages / "acme_sdk/work.py").unlink()
    write(runs.packages, {"acme_sdk/work.cpython-311-x86_64-linux-gnu.so": b""})
    assert runs.found() == [OTHER]


def test_following_is_turned_off_and_on(runs: Runs) -> None:
    assert runs.found(follow=False) == [OTHER]
    assert runs.found() == [FOUND, OTHER]
    assert runs.found(follow=False) == [OTHER]
    write(runs.packages, {"acme_sdk/work.py": QUIET})
    assert runs.found() == [OTHER]


def test_another_environment(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    assert runs.found() == [FOUND, OTHER]
    environment(runs.root, {"acme_sdk/__init__.py": QUIET}, ACME, home="venv2")
    monkeypatch.setenv("VIRTUAL_ENV", str(runs.root / "venv2"))
    assert runs.found() == [OTHER]
    monkeypatch.delenv("VIRTUAL_ENV")
    assert runs.found() == [FOUND, OTHER]


FORKED = """
import sys
from pathlib import Path
from nosyncio import shares
from nosyncio.config import Config, Located
from nosyncio.run import check
from nosyncio.store import Store

root, packages = Path(sys.argv[1]), Path(sys.argv[2])
shares.FEWEST, shares._DEALT = 5, 1
send = shares._send
shares._send = lambda *arguments: (send(*arguments), (root / "others").touch())

def report(store=None, jobs=1):
    return check(Located(Config(follow=True), root), [root], base=root, store=store, jobs=jobs)

store = Store(root / "cache", b"secret")
assert len(report(store, 2).findings) == 20
assert (root / "others").exists()
assert report(store, 2) == report()
for number in range(20):
    (packages / f"acme{number}.py").write_text("def load(): pass\\n")
    assert len(report(store, 2).findings) == 19 - number, number
store.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process judges")
def test_others_judge_a_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    packages = environment(tmp_path, {f"acme{number}.py": SLEEPS for number in range(20)})
    write(tmp_path, {f"app{n}.py": f"import acme{n}\n\nasync def main():\n    acme{n}.load()\n" for n in range(20)})
    arguments = [sys.executable, "-W", "error", "-c", FORKED, str(tmp_path), str(packages)]
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "")
