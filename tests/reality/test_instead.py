"""What the advice names exists in the package that provides it."""

from __future__ import annotations

import pytest

from reality.claims import File, Verdict, instead_names
from reality.names import installed, why_not


def test_instead(file: File, verdict: Verdict, pytestconfig: pytest.Config) -> None:
    """Advice from packages that are not installed is passed over, unless `--instead` says that all should be."""
    names = {name for name, _ in instead_names(file.library)}
    if not pytestconfig.getoption("--instead"):
        names = {name for name in names if installed(name)}
    verdict(file.missing({name: why_not(name) for name in sorted(names)}), names)
