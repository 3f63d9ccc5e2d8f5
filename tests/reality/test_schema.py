"""Every file of the catalogue decodes against the schema, whichever files are asked for."""

from __future__ import annotations

import pytest

from reality.claims import files


def test_schema(pytestconfig: pytest.Config) -> None:
    broken: dict[str, str] = {}
    assert files(pytestconfig.getoption("--data"), broken=broken)
    assert not broken, "\n".join(f"{name}.toml: {why}" for name, why in broken.items())
