"""Whatever is in a file, checking it raises nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands import SLEEPS, checked

SEEDS = (
    SLEEPS,
    """from pathlib import Path
class A(Path):
    async def f(self, *a, b: int = 1, **k) -> None:
        with self.open() as h, open('x'):
            for x in h.read(), (yield):
                x: list[int] = [y async for y in x if not (z := y)]
""",
    """import a.b as c, d
from . import *
try:
    @c.d(lambda x=1, /, *y: f'{x!r:>{y}}')
    class E[T](c, metaclass=d): x = y = 1; del x
except* (A, B) as e:
    raise e from None
else:
    global z
finally:
    assert not ...
""",
    """async def f(x):
    match x:
        case {'a': [1, *_], **r} | A(b=c) if open(c): return await x
        case _: pass
    while True:
        async with x as (y, z): continue
    else: nonlocal q
""",
    """# -*- coding: utf-8 -*-
# nosyncio: async-only
# flake8: noqa: NSI1
x = open('é')  # noqa: NSI202
""",
)
PIECES = tuple("\n|    |\t|(|)|[|'''|:|await |lambda: |*|=| if x else |\\\n|# noqa|\0|\r|é".encode().split(b"|"))
CONTENTS = st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode(errors="replace")))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A valid source with stretches cut out, doubled, moved or replaced."""
    text = draw(st.sampled_from(SEEDS)).encode()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 25)))
        new = draw(st.one_of(st.just(b""), st.just(text[start:end] * 2), st.binary(max_size=3), st.sampled_from(PIECES)))
        text = text[:start] + new + text[end:]
    return text


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@settings(max_examples=300, derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=st.one_of(CONTENTS, mutated(), mutated()))
def test_nothing_raises(fuzzed: Path, content: bytes) -> None:
    (fuzzed / "odd.py").write_bytes(content)
    report = checked(fuzzed)
    assert report.files == 1
    assert all("\n" not in item.reason for item in report.not_analysed)
