"""Git repositories that tests make, with pre-commit in them as its users have it, and nothing of the user's own git set-up."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from commands import Done, write

ROOT = Path(__file__).parent.parent
CONFIG = ".pre-commit-config.yaml"
_DATE = "2001-02-03T04:05:06Z"


def environment(home: Path) -> dict[str, str]:
    """What git and pre-commit run with: `home` is where pre-commit keeps the hooks' environments."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT")) and name != "SKIP"}
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _IDENTITY.items()}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**kept, **who, **alone, "PRE_COMMIT_HOME": str(home), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


_IDENTITY = {"NAME": "Test", "EMAIL": "test@localhost", "DATE": _DATE}


class Repository:
    """A repository in `folder`, which is made."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self._environment = environment(home)
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch", "main")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        write(self.folder, files)

    def use(self, source: Repository, *hooks: str) -> None:
        """Have these hooks of the repository `source`, as `pre-commit install` gives them, in a first commit."""
        repo = {"repo": str(source.folder), "rev": source.head, "hooks": [{"id": hook} for hook in hooks]}
        self.write({CONFIG: json.dumps({"repos": [repo]})})  # JSON is YAML
        self.git("add", CONFIG)
        self.git("commit", "--quiet", "--message", "hooks")
        assert self.pre_commit("install", "--hook-type", "pre-commit", "--hook-type", "pre-merge-commit").code == 0

    def run(self, *command: str) -> Done:
        """Run a command in the repository. Whatever happens, there is no traceback."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=300,
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in out + err, out + err
        return Done(done.returncode, out, err)

    def git(self, *arguments: str) -> str:
        """What a git command prints that must not fail."""
        done = self.run("git", *arguments)
        assert done.code == 0, (arguments, done)
        return done.out.strip()

    def pre_commit(self, *arguments: str) -> Done:
        return self.run(sys.executable, "-m", "pre_commit", *arguments)

    def commit(self, *files: str) -> Done:
        """Try to commit `files`, or what is staged if none are given; the hooks' output is in `err`."""
        if files:
            self.git("add", "--all", "--", *files)
        return self.run("git", "commit", "--quiet", "--message", "change")

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")


def snapshot(folder: Path, home: Path) -> Repository:
    """A repository in `folder` with one commit: this project as it stands on disk. The same files give the same commit."""
    repository = Repository(folder, home)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    repository.git("add", "--all", "--force")
    repository.git("commit", "--quiet", "--message", "snapshot")
    return repository
