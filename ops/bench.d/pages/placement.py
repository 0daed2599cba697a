"""Where the slots are, compared with the bodies that other projects expect.

A slot is right if the text before or after it is in the expected body: it is inside or at the
border. Only letters and digits are compared, in runs of 16 among the 60 nearest to the slot.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import Result, shown, texts

SLOTS = ("top", "middle", "end")
RUN = 16
NEAR = 60
_MARK = re.compile("\ue000\\w+\ue001")
_LETTERS = re.compile(r"[^\W_]+")


@dataclass
class Placement:
    """For each kind of slot, how many are right, and how many there are on `pages`."""

    pages: int = 0
    placed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SLOTS, 0))
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SLOTS, 0))
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)


def placement(results: Iterable[Result]) -> Placement:
    """The placement on pages in `full` whose body is known."""
    found = Placement()
    for result in results:
        body = fold(texts.wanted(result.sample.expected))
        if body and result.page is not None and result.page.mode == "full":
            found.pages += 1
            _count(found, result, body)
    return found


def doubtful(results: Iterable[Result]) -> list[str]:
    """Pages that lack a slot in `full`, or were lowered because of our doubt, with the reason."""
    whole = [r for r in results if r.page is not None and r.page.mode == "full"]
    lacking = [f"{r.sample.name}: {slot}, {why}" for r in whole for slot, why in _skipped(r)]
    lowered = [r for r in results if r.page is not None and r.page.mode_reason == "unstable_markup"]
    return lacking + [f"{r.sample.name}: unstable_markup" for r in lowered]


def _skipped(result: Result) -> list[tuple[str, str]]:
    return list(result.page.skipped.items())[:1] if result.page else []


def _count(found: Placement, result: Result, body: str) -> None:
    for slot, before, after in beside(result):
        found.placed[slot] += 1
        near = (*_runs(before[-NEAR:]), *_runs(after[:NEAR]))
        if any(run in body for run in near):
            found.right[slot] += 1
        else:
            found.wrong.append((result.sample.name, slot, before[-40:], after[:40]))


def beside(result: Result) -> Iterator[tuple[str, str, str]]:
    """Each slot of a page, with the folded text before and after it."""
    page = result.page
    assert page
    marks = [f"\ue000{gap}\ue001".encode() if gap in SLOTS else b"" for gap in page.gaps]
    parts = [part for pair in zip(page.segments, [*marks, b""], strict=True) for part in pair]
    text = shown(b"".join(parts).decode())
    for slot in SLOTS:
        before, mark, after = text.partition(f"\ue000{slot}\ue001")
        if mark:
            yield slot, fold(_MARK.sub("", before)), fold(_MARK.sub("", after))


def fold(text: str) -> str:
    """The letters and digits of a text, normalised."""
    return "".join(_LETTERS.findall(unicodedata.normalize("NFKC", text).lower()))


def _runs(text: str) -> Iterator[str]:
    return (text[i : i + RUN] for i in range(0, max(1, len(text) - RUN + 1), 2))
