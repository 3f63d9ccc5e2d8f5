"""A state of a project in bytes, for the next run."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Mapping

import msgspec

from nosyncio import decoding
from nosyncio.analysis.contexts import Registered
from nosyncio.analysis.facts import Comment
from nosyncio.analysis.families import Bases, Class, Derived
from nosyncio.analysis.graph import Graph, Shown
from nosyncio.analysis.index import Entries
from nosyncio.analysis.reads import Reads
from nosyncio.analysis.sets import Pack
from nosyncio.asked import Answers
from nosyncio.known import Collected, Known, Offloading, Result
from nosyncio.model import Finding
from nosyncio.silence import Used


class _Result(msgspec.Struct, array_like=True):
    findings: list[Finding]
    comments: list[Comment]
    is_done: bool
    numbers: bytes


class _Graph(msgspec.Struct, array_like=True):
    """`Graph`, with all in its packed form."""

    keys: list[bytes]
    runs: list[bytes]
    states: bytes
    sets: list[bytes]
    hanging: bytes
    shown: dict[int, Shown]


class _Collected(msgspec.Struct, array_like=True):
    numbers: bytes
    registered: list[Registered] = []


class _Offloading(msgspec.Struct, array_like=True):
    functions: list[tuple[str | None, int]]
    numbers: bytes


class _Derived(msgspec.Struct, array_like=True):
    cls: Class
    classes: list[Class]
    numbers: bytes


class _Saved(msgspec.Struct, array_like=True):
    """`Known`, with `Reads.names` as text, or as two or three words."""

    project: list[str]
    files: dict[str, bool]
    folders: dict[str, bool]
    versions: dict[str, bytes | None]
    outside: dict[str, bytes | None]
    package: str
    names: list[str | list[str | int]]
    paths: list[str]
    tables: dict[str, dict[str, bytes]]
    hands: dict[str, dict[str, list[str]]]
    present: list[str]
    settled: list[str]
    libraries: list[str]
    handing: list[str]
    registering: list[str]
    collected: dict[str, _Collected]
    offloading: dict[str, _Offloading]
    judged: dict[str, _Result]
    followed: dict[str, bytes]
    graph: _Graph
    bases: dict[str, Bases]
    ancestors: list[_Derived]
    subclasses: list[_Derived]


_SAVED = msgspec.msgpack.Decoder(_Saved)


def encoded(known: Known) -> bytes | None:
    """What is known, in bytes; None if it cannot be said so."""
    packed = known.reads.packed
    saved = _Saved(
        project=list(known.project),
        files=known.answers.files,
        folders=known.answers.folders,
        versions={path: _version(version) for path, version in known.answers.versions.items()},
        outside=known.answers.outside,
        package=known.answers.package,
        names=[_words(name) for name in known.reads.names],
        paths=known.entries.paths,
        tables=known.entries.packed(),
        hands=known.hands,
        present=sorted(known.present),
        settled=sorted(known.settled),
        libraries=sorted(known.libraries),
        handing=sorted(known.handing),
        registering=sorted(known.registering),
        collected={path: _Collected(packed(item.numbers), item.registered) for path, item in known.collected.items()},
        offloading={path: _Offloading(item.functions, packed(item.numbers)) for path, item in known.offloading.items()},
        judged={
            path: _Result(item.findings, list(item.comments), item.is_done, packed(item.numbers))
            for path, item in known.judged.items()
        },
        followed={path: packed(numbers) for path, numbers in known.followed.items()},
        graph=_graph(known.graph, packed),
        bases=known.families.bases,
        ancestors=_derived(known.families.ancestors, packed),
        subclasses=_derived(known.families.subclasses, packed),
    )
    try:
        return msgspec.msgpack.encode(saved)
    except UnicodeEncodeError:  # a path that is no text
        return None


def decoded(data: bytes) -> Known | None:
    """What `encoded` was given; None if these are other bytes."""
    saved = decoding.decoded(_SAVED, data)
    if saved is None:
        return None
    answers = Answers(saved.files, saved.folders, dict(saved.versions), saved.outside, saved.package)
    entries = Entries(saved.paths, {kind: dict(table) for kind, table in saved.tables.items()})
    known = Known(Reads(map(_name, saved.names)), tuple(saved.project), answers, entries, saved.hands)
    known.present = set(saved.present)
    known.settled = set(saved.settled)
    known.libraries = frozenset(saved.libraries)
    known.handing = frozenset(saved.handing)
    known.registering = frozenset(saved.registering)
    known.collected = {path: Collected(item.registered, item.numbers) for path, item in saved.collected.items()}
    known.offloading = {path: Offloading(item.functions, item.numbers) for path, item in saved.offloading.items()}
    known.judged = {path: Result(item.findings, item.comments, item.is_done, item.numbers) for path, item in saved.judged.items()}
    known.followed = dict(saved.followed)
    graph = saved.graph
    known.graph = Graph(graph.keys, graph.runs, graph.states, graph.sets, array("I", graph.hanging), graph.shown)
    known.families.bases = saved.bases
    known.families.ancestors = {item.cls: Derived(item.classes, item.numbers) for item in saved.ancestors}
    known.families.subclasses = {item.cls: Derived(item.classes, item.numbers) for item in saved.subclasses}
    return known if known.graph.is_whole else None


def _derived(table: Mapping[Class, Derived], packed: Pack) -> list[_Derived]:
    return [_Derived(cls, item.classes, packed(item.numbers)) for cls, item in table.items()]


def _graph(graph: Graph, packed: Pack) -> _Graph:
    """A graph, with those sets alone that something hangs on."""
    places = {place: number for number, place in enumerate(sorted({0, *graph.hanging}))}
    hanging = array("I", map(places.__getitem__, graph.hanging))
    sets = [packed(graph.sets[place]) for place in places]
    return _Graph(graph.keys, graph.packed_runs(), bytes(graph.states), sets, hanging.tobytes(), graph.shown)


def _version(version: Hashable) -> bytes | None:
    return version if isinstance(version, bytes) else None


def _words(name: Hashable) -> str | list[str | int]:
    return name if isinstance(name, str) else [*name] if isinstance(name, tuple) else str(name)


def _name(words: str | list[str | int]) -> Hashable:
    if isinstance(words, str):
        return words
    path, line, code = words if len(words) == len(Used._fields) else (None, None, None)
    return Used(path, line, code) if isinstance(path, str) and isinstance(line, int) and isinstance(code, str) else tuple(words)
