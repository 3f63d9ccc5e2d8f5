"""How long `nosyncio history` takes: for a repository, the processor and wall time of its last commits up to a revision.

    git clone https://github.com/home-assistant/supervisor
    python benchmarks/history_speed.py supervisor --until 2022.03.5 --commits 200

Says, for one process and for as many as there are cores: how many commits, distinct states of the files and distinct blobs there
are, and how long it took. With --check, counts every Nth state anew as well, and compares.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from nosyncio import run
from nosyncio.blobs import Blobs
from nosyncio.config import Config, Located
from nosyncio.git import Git
from nosyncio.measure import Meter
from nosyncio.snapshots import Files, snapshots


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("--until", default="HEAD")
    parser.add_argument("--commits", type=int, default=200)
    parser.add_argument("--check", type=int, metavar="N", help="compare every Nth state with one that is counted by itself")
    given = parser.parse_args()
    git = Git(given.repository)
    line = git.line(git.revision(given.until))[-given.commits :]
    with git.objects() as objects:
        seen = [*snapshots(line, objects, git.prefix, Config())]
        states = [*dict.fromkeys(item.files for item in seen if item.files is not None)]
        blobs = {name for files in states for name in files.blobs.values()}
        print(f"{len(line)} commits, {len(states)} states of up to {max(len(item.paths) for item in states)} files", end="")
        print(f", {len(blobs)} blobs")
        if given.check:
            print(f"{compared(given.repository, git, states, given.check)} states compared: all the same")
    for jobs in sorted({1, run.default_jobs()}):
        print(f"{jobs} process{'es' if jobs > 1 else ''}: {timed(given.repository, line[0].commit.revision, given.until, jobs)}")


def timed(repository: Path, since: str, until: str, jobs: int) -> str:
    """Processor and wall time of the command, in a process of its own."""
    command = [sys.executable, "-m", "nosyncio", "history", "--isolated", "--output-format", "json"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [*command, "--since", since, "--until", until, "--jobs", str(jobs)],
        cwd=repository,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        check=True,
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    commits = json.loads(done.stdout)["commits"]
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    left = [item["counts"]["left"] for item in commits if item["counts"]]
    return f"{len(commits)} commits, {left[0]} -> {left[-1]} left: {processor:.1f} s of processor, {wall:.1f} s"


def compared(repository: Path, git: Git, states: list[Files], every: int) -> int:
    """How many states were counted both ways. Raises SystemExit where that is not the same."""
    located = Located(Config(), repository)
    number = 0
    with git.objects() as objects:
        blobs = Blobs(objects)
        meter = Meter(located, objects, git.prefix, blobs)
        for index, files in enumerate(states):
            counts = meter.counts(files)
            if index % every == 0:
                number += 1
                if Meter(located, objects, git.prefix, blobs).counts(files) != counts:
                    raise SystemExit(f"state {index}, tree {files.tree}: counts differ")
    return number


if __name__ == "__main__":
    main()
