"""`nosyncio history` on repositories of all sorts: what it makes of them, what it refuses, and what it never does."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from commands import nosyncio
from histories import commit, document, history, left, refused, repository, sleeps
from repositories import Repository

STEPS = [{"a.py": sleeps(number)} for number in (3, 1, 4, 2)]


def cloned(made: Repository, folder: Path, *options: str) -> Path:
    """A clone as a server would give it."""
    made.git("config", "uploadpack.allowFilter", "true")
    made.git("clone", "--quiet", "--no-local", *options, f"file://{made.folder}", str(folder))
    return folder


def test_merges_are_followed_along_their_first_parent(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", {"a.py": sleeps(1), "b.py": ""})
    made.git("checkout", "--quiet", "-b", "feature")
    commit(made, {"b.py": sleeps(5)})
    commit(made, {"b.py": sleeps(2)})
    made.git("checkout", "--quiet", "main")
    commit(made, {"a.py": sleeps(3)})
    made.git("merge", "--quiet", "--no-edit", "feature")
    commit(made, {"a.py": sleeps(0)})
    assert left(made.folder) == [1, 3, 5, 2]
    assert document(made.folder)["notes"] == ["of 1 merge, the first parent is followed: what was merged counts from there on"]
    assert left(made.folder, "--until", "feature") == [1, 6, 3]
    assert document(made.folder, "--until", "feature")["notes"] == []


def test_where_it_begins_and_ends(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", *STEPS)
    made.git("tag", "--annotate", "--message", "one", "v1", "HEAD~2")
    for since in ("v1", "HEAD~2", made.git("rev-parse", "--short", "v1^{commit}")):
        assert left(made.folder, "--since", since) == [1, 4, 2]
    assert left(made.folder, "--since", "HEAD") == [2]
    assert left(made.folder, "--until", "v1") == [3, 1]
    assert left(made.folder, "--since", "HEAD", "--until", "v1") == [1]
    assert document(made.folder, "--since", "v1")["notes"] == []


def test_it_may_begin_with_what_was_never_on_the_line(tmp_path: Path) -> None:
    """A release from a branch of its own: what is new since then begins where the two part."""
    made = repository(tmp_path / "past", *STEPS[:2])
    made.git("checkout", "--quiet", "-b", "release")
    commit(made, {"b.py": sleeps(7)})
    made.git("tag", "v1")
    made.git("checkout", "--quiet", "main")
    commit(made, STEPS[2])
    commit(made, STEPS[3])
    found = document(made.folder, "--since", "v1")
    assert [item["counts"]["left"] for item in found["commits"]] == [1, 4, 2]
    assert found["notes"] == ["v1 is none of these commits: they begin where the two part"]


def test_dates_do_not_decide_about_the_order(tmp_path: Path) -> None:
    made = Repository(tmp_path / "past", tmp_path)
    for step, year in zip(STEPS, (2020, 2001, 2030, 1999)):
        commit(made, step, f"{year}-12-31T23:30:00-0100")
    made.git("checkout", "--quiet", "-b", "release", "HEAD~2")
    commit(made, {"b.py": sleeps(1)}, "1980-01-01T00:00:00Z")
    made.git("checkout", "--quiet", "main")
    found = history(made.folder)
    assert [item["counts"]["left"] for item in found] == [3, 1, 4, 2]
    assert [item["date"] for item in found] == [f"{year}-01-01T00:30:00Z" for year in (2021, 2002, 2031, 2000)]
    assert left(made.folder, "--since", "release") == [1, 4, 2]


def test_a_shallow_clone_says_where_it_ends(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", *STEPS)
    folder = cloned(made, tmp_path / "shallow", "--depth", "2")
    found = document(folder)
    assert [item["counts"]["left"] for item in found["commits"]] == [4, 2]
    assert found["commits"][0]["change"] is None
    first = found["commits"][0]["revision"]
    assert found["notes"] == [f"the clone is shallow: what came before {first[:10]} is not in it"]
    assert found["notes"][0] in nosyncio(folder, "history").out
    assert document(folder, "--since", "HEAD")["notes"] == []
    assert "there is no commit 'HEAD~2'" in refused(folder, "--since", "HEAD~2")
    assert document(cloned(made, tmp_path / "whole"))["notes"] == []


def test_a_bare_clone_is_counted_by_its_own_configuration(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", *STEPS, {"tests/a.py": sleeps(5)})
    assert left(cloned(made, tmp_path / "plain.git", "--bare")) == [3, 1, 4, 2, 7]
    commit(made, {"pyproject.toml": '[tool.nosyncio]\nexclude = ["tests/"]\n'})
    bare = cloned(made, tmp_path / "bare.git", "--bare")
    assert left(bare) == [3, 1, 4, 2, 2, 2]
    assert left(bare, "--exclude", "a.py") == [0, 0, 0, 0, 0, 0]
    assert left(bare, "--isolated") == [3, 1, 4, 2, 7, 7]
    commit(made, {"pyproject.toml": "[tool.nosyncio]\nexclud = []\n"})
    broken = cloned(made, tmp_path / "broken.git", "--bare")
    assert "HEAD:pyproject.toml: unknown key 'exclud'" in refused(broken)


def test_a_linked_work_tree(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", *STEPS)
    made.git("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "linked"), "HEAD~1")
    assert left(tmp_path / "linked") == [3, 1, 4]


def test_objects_that_are_named_by_sha_256(tmp_path: Path) -> None:
    made = Repository(tmp_path / "past", tmp_path)
    shutil.rmtree(made.folder / ".git")
    made.git("init", "--quiet", "--object-format=sha256")
    for step in STEPS:
        commit(made, {f"package/{name}": text for name, text in step.items()})
    assert left(made.folder) == [3, 1, 4, 2]
    assert len(history(made.folder)[0]["revision"]) == 64


def test_submodules_are_said(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"b.py": sleeps(9)})
    made = repository(tmp_path / "past", {"a.py": sleeps(1)})
    made.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "vendored/inner")
    commit(made, {})
    assert left(made.folder) == [1, 1]
    assert document(made.folder)["notes"] == ["submodules are not looked into: vendored/inner"]
    assert document(made.folder, "--exclude", "vendored")["notes"] == []


def test_links_are_not_followed_out_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(sleeps(5))
    made = repository(tmp_path / "past", {"a.py": sleeps(1)})
    (made.folder / "up.py").symlink_to("../outside.py")
    (made.folder / "root.py").symlink_to(tmp_path / "outside.py")
    commit(made, {})
    assert left(made.folder) == [1, 1]
    blind = history(made.folder)[1]["counts"]["not_analysed"]
    reason = "a link that leads nowhere in the repository"
    assert blind == [{"path": path, "line": None, "reason": reason} for path in ("root.py", "up.py")]


def test_what_a_partial_clone_has_left_out_is_a_gap(tmp_path: Path) -> None:
    """It is not fetched, whatever the repository says of how to."""
    made = repository(tmp_path / "past", *({**step, "b.py": ""} for step in STEPS))
    folder = cloned(made, tmp_path / "partial", "--filter=blob:none")
    marker = tmp_path / "fetched"
    for arguments in (
        ["remote.origin.uploadpack", f"touch {marker}; git-upload-pack"],
        ["protocol.allow", "always"],
        ["protocol.file.allow", "always"],
    ):
        made.git("-C", str(folder), "config", *arguments)
    found = history(folder)
    gap = "of 2 files, the content of 1 is not in the repository, which is a partial clone or damaged"
    assert [item["gap"] for item in found] == [gap, gap, gap, None]
    assert found[3]["counts"]["left"] == 2
    assert "not known: of 2 files" in nosyncio(folder, "history").out
    assert not marker.exists()
    treeless = cloned(made, tmp_path / "treeless", "--filter=tree:0", "--no-checkout")
    done = nosyncio(treeless, "history")
    assert done.code == 2
    assert "not known: one of its folders is not in the repository" in done.out
    assert "4 commits could not be looked at" in done.out
    made.git("-C", str(folder), "cat-file", "-e", "HEAD~3:a.py")
    assert marker.exists()  # git itself would have


def test_nothing_that_a_repository_configures_is_run(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", *STEPS, {".gitattributes": "*.py diff=evil filter=evil\n"})
    marker = tmp_path / "ran"
    evil = f"touch {marker} #"
    for name in (
        *("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass", "core.gitProxy", "gpg.program"),
        *("diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.smudge", "filter.evil.clean"),
        *("pager.rev-list", "pager.cat-file", "alias.rev-list", "alias.cat-file", "log.showSignature", "credential.helper"),
    ):
        made.git("config", name, "true" if name == "log.showSignature" else evil)
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman"):
        script = made.folder / ".git" / "hooks" / hook
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!/bin/sh\ntouch {marker}\n")
        script.chmod(0o755)
    marker.unlink(missing_ok=True)
    assert left(made.folder) == [3, 1, 4, 2, 2]
    assert not marker.exists()
    made.run("git", "status")
    assert marker.exists()  # the trap is set


def test_replaced_commits_are_seen_as_they_are(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", *STEPS)
    made.git("replace", "HEAD~1:a.py", "HEAD~3:a.py")
    assert made.git("show", "HEAD~1:a.py").count("sleep") == 3
    assert left(made.folder) == [3, 1, 4, 2]


@pytest.mark.parametrize(
    "arguments", [["--since", "gone"], ["--until", "gone"], ["--since", "-x"], ["--since", "HEAD:a.py"], ["--since", ""]]
)
def test_a_revision_that_there_is_not(tmp_path: Path, arguments: list[str]) -> None:
    made = repository(tmp_path / "past", *STEPS)
    assert refused(made.folder, *arguments) == f"nosyncio: there is no commit {arguments[1]!r} in the repository\n"


def test_what_cannot_be_looked_at(tmp_path: Path) -> None:
    made = Repository(tmp_path / "unborn", tmp_path)
    made.write({"a.py": sleeps(1)})
    assert refused(made.folder) == "nosyncio: there is no commit yet on the branch that is checked out\n"
    (tmp_path / "none").mkdir()
    assert "not a git repository" in refused(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    assert "there is no git to be found" in refused(made.folder, PATH=str(tmp_path / "empty"))
    other = repository(tmp_path / "past", *STEPS)
    other.git("checkout", "--quiet", "--orphan", "orphan")
    commit(other, {})
    assert refused(other.folder, "--since", "main") == "nosyncio: main and HEAD have no commit in common\n"
    if os.geteuid() == 0:
        shutil.chown(other.folder, "nobody")
        shutil.chown(other.folder / ".git", "nobody")
        assert "dubious ownership" in refused(other.folder)


def test_a_damaged_repository(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", *STEPS)
    names = [made.git("rev-parse", revision) for revision in ("HEAD~1:a.py", "HEAD~2^{tree}")]
    for name in names:
        file = made.folder / ".git" / "objects" / name[:2] / name[2:]
        file.chmod(0o644)
        file.write_bytes(b"damaged")
    assert left(made.folder) == [3, None, None, 2]


def tree(made: Repository, *entries: str, literally: bool = False) -> str:
    """A tree of lines as `git ls-tree` prints them."""
    done = subprocess.run(
        ["git", "mktree", "--missing"], cwd=made.folder, input="\n".join(entries).encode(), capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def test_trees_that_no_disk_would_hold(tmp_path: Path) -> None:
    """Nested deeper than a path can say, or many times the same few."""
    made = repository(tmp_path / "past", {"a.py": sleeps(1)})
    deep = wide = made.git("rev-parse", "HEAD^{tree}")
    for _ in range(5000 // 50):
        for _ in range(3):
            deep = tree(made, f"040000 tree {deep}\td")
    for _ in range(8):
        wide = tree(made, *(f"040000 tree {wide}\td{number}" for number in range(9)))
    for top in (deep, wide):
        made.git("update-ref", "HEAD", made.git("commit-tree", "-m", "trap", "-p", "HEAD", top))
    assert [item["gap"] for item in history(made.folder)] == [
        None,
        "its folders are nested more than 100 deep",
        "its folders hold more than 1000000 files",
    ]


def test_a_blob_that_nobody_has_written(tmp_path: Path) -> None:
    made = repository(tmp_path / "past", {"a.py": sleeps(1), "b.py": "#" * (17 << 20)}, {"b.py": sleeps(1)})
    first, second = history(made.folder)
    assert first["counts"]["left"] == 1
    assert [item["reason"] for item in first["counts"]["not_analysed"]] == ["has 17825792 bytes, more than anybody writes"]
    assert second["counts"]["left"] == 2
