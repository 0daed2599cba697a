"""Opens in leaves and the short names they have there: nothing is lost or taken for another."""

from collections import defaultdict

from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.events import hops
from ads.events.ledger import OPENS, REPEATED, TAPS
from ads.events.receipt import Receipt
from ads.store import keys
from ads.store.counts import Counts
from ads.store.counts.wire import OPEN_BYTES, digest
from tests.ads.store.counts.telling import Agrees, Clock, apply, items

BASE = 1_790_000_000_000 - 1_790_000_000_000 % HOUR
BODY = keys.SHARE_BODY.format(share="share")


def _opened(i: str, n: int, at: int, country: str = "") -> Receipt:
    return Receipt(at, "", "ad", 1, "open", i, i, hops.prefix(1) + f"{n:010}", country=country)


def _tapped(i: str, n: int, at: int, of: str = "") -> Receipt:
    hop = hops.prefix(1) + f"{n:010}"
    return Receipt(at, "", "ad", 1, "tap", of or f"tap-{i}", i, hop, s="end")


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
        await apply(counts, "share", f"{nth}", items(told[at : at + 7]))
    await agrees(counts, "share", items(told), BASE + 3 * HOUR)


async def test_hops_made_up_to_begin_like_another_take_nothing_from_it(
    redis: Redis, agrees: Agrees
) -> None:
    counts, told = Counts(redis, lambda: BASE + 3 * HOUR), []
    for nth, after in enumerate((0, HOUR)):
        for n in range(90):
            i, at, country = f"{n}-{nth}", BASE + after + n, f"C{n % 7}"
            hop = hops.prefix(1) + f"dddd{n:06}"
            told.append(Receipt(at, "", "ad", 1, "open", i, i, hop, country=country))
            told.append(Receipt(at + 90, "", "ad", 1, "tap", f"t{i}", i, hop, s="end"))
    all_ = items(sorted(told, key=lambda each: each.k))
    for nth in range(9):
        await apply(counts, "share", f"{nth}", all_[40 * nth :][:40])
    await agrees(counts, "share", all_, BASE + 3 * HOUR)
    assert len(await _noted(redis)) == 1, "whose the short name is, so that it is not looked for"


async def test_of_hops_that_begin_as_they_come_nothing_is_noted(redis: Redis) -> None:
    counts, told = Counts(redis, lambda: BASE + 3 * HOUR), []
    for n in range(400):
        hop = hops.prefix(1) + digest(f"{n}", 8, b"").hex()[:10]
        told.append(Receipt(BASE + n, "", "ad", 1, "open", f"{n}", f"{n}", hop))
        told.append(Receipt(BASE + n + 90, "", "ad", 1, "tap", f"t{n}", f"{n}", hop, s="end"))
    await apply(counts, "share", "0", items(told[::2]))
    await apply(counts, "share", "1", items(told[1::2]))
    assert await _noted(redis) == []


async def _noted(redis: Redis) -> list[bytes]:
    names = await redis.hkeys(BODY)
    return [name for name in names if name.startswith(b"uu")]


async def test_what_came_while_a_clock_was_days_ahead_is_known_when_it_has_stepped_back(
    counts: Counts, clock: Clock, agrees: Agrees
) -> None:
    told = []
    for nth, at in enumerate((BASE, BASE + 4 * DAY, BASE + HOUR, BASE + 2 * HOUR)):
        clock.at = at
        # The same open and tap each time, an open of their own, and a tap that waits for the next.
        some = [_opened(f"own-{nth:012}", nth + 1, at), _tapped(f"own-{nth + 1:012}", nth + 2, at)]
        some += [_opened("open-000000000000", 0, at), _tapped("open-000000000000", 0, at)]
        await apply(counts, "share", f"{nth}", items(some))
        told += some
    clock.at = BASE + 5 * DAY + HOUR
    await agrees(counts, "share", items(told), clock.at)


async def test_of_more_opens_than_a_day_of_a_share_can_count_each_is_known_again(
    redis: Redis,
) -> None:
    counts, head = Counts(redis, lambda: BASE), keys.SHARE_HEAD.format(share="share")
    await apply(counts, "share", "1", items([_opened("first", 1, BASE)]))
    kept = await redis.hget(head, "b")
    assert isinstance(kept, bytes)
    await redis.execute_command("HSET", head, "b", kept[:2] + b"\xff" * 6)
    told = [_opened("second", 2, BASE), _tapped("second", 2, BASE)]
    for segment in ("2", "3"):
        await apply(counts, "share", segment, items(told))
    (found,) = await counts.cells(["share"], BASE, BASE + HOUR, {"total"})
    (total,) = found
    assert (total.figures[OPENS], total.figures[TAPS], total.figures[REPEATED]) == (2, 1, 2)
