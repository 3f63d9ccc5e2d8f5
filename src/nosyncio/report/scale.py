"""Axes: from which number to which, at which numbers it has a mark, and what stands there."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

_MOST_TICKS = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from 0 to the last of its ticks."""

    ticks: tuple[float, ...]
    label: Callable[[float], str]

    @property
    def top(self) -> float:
        return self.ticks[-1]


def counting(most: int) -> Scale:
    """An axis for whole numbers up to `most`, with round numbers at its ticks: 1, 2 or 5 with some zeros, and their multiples."""
    least = max(most, 1) / _MOST_TICKS
    zeros = 10 ** max(math.floor(math.log10(least)), 0)
    step = next(size * zeros for size in (1, 2, 5, 10) if size * zeros >= least)
    return Scale(tuple(step * index for index in range(math.ceil(max(most, 1) / step) + 1)), lambda value: f"{value:,.0f}")


def shares() -> Scale:
    return Scale((0.0, 0.5, 1.0), percent)


def percent(share: float) -> str:
    """Rounded down, but for the first one: what is not all is not 100 %, and what is not none is not 0 %.

    The inner rounding takes back what the share lost by being a float.
    """
    return f"{max(math.floor(round(share * 100, 6)), 1 if share else 0)} %"
