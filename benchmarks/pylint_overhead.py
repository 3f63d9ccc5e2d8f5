"""How much longer does pylint take with the plugin? `python benchmarks/pylint_overhead.py FOLDER [ROUNDS]`

Runs pylint over a folder with and without the plugin, in turn, with the caches of the file system warm, and compares the time of
the processor, which other work on the machine disturbs least. Prints each round, the ratio of the medians, and where the plugin's
own time goes.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

_PLUGIN = "--load-plugins=nosyncio.pylint"

_SHARES = """
import sys, time
from nosyncio.frontends.pylint.checker import Checker
from nosyncio.hosted import Hosted
from pylint.lint import Run

spent = {}

def timed(owner, name):
    inner = getattr(owner, name)
    def outer(*args):
        start = time.process_time()
        try:
            return inner(*args)
        finally:
            spent[name] = spent.get(name, 0.0) + time.process_time() - start
    setattr(owner, name, outer)

for owner, name in ((Checker, "visit_module"), (Hosted, "check"), (Hosted, "inferred"), (Hosted, "silencing")):
    timed(owner, name)
Run(sys.argv[1:], exit=False)
for name, seconds in spent.items():
    print(f"SPENT {name} {seconds:.2f}")
"""


def _run(folder: Path, *command: str) -> tuple[float, str]:
    """The processor's time for a command in `folder`, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "Traceback" not in done.stderr, done.stderr
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    targets = ["--rcfile=", "--recursive=y", "--persistent=n", *sorted(name for name in os.listdir(folder) if "." not in name)]
    times: dict[str, list[float]] = {"alone": [], "with the plugin": []}
    for _ in range(rounds):
        for name, extra in (("alone", []), ("with the plugin", [_PLUGIN])):
            times[name].append(_run(folder, "-m", "pylint", *extra, *targets)[0])
            print(f"{name}: {times[name][-1]:.1f} s", flush=True)
    alone, together = (statistics.median(found) for found in times.values())
    print(f"ratio of the medians: {together / alone:.3f}")
    for line in _run(folder, "-c", _SHARES, _PLUGIN, *targets)[1].splitlines():
        if line.startswith("SPENT "):
            print(f"of which {line.removeprefix('SPENT ')} s")


if __name__ == "__main__":
    main()
