"""The map of a spread: hops side by side, heights are readers, split by branch. Pure.

The chosen branch is drawn on the zero line, the next six above it, all others merged on top;
ribbons join a branch from hop to hop. It takes (7 + 1) x depth numbers, however many readers.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from ads.web.console.spread.tree import Scope

WIDTH, HEIGHT = 760.0, 560.0
TOP, BOTTOM = 28.0, 500.0
NEXT = 6
COLUMNS = 16  # deeper hops are merged


class Part(NamedTuple):
    """A branch in one hop. `tone` is chosen, even, odd or rest."""

    tone: str
    hop: str
    y: float
    height: float
    readers: int


class Column(NamedTuple):
    """One hop: its name, its position, its parts from the zero line up."""

    label: str
    x: float
    width: float
    y: float
    readers: int
    rate: float | None
    parts: list[Part]


class Drawing(NamedTuple):
    """What the template writes as SVG."""

    columns: list[Column]
    ribbons: list[tuple[str, str]]  # tone, path


def draw(scope: Scope, chosen: str) -> Drawing:
    """The map with this branch on the zero line, the largest one if it is none of them."""
    rows = _rows(scope, chosen)
    count = min(len(scope.widths), COLUMNS)
    widths = _together(scope.widths, count)
    most = max(widths, default=0) or 1
    step = WIDTH / max(count, 8)
    columns = [
        _column(scope, rows, widths, at, (at * step + step * 0.17, step * 0.66), most)
        for at in range(count)
    ]
    return Drawing(columns, [each for a, b in pairwise(columns) for each in _ribbons(a, b)])


def _rows(scope: Scope, chosen: str) -> list[tuple[str, str, list[int]]]:
    """(tone, hop, readers by hop): the chosen one, the next six, all others."""
    count = min(len(scope.widths), COLUMNS)
    boughs = sorted(scope.boughs, key=lambda bough: bough.hop != chosen)[: NEXT + 1]
    tones = ["chosen", *("even" if place % 2 else "odd" for place in range(1, NEXT + 1))]
    rows = [
        (tone, bough.hop, _together(bough.width_by_depth, count))
        for tone, bough in zip(tones, boughs, strict=False)
    ]
    drawn = [sum(column) for column in zip(*(row[2] for row in rows), strict=True)] or [0] * count
    whole = _together(scope.widths, count)
    return [
        *rows,
        ("rest", "", [max(0, all_ - part) for all_, part in zip(whole, drawn, strict=True)]),
    ]


def _together(widths: Sequence[int], count: int) -> list[int]:
    """The first numbers, the deeper ones summed so that there are `count`."""
    kept = [*widths[: count - 1], sum(widths[count - 1 :])] if widths else []
    return kept + [0] * (count - len(kept))


def _column(
    scope: Scope,
    rows: Sequence[tuple[str, str, list[int]]],
    widths: Sequence[int],
    at: int,
    place: tuple[float, float],
    most: int,
) -> Column:
    scale = (BOTTOM - TOP) / most
    heights = [row[2][at] * scale for row in rows]
    tops = [BOTTOM - height for height in accumulate(heights)]
    parts = [
        Part(tone, hop, round(y, 1), round(height, 1), readers[at])
        for (tone, hop, readers), y, height in zip(rows, tops, heights, strict=True)
        if readers[at]
    ]
    last = at == len(widths) - 1
    label = str(scope.depth + at) + ("+" if last and len(scope.widths) > COLUMNS else "")
    joined = at + 2 > len(widths) - (len(scope.widths) > COLUMNS)
    rate = None if last or joined or not widths[at] else widths[at + 1] / widths[at]
    y = round(BOTTOM - widths[at] * scale, 1)
    return Column(label, round(place[0], 1), round(place[1], 1), y, widths[at], rate, parts)


def _ribbons(here: Column, there: Column) -> list[tuple[str, str]]:
    """A ribbon for each branch that stands in both hops."""
    deeper = {(part.tone, part.hop): part for part in there.parts}
    found = []
    for part in here.parts:
        other = deeper.get((part.tone, part.hop))
        if other:
            found.append((part.tone, _ribbon(here.x + here.width, part, there.x, other)))
    return found


def _ribbon(x1: float, a: Part, x2: float, b: Part) -> str:
    middle = round((x1 + x2) / 2, 1)
    low_a, low_b = round(a.y + a.height, 1), round(b.y + b.height, 1)
    return (
        f"M{x1:.1f} {a.y}C{middle} {a.y} {middle} {b.y} {x2:.1f} {b.y}"
        f"V{low_b}C{middle} {low_b} {middle} {low_a} {x1:.1f} {low_a}Z"
    )
