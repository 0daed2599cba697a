"""Events that contradict each other give the same result in any order of folding."""

import itertools

import pytest
from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.events import hops
from ads.events.receipt import Receipt
from ads.store.counts import Counts, Item, run
from tests.ads.store.counts.telling import Agrees, apply

BASE = 1_790_000_000_000 - 1_790_000_000_000 % DAY + 5 * HOUR
A, B = hops.prefix(1) + "a" * 10, hops.prefix(1) + "b" * 10
C, D = hops.prefix(2) + "c" * 10, hops.prefix(2) + "d" * 10
E = hops.prefix(3) + "e" * 10
F, G = hops.prefix(1023) + "f" * 10, hops.prefix(1023) + "g" * 10
DEEP = hops.prefix(1022) + "z" * 10


def opened(i: str, n: str, p: str, at: int, ad: str = "ad", country: str = "") -> Receipt:
    return Receipt(BASE + at, "s", ad, 1, "open", i, i, n, p, country=country)


def sent(k: str, i: str, o: str, at: int, s: str = "", ad: str = "ad", ms: int = 0) -> Receipt:
    return Receipt(BASE + at, "s", ad, 1, k, i, o, A, "", s=s, ms=ms, pct=ms and 50)


STORIES = {
    "an open that was first received naming another hop takes its reader along": [
        opened("x", A, "", 10),
        opened("x", B, "", 5, ad="other", country="DE"),
        sent("view", "v", "x", 11, "top"),
        sent("tap", "t", "x", 12, "top"),
    ],
    "a hop that loses its only open leaves its children orphans": [
        opened("x", A, "", 10),
        opened("y", C, A, 20),
        opened("z", E, C, 30),
        opened("x", B, "", 5),
    ],
    "an open retried and then found to be another's leaves nothing behind": [
        opened("x", A, "", 10),
        opened("x", A, "", 5),
        opened("x", B, "", 1),
    ],
    "a hop that loses its first open stands by its next, with that one's parent": [
        opened("x", C, A, 10),
        opened("y", C, B, HOUR),
        opened("x", D, A, 5),
        opened("b", B, "", 1),
    ],
    "a hop whose conflicting open was displaced is no conflict any more": [
        opened("x", C, A, 10),
        opened("y", C, B, 20),
        opened("x", C, B, 5),
    ],
    "a hop with three opens stays a conflict while two parents are named": [
        opened("x", C, A, 30),
        opened("y", C, B, 20),
        opened("z", C, A, 10),
        opened("x", D, A, 5),
    ],
    "a subtree moves to the parent that was named first": [
        opened("a", A, "", 0),
        opened("b", B, "", 1),
        opened("e", E, C, 40),
        opened("x", C, A, 20),
        opened("y", C, B, 10),
    ],
    "a retried open moves its reader to the hour of its first receipt": [
        opened("x", C, A, HOUR + 1),
        opened("x", C, A, HOUR - 1),
        opened("y", C, A, 2 * HOUR),
    ],
    "a tap's id counts once, with the open and in the hour it was first received with": [
        opened("x", A, "", 0),
        opened("y", C, A, 0, country="CN"),
        sent("tap", "t", "x", HOUR, "top"),
        sent("tap", "t", "y", 5, "end", ad="other"),
        sent("tap", "t", "x", 1, "top"),
    ],
    "a reading is the largest of all, in the hour of the first": [
        opened("x", A, "", HOUR),
        sent("read", "1", "x", HOUR, ms=2000),
        sent("read", "2", "x", 2 * HOUR, ms=9000),
        sent("read", "3", "x", 5, ms=100),
    ],
    "what came a day before its open is refused, what came later is counted": [
        sent("view", "v", "x", 0, "top"),
        sent("share", "s", "x", 1),
        opened("x", A, "", DAY),
    ],
    "what waits longer than a day for an open that never comes is refused": [
        sent("plain", "p", "nobody", 0),
        sent("plain", "q", "nobody", 16 * HOUR + 1),
        sent("plain", "p", "nobody", 20 * HOUR),
    ],
    "an open folded after its events were given up brings them back": [
        sent("view", "v", "x", 5, "top"),
        sent("view", "w", "y", 20 * HOUR, "end"),
        opened("x", A, "", 6),
    ],
    "hops at the deepest level hang from the link, however they name each other": [
        opened("x", F, G, 1),
        opened("y", G, F, 2),
        opened("z", DEEP, hops.prefix(1021) + "y" * 10, 3),
        opened("w", F, DEEP, 4),
    ],
    "a hop at the deepest level that named a true parent first hangs there": [
        opened("x", F, G, 4),
        opened("z", DEEP, hops.prefix(1021) + "y" * 10, 3),
        opened("w", F, DEEP, 1),
    ],
}


@pytest.mark.parametrize("story", STORIES)
async def test_in_every_order(
    redis: Redis, agrees: Agrees, story: str, stride: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts = STORIES[story]
    now = BASE + 40 * HOUR
    counts = Counts(redis, lambda: now)
    items = [Item(place, receipt) for place, receipt in enumerate(receipts, 1)]
    orders = itertools.islice(itertools.permutations(items), 0, None, stride)
    for nth, order in enumerate(orders):
        monkeypatch.setattr(run, "RANKED_FROM", (0, 1, 2, 256)[nth % 4])
        for place, item in enumerate(order):
            await apply(counts, f"share-{nth}", f"segment-{place}", [item])
        await agrees(counts, f"share-{nth}", items, now)
        await apply(
            counts,
            f"batch-{nth}",
            "segment",
            [i._replace(sequence=n) for n, i in enumerate(order, 1)],
        )
        await agrees(counts, f"batch-{nth}", items, now)
