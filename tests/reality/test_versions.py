"""What versions.toml says of names that no Python at hand has is so: typeshed has them, here, on another platform or later."""

from __future__ import annotations

from reality.claims import File, Verdict
from reality.typeshed import PLACES, in_typeshed, is_module


def test_elsewhere(file: File, verdict: Verdict) -> None:
    wrong: dict[str, str] = {}
    for name, versions in file.only_in.items():
        for place in versions:
            if place in PLACES and not in_typeshed(name, place) and not is_module(name, place):
                wrong[name] = f"{place} has none"
    verdict(wrong, file.only_in)
