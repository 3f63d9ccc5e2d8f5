"""What makes a finding the same one as in another run: the one place that decides it.

An identity holds what stays when lines are added above or code moves within its function: paths relative to the project's root,
qualified names, the code. No lines, columns, message texts or absolute paths. Several findings may share an identity, so the
identities of a run are a multiset: equal ones are told apart by an ordinal, in source order.

Paths must be relative to the project's root, as the engine gives them; reports are made relative to the working folder later.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from nosyncio.model import Finding, Fingerprints, Identity, Leaf, NotAnalysed

_DIGITS = 32
"""Of the digest, in hexadecimal: 128 bits, which no two identities share by chance."""


class Numbered(NamedTuple):
    """An identity, and how many equal ones come before it."""

    identity: Identity
    ordinal: int

    @property
    def digest(self) -> str:
        """A short name for it in hexadecimal digits: the same in every run, on every machine."""
        fields = (*self.identity, self.ordinal)
        return hashlib.sha256(ascii(fields).encode("ascii")).hexdigest()[:_DIGITS]


def identity(finding: Finding) -> Identity:
    """The identity of a finding as a whole, whatever its chain ends in: a further leaf does not change it."""
    return Identity(finding.path, finding.function or "", finding.code, finding.callee or "")


def leaf_identities(finding: Finding) -> tuple[Identity, ...]:
    """The identities of what a finding found: one for each leaf of a chain, in the order of `finding.leaves`; for a finding that
    has none, its own."""
    whole = identity(finding)
    return tuple(_behind(whole, leaf) for leaf in finding.leaves) or (whole,)


def identities(findings: Iterable[Finding]) -> Iterator[tuple[Finding, tuple[Numbered, ...]]]:
    """The findings of a run in source order, each with the identities of what it found (`leaf_identities`), numbered over all of
    them. Take all findings of a file: an ordinal says how many equal ones come before."""
    number = _Numbering()
    for finding in sorted(findings, key=lambda finding: finding.sort_key):
        yield finding, tuple(map(number, leaf_identities(finding)))


def marked(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of a run in source order, each with its fingerprints: the digest of its identity as a whole, and those of its
    leaves."""
    number = _Numbering()
    for finding, leaves in identities(findings):
        whole = number(identity(finding)).digest
        yield replace(finding, fingerprints=Fingerprints(whole, tuple(leaf.digest for leaf in leaves) if finding.leaves else ()))


def marked_failure(failure: NotAnalysed) -> NotAnalysed:
    """A file that could not be analysed, with its fingerprint: whatever the reason, the file is the same."""
    return replace(failure, fingerprint=Numbered(Identity(failure.path, "", "NSI902", ""), 0).digest)


def _behind(whole: Identity, leaf: Leaf) -> Identity:
    return whole._replace(callee=leaf.called, leaf=leaf.callee, leaf_path=leaf.hop.path, leaf_function=leaf.hop.function or "")


class _Numbering:
    """Gives each identity its ordinal, as they come."""

    def __init__(self) -> None:
        self._seen: Counter[Identity] = Counter()

    def __call__(self, identity: Identity) -> Numbered:
        ordinal = self._seen[identity]
        self._seen[identity] += 1
        return Numbered(identity, ordinal)
