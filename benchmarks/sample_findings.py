"""Samples findings behind helpers (NSI3xx) for a person to read, with their chains.

    python benchmarks/sample_findings.py PROJECTS --only NAME ... [--each 10] [--seed 23]

PROJECTS holds unpacked projects, each in a folder of its name; each is checked with the default configuration. A function that
very many chains share would fill a sample by itself, so at most three findings of a project share their last two steps.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nosyncio.config import Config, Located
from nosyncio.model import Finding
from nosyncio.report.style import excerpt
from nosyncio.run import check, default_jobs

_MOST_ALIKE = 3


def reached(root: Path) -> list[Finding]:
    """The findings of a project that stand at calls which reach a blocking call."""
    report = check(Located(Config(), root), [root], base=root, jobs=default_jobs())
    return [finding for finding in report.findings if finding.code.startswith("NSI3")]


def drawn(findings: list[Finding], number: int, seed: int) -> Iterator[Finding]:
    """Up to `number` of them, in an order that only `seed` decides."""
    order = list(findings)
    random.Random(seed).shuffle(order)
    alike: Counter[object] = Counter()
    for finding in order:
        ending = finding.chain[-2:]
        alike[ending] += 1
        if alike[ending] <= _MOST_ALIKE:
            yield finding
            number -= 1
        if number == 0:
            return


def shown(root: Path, finding: Finding) -> Iterator[str]:
    """A finding with its chain, a hop a line."""
    yield f"{finding.path}:{finding.span.line} {finding.code} {len(finding.chain)} calls, {len(finding.leaves)} leaves"
    for hop in finding.chain:
        lines = (root / hop.path).read_text(encoding="utf-8", errors="replace").split("\n")
        yield f"    {hop.path}:{hop.span.line} in {hop.function}: {excerpt(hop.span, lines[hop.span.line - 1])}"
    yield f"    -> {finding.leaves[0].callee}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("projects", type=Path)
    parser.add_argument("--only", nargs="+", required=True, metavar="NAME")
    parser.add_argument("--each", type=int, default=10, metavar="N")
    parser.add_argument("--seed", type=int, default=23)
    options = parser.parse_args()
    for name in options.only:
        root = (options.projects / name).resolve()
        findings = reached(root)
        print(f"## {name}: {len(findings)} findings", flush=True)
        for finding in drawn(findings, options.each, options.seed):
            print("\n".join(shown(root, finding)), flush=True)


if __name__ == "__main__":
    main()
