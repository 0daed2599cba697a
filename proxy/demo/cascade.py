"""Draws readers from a seed: who came from whom and when, and what each of them did. Pure.

The shapes are those that shares have: a few readers bring most of the others, arrivals crowd into
the first days and fall off, nights are quiet, nobody reads every slot.
"""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ads.clock import DAY, HOUR, MINUTE, SECOND
from ads.events import hops

ABROAD = "GB GB GB GB US US DE FR TW CN"
SEEN = {"top": 0.74, "middle": 0.46, "end": 0.3}


class Crowd(NamedTuple):
    """The readers of one share: how many, from when (ms), how ready to forward and to tap."""

    share: str
    size: int
    start: int
    direct: float  # the fraction of readers who come by the sharer's own link
    taps: float  # taps per view of a slot
    apps: Sequence[tuple[str, int]]  # (key of `guises`, weight)
    slots: Sequence[str] = ("top", "middle", "end")


class Reader(NamedTuple):
    """One reader: hop id, parent's hop id ("" for the sharer's link), arrival, guise."""

    n: str
    p: str
    at: int
    guise: str


class Call(NamedTuple):
    """One call of POST /e at a time (ms); `events` lack their tickets."""

    at: int
    share: str
    guise: str
    address: str
    country: str
    events: list[dict[str, object]]


class Gathering:
    """A growing crowd; `known` has its readers so far, in no order."""

    def __init__(self, crowd: Crowd, rng: random.Random) -> None:
        self.crowd = crowd
        self.known: list[Reader] = []
        self._weights: list[float] = []
        self._rng = rng

    def until(self, end: int) -> list[Reader]:
        """The whole crowd by time of arrival; nobody comes after `end` (ms)."""
        while len(self.known) < self.crowd.size:
            parent = self._parent()
            after = parent.at if parent else self.crowd.start
            at = _awake(after + _delay(self._rng, direct=parent is None), self._rng)
            if at < end:
                self.one(parent, at)
        return sorted(self.known, key=lambda reader: reader.at)

    def late(self, at: int) -> Reader:
        """Add a reader at this time (ms)."""
        return self.one(self._parent(), at)

    def one(self, parent: Reader | None, at: int) -> Reader:
        """Add a reader who comes from `parent`, or by the sharer's own link if None."""
        depth = hops.depth(parent.n if parent else "") + 1
        guise = _guise(self.crowd, parent, self._rng)
        reader = Reader(hop(depth, self._rng), parent.n if parent else "", at, guise)
        self.known.append(reader)
        # Few are eager: a heavy tail, the lighter the further from the sharer.
        self._weights.append(self._rng.paretovariate(1.05) * 0.8**depth)
        return reader

    def _parent(self) -> Reader | None:
        if not self.known or self._rng.random() < self.crowd.direct:
            return None
        return self._rng.choices(self.known, self._weights)[0]


def _delay(rng: random.Random, *, direct: bool) -> int:
    """From getting the link to the visit (ms): minutes for most, a day for some."""
    median, spread = (14 * HOUR, 1.1) if direct else (3 * HOUR, 1.4)
    return round(median * rng.lognormvariate(0, spread)) + 20 * SECOND


def _awake(at: int, rng: random.Random) -> int:
    """The time of a visit: most of those at night move to the morning."""
    hour = at % DAY // HOUR
    if hour < 6 and rng.random() < 0.85:
        return at - at % DAY + 7 * HOUR + rng.randrange(3 * HOUR)
    return at


def _guise(crowd: Crowd, parent: Reader | None, rng: random.Random) -> str:
    """A reader's app: mostly the parent's, as a link is mostly forwarded within its app."""
    if parent and rng.random() < 0.7:
        return parent.guise
    names, weights = zip(*crowd.apps, strict=True)
    return str(rng.choices(names, weights)[0])


def hop(depth: int, rng: random.Random) -> str:
    """A hop id at this depth (contract, section 6)."""
    return hops.prefix(depth) + token(rng, 10)


def token(rng: random.Random, length: int = 20) -> str:
    """A random token of this length."""
    return "".join(rng.choices(hops.ALPHABET, k=length))


def calls(crowd: Crowd, found: Sequence[Reader], end: int, rng: random.Random) -> Iterator[Call]:
    """All calls of these readers' browsers before `end` (ms), in no order."""
    forwards = {reader.p for reader in found}
    for reader in found:
        address = f"203.0.113.{rng.randrange(1, 255)}"
        country = rng.choice(("CN CN CN CN TW" if "wechat" in reader.guise else ABROAD).split())
        for again in range(2 if rng.random() < 0.14 else 1):
            at = reader.at + again * rng.randrange(20 * MINUTE, 9 * HOUR)
            for later, events in _visit(crowd, reader, rng, shares=reader.n in forwards):
                if at + later < end:
                    yield Call(at + later, crowd.share, reader.guise, address, country, events)


def _visit(
    crowd: Crowd, reader: Reader, rng: random.Random, *, shares: bool
) -> Iterator[tuple[int, list[dict[str, object]]]]:
    """The calls of one page view, as (ms after it opened, events)."""
    base = {"v": 1, "n": reader.n, "p": reader.p}
    opened = token(rng)
    yield 0, [base | {"i": opened, "k": "open"}]
    base |= {"o": opened}
    seen = [slot for slot in crowd.slots if rng.random() < SEEN[slot]]
    stay = round(95 * SECOND * min(max(rng.lognormvariate(0, 0.7), 0.1), 12))
    percent = min(100, 34 * len(seen) + rng.randrange(25))
    for place, slot in enumerate(seen):
        yield stay * place // 4 + SECOND, [base | {"i": token(rng), "k": "view", "s": slot}]
        if rng.random() < crowd.taps:
            at = stay * place // 4 + 4 * SECOND
            yield at, [base | {"i": token(rng), "k": "tap", "s": slot}]
    reading = base | {"k": "read", "pct": percent}
    yield stay // 2, [reading | {"i": token(rng), "ms": stay // 2, "pct": percent // 2}]
    if shares:
        yield stay - SECOND, [base | {"i": token(rng), "k": "share"}]
    elif rng.random() < 0.02:
        yield stay - SECOND, [base | {"i": token(rng), "k": "plain"}]
    yield stay, [reading | {"i": token(rng), "ms": stay}]


def oddities(crowd: Crowd, end: int, rng: random.Random) -> Iterator[Call]:
    """Calls that are refused, and readers by an unknown parent's link, to fill the whole ledger."""
    for guise, many in (("crawler", 46), ("preview", 18), ("prefetch", 11), ("self", 6)):
        for _ in range(many):
            yield Call(
                rng.randrange(crowd.start, end),
                crowd.share,
                guise,
                "198.51.100.7",
                "US",
                [_odd(guise, rng)],
            )
    for _ in range(4):
        lost = {"v": 1, "k": "open", "i": token(rng), "n": hop(3, rng), "p": hop(2, rng)}
        yield Call(
            rng.randrange(crowd.start, end), crowd.share, "phone", "203.0.113.9", "GB", [lost]
        )
    unopened = {"v": 1, "k": "view", "s": "top"}
    for at in (crowd.start + HOUR, end - HOUR):  # one is refused by now, one waits
        event = unopened | {"i": token(rng), "o": token(rng), "n": hop(1, rng), "p": ""}
        yield Call(at, crowd.share, "phone", "203.0.113.9", "GB", [event])


def _odd(guise: str, rng: random.Random) -> dict[str, object]:
    opened = {"v": 1, "k": "open", "i": token(rng), "n": hop(1, rng), "p": ""}
    return opened | ({"self": 1} if guise == "self" else {})
