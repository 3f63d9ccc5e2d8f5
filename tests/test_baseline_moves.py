"""`baseline update` follows what is renamed or moved one to one, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from baselines import create, entries, gate, new, project, text, update
from nosyncio.gate import Outcome

FILES = {
    "app/__init__.py": "",
    "app/store.py": """\
    import json
    import time

    class Store:
        def load(self, name):
            with open(name) as file:
                return json.load(file)

        def wait(self):
            time.sleep(1)
    """,
    "app/service.py": """\
    import time

    from app.store import Store

    class Service:
        def __init__(self):
            self.store = Store()

        async def run(self):
            time.sleep(2)
            time.sleep(3)
            return self.store.load("a")

        async def stop(self):
            self.store.wait()
    """,
    "app/other.py": """\
    import time

    from app.store import Store

    async def poll(store: Store):
        store.wait()
        time.sleep(4)
    """,
}
HOW_MANY = 6


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project(tmp_path, FILES)
    assert create(tmp_path).entries == HOW_MANY
    return tmp_path


def rename(folder: Path, old: str, new: str) -> None:
    target = folder / new
    target.parent.mkdir(parents=True, exist_ok=True)
    (folder / old).rename(target)


def rewrite(folder: Path, old: str, new: str, *files: str) -> None:
    """Replace words in files, all where none are named."""
    for path in [folder / file for file in files] or folder.rglob("*.py"):
        path.write_text(path.read_text().replace(old, new))


def assert_all_moved(folder: Path, moved: int) -> None:
    """Nothing lost, nothing left: `moved` entries have another place, and the gate holds."""
    before = text(folder)
    change = update(folder)
    assert (change.entries, change.gone, change.moved, change.unknown) == (HOW_MANY, 0, moved, 0)
    assert gate(folder).outcome is Outcome.HOLDS
    assert text(folder) != before
    update(folder)
    assert len(entries(folder)) == HOW_MANY


def test_a_file_with_loop_code(folder: Path) -> None:
    rename(folder, "app/service.py", "app/services.py")
    assert_all_moved(folder, 4)


def test_a_file_at_the_end_of_chains(folder: Path) -> None:
    """Its entries stand in other files, and the names of what they call change, too."""
    rename(folder, "app/store.py", "app/json_store.py")
    rewrite(folder, "app.store", "app.json_store")
    assert_all_moved(folder, 3)


def test_a_folder(folder: Path) -> None:
    rename(folder, "app", "src/package")
    rewrite(folder, "app.", "package.")
    assert_all_moved(folder, HOW_MANY)


def test_a_function_and_a_method(folder: Path) -> None:
    rewrite(folder, "poll", "poll_once")
    rewrite(folder, "run", "start")
    rewrite(folder, "load", "read")
    assert_all_moved(folder, 5)


def test_a_class(folder: Path) -> None:
    rewrite(folder, "Service", "Worker")
    rewrite(folder, "Store", "Cache")
    assert_all_moved(folder, 5)


def test_a_function_to_another_file(folder: Path) -> None:
    body = (folder / "app/other.py").read_text()
    (folder / "app/other.py").write_text("")
    (folder / "app/polling.py").write_text(body)
    assert_all_moved(folder, 2)


def test_twins_in_two_folders_go_by_their_names(tmp_path: Path) -> None:
    """What is found in them is the same; their file names tell which is which."""
    body = "import time\n\nasync def run():\n    time.sleep(1)\n"
    project(tmp_path, {"old/a.py": body, "old/b.py": body})
    create(tmp_path)
    rename(tmp_path, "old", "new")
    (tmp_path / "new/b.py").write_text(body + "    time.sleep(2)\n")
    change = update(tmp_path)
    assert (change.entries, change.moved, change.gone) == (2, 2, 0)
    assert new(tmp_path) == [("new/b.py", 5, "NSI101")]


def test_a_move_with_something_mended_and_something_added(folder: Path) -> None:
    rename(folder, "app/service.py", "app/services.py")
    rewrite(folder, "        time.sleep(3)\n", "        open('x')\n", "app/services.py")
    change = update(folder)
    assert (change.entries, change.gone, change.moved, change.unknown) == (HOW_MANY - 1, 1, 3, 1)
    assert [(path, code) for path, _, code in new(folder)] == [("app/services.py", "NSI102")]


# -------------------------------------------------------------------------------------------------------- what is no move


def test_what_is_mended_here_does_not_pay_for_what_is_added_there(folder: Path) -> None:
    rewrite(folder, "    time.sleep(4)\n", "", "app/other.py")
    rewrite(folder, "        self.store.wait()\n", "        self.store.wait()\n        time.sleep(4)\n", "app/service.py")
    change = update(folder)
    assert (change.gone, change.moved, change.unknown) == (1, 0, 1)


def test_a_copy_is_no_move(folder: Path) -> None:
    (folder / "app/copy.py").write_text((folder / "app/other.py").read_text())
    change = update(folder)
    assert (change.entries, change.moved, change.unknown) == (HOW_MANY, 0, 2)


def test_one_place_that_became_two_is_no_move(tmp_path: Path) -> None:
    body = "import time\n\nasync def run():\n    time.sleep(1)\n"
    project(tmp_path, {"a.py": body})
    create(tmp_path)
    rename(tmp_path, "a.py", "x.py")
    (tmp_path / "y.py").write_text(body)
    change = update(tmp_path)
    assert (change.entries, change.gone, change.unknown) == (0, 1, 2)


def test_another_call_in_a_renamed_function_is_new(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": "import time\n\nasync def run():\n    time.sleep(1)\n"})
    create(tmp_path)
    project(tmp_path, {"a.py": "async def start():\n    open('x')\n"})
    change = update(tmp_path)
    assert (change.entries, change.gone, change.moved, change.unknown) == (0, 1, 0, 1)


def test_another_call_in_the_same_function_is_new(tmp_path: Path) -> None:
    project(tmp_path, {"a.py": "async def run():\n    open('x')\n"})
    create(tmp_path)
    project(tmp_path, {"a.py": "import gzip\n\nasync def run():\n    gzip.open('x')\n"})
    change = update(tmp_path)
    assert (change.entries, change.gone, change.moved, change.unknown) == (0, 1, 0, 1)
