"""Endless readers, drawn from a seed, and what reports must say of a set of their events."""

import heapq
import random
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count

from tests.client import DIGITS, Json, depth_of

SLOTS = ("top", "middle", "end", "sticky")
DEEPEST = 70
ID = DIGITS
MAX_CALL = 6


class Readers:
    """Endless calls of `POST /e`: all kinds of events, cascades, some events before their open.

    Events have no ticket yet; `share` is the index of their share among `shares`.
    """

    def __init__(self, seed: int, shares: int = 2) -> None:
        self._rng = random.Random(seed)
        self._shares = [[("", 0)] for _ in range(shares)]

    def calls(self) -> Iterator[list[Json]]:
        """Lists of 1 to MAX_CALL events; the events of an open come near it, in any order."""
        waiting: list[tuple[float, int, Json]] = []
        number = count()
        for place in count():
            for jitter, event in self._visit():
                heapq.heappush(waiting, (place + jitter, next(number), event))
            ripe = []
            while waiting and waiting[0][0] <= place - 4:
                ripe.append(heapq.heappop(waiting)[2])
            while ripe:
                size = self._rng.randint(1, MAX_CALL)
                yield ripe[:size]
                ripe = ripe[size:]

    def _visit(self) -> Iterator[tuple[float, Json]]:
        """An open with its other events: (how much later, event)."""
        rng = self._rng
        share = rng.randrange(len(self._shares))
        n, p = self._hop(share)
        opened = self._event("open", share, n, p)
        if rng.random() < 0.03:
            self._shares[share].pop()  # a reader who is not counted gets no children
            yield 0.0, opened | {"self": 1}
            return
        yield 0.0, opened
        for kind, more in self._doings():
            yield rng.uniform(-3, 6), self._event(kind, share, n, p) | more | {"o": opened["i"]}

    def _hop(self, share: int) -> tuple[str, str]:
        rng, known = self._rng, self._shares[share]
        parent, depth = rng.choice(known) if rng.random() < 0.8 else known[0]
        if depth == DEEPEST:
            parent, depth = known[0]
        n = DIGITS[(depth + 1) >> 6] + DIGITS[(depth + 1) & 63] + self._text(10)
        known.append((n, depth + 1))
        return n, parent

    def _doings(self) -> Iterator[tuple[str, Json]]:
        rng = self._rng
        for slot in SLOTS:
            if rng.random() < 0.3:
                yield "view", {"s": slot}
        for _ in range(rng.choice((0, 1, 1, 3))):
            yield "read", {"ms": rng.randrange(10_000), "pct": rng.randrange(101)}
        for kind, chance in (("tap", 0.2), ("share", 0.2), ("plain", 0.05), ("close", 0.1)):
            if rng.random() < chance:
                yield kind, {"s": rng.choice(SLOTS)} if kind in ("tap", "close") else {}

    def _event(self, kind: str, share: int, n: str, p: str) -> Json:
        return {"v": 1, "share": share, "i": self._text(20), "k": kind, "n": n, "p": p}

    def _text(self, length: int) -> str:
        return "".join(self._rng.choices(ID, k=length))


class Truth:
    """What must be counted of a set of events, by the contract and without our own code."""

    def __init__(self, events: Iterable[Json]) -> None:
        events = list(events)
        opens = {e["i"]: e for e in events if e["k"] == "open" and "self" not in e}
        self.parents = {e["n"]: e["p"] for e in opens.values()}
        self.refused = sum("self" in e for e in events)
        further = [e for e in events if e["k"] != "open" and e["o"] in opens]
        self.pending = _once(e for e in events if e["k"] != "open" and e["o"] not in opens)
        self.counted = _once(further) + Counter({"open": len(opens)})
        self.slots = Counter((e["s"], e["k"]) for e in _firsts(further) if "s" in e)
        self.widths = Counter(depth_of(hop) for hop in self.parents)
        self.medians = _middle(further, "ms"), _middle(further, "pct")
        self.readings = len({e["o"] for e in further if e["k"] == "read"})

    def virality(self) -> float:
        """The mean distance over all pairs of nodes, by walking up every path."""
        nodes = ["", *self.parents]
        below: Counter[str] = Counter()
        for hop in self.parents:
            at: str | None = hop
            while at:
                below[at] += 1
                at = self.parents[at]
        pairs = len(nodes) * (len(nodes) - 1) / 2
        return sum(s * (len(nodes) - s) for s in below.values()) / pairs if pairs else 0.0


def _firsts(events: Iterable[Json]) -> list[Json]:
    """The events that count: one view for each open and slot, one read an open, others by id."""
    found = {}
    for e in events:
        key = {"view": (e["o"], e.get("s")), "read": (e["o"],)}.get(e["k"], (e["i"],))
        found[e["k"], *key] = e
    return list(found.values())


def _once(events: Iterable[Json]) -> Counter[str]:
    return Counter(e["k"] for e in _firsts(events))


def _middle(events: Iterable[Json], measure: str) -> int:
    most: dict[str, int] = {}
    for e in events:
        if e["k"] == "read":
            most[e["o"]] = max(most.get(e["o"], 0), e[measure])
    return int(statistics.median(most.values()) + 0.5) if most else 0
