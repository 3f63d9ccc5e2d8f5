"""Which findings a baseline knows, and which of its entries are found no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from nosyncio import wording as words
from nosyncio.fingerprints import identities
from nosyncio.model import Finding, Fingerprints, Identity, as_text
from nosyncio.rules.base import HYGIENE

Entries: TypeAlias = Counter[Identity]
"""A multiset: what is there twice may be found twice."""


def can_be_known(finding: Finding) -> bool:
    """Whether a finding may be lived with: not what the tool says of its own comments, and nothing outside the root."""
    return not finding.code.startswith(HYGIENE) and not finding.path.startswith("../")


def found_by(findings: Iterable[Finding]) -> Entries:
    """The entries that findings would be, one for each blocking call behind them. Give all findings of a file at once."""
    counted = (numbered.identity for _, leaves in identities(filter(can_be_known, findings)) for numbered in leaves)
    return Counter(map(_as_text, counted))


def unknown(findings: Iterable[Finding], entries: Entries) -> Iterator[Finding]:
    """The findings that no entry knows, in source order; of a chain, the leaves that none knows. Of several equal ones, the last
    are those that are new. Give all findings of a file at once."""
    for finding, leaves in identities(findings):
        new = [index for index, leaf in enumerate(leaves) if leaf.ordinal >= entries[_as_text(leaf.identity)]]
        if len(new) == len(leaves):
            yield finding
        elif new:
            kept = words.behind(finding, tuple(finding.leaves[index] for index in new))
            marks = finding.fingerprints
            yield replace(
                kept, fingerprints=Fingerprints(marks.finding, tuple(marks.leaves[index] for index in new if marks.leaves))
            )


def _as_text(identity: Identity) -> Identity:
    return Identity(*map(as_text, identity))
