"""Tap rates with the range in which the true rate lies, and which of them lead (pure)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from math import exp, log, log1p, prod, sqrt
from typing import NamedTuple

from ads.reports.report import Row

Z = 1.959964  # 95 % of a normal distribution
FEW_VIEWS = 100  # below this many times seen nothing is called the best
MAY_BE = 0.05  # from this chance on, one that may be the best counts among the leaders
SHOWN = 8
GRID = 2000


class Rated(NamedTuple):
    """Taps over times seen, and its 95 % range."""

    name: str
    opens: int
    views: int
    taps: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """Taps over times seen, 0 of none."""
        return self.taps / self.views if self.views else 0.0


def wilson(taps: int, views: int) -> tuple[float, float]:
    """The Wilson score interval (Wilson 1927) at 95 %; 0 to 1 without views."""
    if views <= 0:
        return 0.0, 1.0
    share = min(1.0, taps / views)
    middle = share + Z * Z / (2 * views)
    half = Z * sqrt(share * (1 - share) / views + Z * Z / (4 * views * views))
    whole = 1 + Z * Z / views
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def rated(rows: Iterable[Row]) -> list[Rated]:
    """Rows that were seen at all, by rate, best first; those seen too rarely to judge come last."""
    found = [
        Rated(row.key, row.opens, row.views, row.taps, *wilson(row.taps, row.views))
        for row in rows
        if row.views
    ]
    return sorted(found, key=lambda r: (r.views < FEW_VIEWS, -r.rate, -r.views))[:SHOWN]


def leading(rates: Sequence[Rated]) -> list[Rated]:
    """The best, and those that may be as good; empty while it is too early to say.

    The second leads too if the ranges overlap; one further behind, whose range is wide because it
    was seen rarely, only if its chance to be the best is MAY_BE.
    """
    able = sorted((r for r in rates if r.views >= FEW_VIEWS), key=lambda rate: -rate.rate)
    if len(able) < 2:
        return []
    best, *others = able
    odds = chances(rates)
    near = [rate for rate in others if rate.high >= best.low]
    return [best, *(r for r in near if r is others[0] or odds[r.name] >= MAY_BE)]


def likely(rates: Sequence[Rated]) -> bool:
    """Whether the first of the leaders is very probably the best.

    Its range may overlap with another's all the same: ranges overlap far more often than the
    difference is in doubt.
    """
    leaders = leading(rates)
    return bool(leaders) and chances(rates)[leaders[0].name] >= 1 - MAY_BE


def chances(rates: Sequence[Rated]) -> dict[str, float]:
    """By name, the chance that each is the best of those seen often enough; {} for fewer than two.

    The posterior of a rate is Beta(taps + 1, views - taps + 1), from a flat prior; the chance is
    the integral of one density times the others' distributions (Stucchi 2015), by trapezoids.
    """
    able = tuple(rate for rate in rates if rate.views >= FEW_VIEWS)
    return dict(_chances(able)) if len(able) > 1 else {}


@lru_cache(maxsize=256)
def _chances(able: tuple[Rated, ...]) -> tuple[tuple[str, float], ...]:
    top = min(1.0, 1.5 * max(rate.high for rate in able))
    steps = [top * (n + 0.5) / GRID for n in range(GRID)]
    densities = [_density(rate, steps) for rate in able]
    below = [list(accumulate(density)) for density in densities]
    found = {
        rate.name: sum(
            density[at] * prod(b[at] for b in below if b is not below[place]) for at in range(GRID)
        )
        for place, (rate, density) in enumerate(zip(able, densities, strict=True))
    }
    whole = sum(found.values()) or 1.0
    return tuple((name, chance / whole) for name, chance in found.items())


def _density(rate: Rated, steps: Sequence[float]) -> list[float]:
    """The posterior's density at these points, summing to 1."""
    taps = min(rate.taps, rate.views)
    logs = [taps * log(x) + (rate.views - taps) * log1p(-x) for x in steps]
    most = max(logs)
    raw = [exp(value - most) for value in logs]
    whole = sum(raw)
    return [value / whole for value in raw]


def axis(rates: Sequence[Rated]) -> float:
    """The top of the common axis, from zero: a round share above the ranges that can be told."""
    able = [rate for rate in rates if rate.views >= FEW_VIEWS] or rates
    most = max((rate.high for rate in able), default=0.0)
    tops = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
    return next((top for top in tops if most <= top), 1.0)
