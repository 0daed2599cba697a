"""Tap rates with the range in which the true rate lies, and which of them lead (pure)."""

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import NamedTuple

from ads.i18n import gettext
from ads.report import Row

Z = 1.959964  # 95 % of a normal distribution
FEW_VIEWS = 100  # below this many times seen nothing is called the best
SHOWN = 8


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


def rated(rows: Iterable[Row], locale: str) -> list[Rated]:
    """Those seen at all by their rate, the best first; those seen too rarely to tell come last."""
    unnamed = gettext(locale, "no channel named")
    found = [
        Rated(row.key or unnamed, row.opens, row.views, row.taps, *wilson(row.taps, row.views))
        for row in rows
        if row.views
    ]
    return sorted(found, key=lambda r: (r.views < FEW_VIEWS, -r.rate, -r.views))[:SHOWN]


def leading(rates: Sequence[Rated]) -> list[Rated]:
    """The best, and those that it cannot be told from; nobody while it is too early to say."""
    able = [rate for rate in rates if rate.views >= FEW_VIEWS]
    if len(able) < 2:
        return []
    best = max(able, key=lambda rate: rate.rate)
    return [rate for rate in able if rate is best or rate.high >= best.low]


def axis(rates: Sequence[Rated]) -> float:
    """The top of the common axis, from zero: a round share above the ranges that can be told."""
    able = [rate for rate in rates if rate.views >= FEW_VIEWS] or rates
    most = max((rate.high for rate in able), default=0.0)
    return next((top for top in (0.02, 0.05, 0.1, 0.2, 0.5) if most <= top), 1.0)
