"""Opens in leaves and the short names they have there: nothing is lost or taken for another."""

import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import pytest
from redis.asyncio import Redis

from ads import hops
from ads.clock import DAY, HOUR
from ads.receipt import Receipt
from ads.store.counts import Counts, Item, script, upgrade
from ads.store.counts.wire import OPEN_BYTES, digest

BASE = 1_790_000_000_000 - 1_790_000_000_000 % HOUR
Agrees = Callable[[Counts, str, Sequence[Item], int], Awaitable[None]]


def _opened(i: str, n: int, at: int, country: str = "") -> Receipt:
    return Receipt(at, "", "ad", 1, "open", i, i, hops.prefix(1) + f"{n:010}", country=country)


def _tapped(i: str, n: int, at: int, of: str = "") -> Receipt:
    hop = hops.prefix(1) + f"{n:010}"
    return Receipt(at, "", "ad", 1, "tap", of or f"tap-{i}", i, hop, s="end")


def _items(receipts: Sequence[Receipt]) -> list[Item]:
    return [Item(n, receipt, variant="a") for n, receipt in enumerate(receipts, 1)]


async def test_opens_of_one_short_name_keep_their_own_taps(redis: Redis, agrees: Agrees) -> None:
    counts = Counts(redis, lambda: BASE + 3 * HOUR)
    secret, alike = await counts.secret(), defaultdict[bytes, list[str]](list)
    for n in range(3000):
        alike[digest(f"open-{n:012}", OPEN_BYTES, secret)[1:3]].append(f"open-{n:012}")
    named = [i for group in alike.values() if len(group) > 1 for i in group][:40]
    assert len(named) > 20
    told = [_opened(i, n, BASE + HOUR + n) for n, i in enumerate(named)]
    told += [_tapped(i, n, BASE + HOUR + 1000 + n) for n, i in enumerate(named)]
    # Half of the opens turn out to have come before, from elsewhere; half of the taps with others.
    told += [_opened(i, n, BASE + n, "DE") for n, i in enumerate(named) if n % 4 in (0, 3)]
    told += [
        _tapped(named[n - 1], n, BASE + 9 + n, f"tap-{i}") for n, i in enumerate(named) if n % 2
    ]
    for nth, at in enumerate(range(0, len(told), 7)):
        await counts.apply("share", f"{nth}", _items(told[at : at + 7]))
    await agrees(counts, "share", _items(told), BASE + 3 * HOUR)


async def test_what_came_while_a_clock_was_days_ahead_is_known_when_it_has_stepped_back(
    redis: Redis, agrees: Agrees
) -> None:
    clock = [BASE]
    counts = Counts(redis, lambda: clock[0])
    told = []
    for nth, at in enumerate((BASE, BASE + 4 * DAY, BASE + HOUR, BASE + 2 * HOUR)):
        clock[0] = at
        # The same open and tap each time, an open of their own, and a tap that waits for the next.
        some = [_opened(f"own-{nth:012}", nth + 1, at), _tapped(f"own-{nth + 1:012}", nth + 2, at)]
        some += [_opened("open-000000000000", 0, at), _tapped("open-000000000000", 0, at)]
        await counts.apply("share", f"{nth}", _items(some))
        told += some
    clock[0] = BASE + 5 * DAY + HOUR
    await agrees(counts, "share", _items(told), clock[0])


async def test_opens_in_leaves_of_before_are_found_in_those_of_now(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = Counts(redis, lambda: BASE + HOUR)
    text = script.FOLD._text
    old = text.replace("{o = 64, i = 128}", "{o = 32, i = 128}")
    assert old != text
    told = [_opened(f"open-{n:012}", n, BASE + n) for n in range(500)]
    told += [_tapped(f"open-{n:012}", n, BASE + 500 + n) for n in range(0, 500, 3)]
    with monkeypatch.context() as before:
        before.setattr(script.FOLD, "_text", old)
        before.setattr(script.FOLD, "_digest", hashlib.sha1(old.encode()).hexdigest())
        await counts.apply("share", "before", _items(told))
    await upgrade.fuller_leaves(redis)
    await upgrade.fuller_leaves(redis)
    more = _opened("open-more", 999, BASE + 5)
    await counts.apply("share", "now", _items([*told, more]))
    (found,) = await counts.cells(["share"], BASE, BASE + HOUR, {"total"})
    opens, taps, repeated = (sum(c.figures[at] for c in found.cells) for at in (0, 3, 8))
    assert (opens, taps, repeated) == (501, 167, len(told))
