"""Any order, split or repetition gives the same figures, which are those of the plain rules."""

import itertools
import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.events import hops
from ads.events.receipt import Receipt
from ads.store import keys
from ads.store.counts import Counts, Item
from ads.store.counts.wire import OPEN_BYTES, digest
from tests.ads.store.counts.telling import Agrees, apply, patient

BASE = 1_790_000_000_000 - 1_790_000_000_000 % DAY + 5 * HOUR
LATER = (0, 1, 2, 1000, HOUR - 1, HOUR, 9 * HOUR, DAY - 1, DAY, DAY + 1, 26 * HOUR)
NOW = BASE + 40 * HOUR
ROOTS = [hops.prefix(1) + "a" * 10, hops.prefix(1) + "b" * 10]
# The first and the last differ only in their ends, which short forms of ids do not have.
MIDDLES = [hops.prefix(2) + letters for letters in ("c" * 10, "d" * 10, "c" * 5 + "_" * 5)]
LEAVES = [hops.prefix(3) + letter * 10 for letter in "ef"]
LAST = [hops.prefix(1022) + "g" * 10, *(hops.prefix(1023) + letter * 10 for letter in "hi-")]
HOPS = [*ROOTS, *MIDDLES, *LEAVES, *LAST]
IDS = [f"event-{n:012}" for n in range(4)]
SECRET = b"known to the test"
_share = itertools.count()


def _alike(count: int) -> list[str]:
    """Open ids; the first two have the same short form in the store."""
    kin: defaultdict[bytes, list[str]] = defaultdict(list)
    for n in itertools.count():
        name = f"open-{n:012}"
        family = kin[digest(name, OPEN_BYTES, SECRET)[:3]]
        family.append(name)
        if len(family) == 2:
            return [*family, *(f"other-{n:012}" for n in range(count - 2))]
    raise AssertionError


OPENS = _alike(6)


def _parents(hop: str) -> list[str]:
    if hops.depth(hop) == 1:
        return [""]
    return [p for p in HOPS if hops.fits(hop, p)] or [hops.prefix(2) + "z" * 10]


@st.composite
def events(draw: st.DrawFn) -> list[tuple[Receipt, str, str]]:
    """(receipt, reason, variant) of few hops, opens and ids, so that they repeat."""
    pool = draw(st.lists(st.sampled_from(HOPS), min_size=1, max_size=5, unique=True))
    opens = draw(st.lists(st.sampled_from(OPENS), min_size=1, max_size=5, unique=True))
    times = draw(st.lists(st.sampled_from(LATER), min_size=1, max_size=4, unique=True))
    one = st.tuples(
        receipts(pool, opens, times),
        st.sampled_from(["", "", "", "", "", "", "", "bot", "ended"]),
        st.sampled_from("ab"),
    )
    return draw(st.lists(one, min_size=4, max_size=24))


@st.composite
def receipts(draw: st.DrawFn, pool: list[str], opens: list[str], times: list[int]) -> Receipt:
    kind = draw(st.sampled_from(["open", "open", "open", "view", "read", "read", "tap", "share"]))
    hop = draw(st.sampled_from(pool))
    o = draw(st.sampled_from(opens))
    return Receipt(
        at=BASE + draw(st.sampled_from(times)),
        share="",
        ad=draw(st.sampled_from(["ad-1", "ad-1", "ad-2"])),
        version=1,
        k=kind,
        i=o if kind == "open" else draw(st.sampled_from(IDS)),
        o=o,
        n=hop,
        p=draw(st.sampled_from(_parents(hop))) if kind == "open" else "",
        s=draw(st.sampled_from(["top", "end"])) if kind in ("view", "tap") else "",
        ms=draw(st.sampled_from([0, 900, 4321])) if kind == "read" else 0,
        pct=draw(st.sampled_from([0, 50, 100])) if kind == "read" else 0,
        country=draw(st.sampled_from(["", "DE", "CN"])),
        device=draw(st.sampled_from(["", "phone"])),
        source=draw(st.sampled_from(["", "example.org"])),
    )


async def _folded(redis: Redis, items: Sequence[Item], rng: random.Random) -> tuple[Counts, str]:
    """Fold events as three segments, each in calls of random size, some of them repeated."""
    share, clock = f"share-{next(_share)}", [BASE]
    await redis.set(keys.ID_SALT, SECRET)
    counts = Counts(redis, lambda: clock[0])
    segments: list[list[Item]] = [[], [], []]
    for item in items:
        into = rng.choice(segments)
        into.append(item._replace(sequence=len(into) + 1))
    calls = [name for name, segment in zip("abc", segments, strict=True) for _ in segment[::3]]
    done: dict[str, list[Item]] = {name: [] for name in "abc"}
    for name in rng.sample(calls, len(calls)):
        # A segment is read in order; what was read before may come again.
        rest = segments["abc".index(name)][len(done[name]) :]
        more = rest[: rng.randint(1, 6)]
        done[name] += more
        clock[0] = max(clock[0], *(item.receipt.at for item in more)) if more else clock[0]
        await apply(counts, share, name, rng.choice([more, done[name]]))
    for name, segment in zip("abc", segments, strict=True):
        await apply(counts, share, name, segment)
    clock[0] = NOW
    return counts, share


@settings(patient, max_examples=120)
@given(told=events(), seed=st.integers(0, 10**6))
async def test_any_order_split_and_repetition_ends_in_the_plain_rules(
    redis: Redis, agrees: Agrees, told: Any, seed: int
) -> None:
    items = [
        Item(0, receipt, refused, variant if receipt.k == "open" else "")
        for receipt, refused, variant in told
    ]
    rng = random.Random(seed)
    counts, share = await _folded(redis, rng.sample(items, len(items)), rng)
    await agrees(counts, share, items, NOW)
    # A second check, after the sweep of the first.
    await agrees(counts, share, items, NOW)
