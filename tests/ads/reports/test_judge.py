"""Events judged one by one have the fold's sums, whatever the events and their order."""

import random
from collections import Counter
from datetime import datetime
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ads.clock import DAY, HOUR
from ads.events import ledger
from ads.events.erasure import EVER, Erasure, left
from ads.events.ledger import Ledger
from ads.events.receipt import Receipt
from ads.reports.judge import Judge, JudgedEvent
from ads.store.counts import Counts, Item
from tests.ads.store.counts.telling import patient
from tests.ads.store.counts.test_order import BASE, NOW, _folded, events

HOP, CHILD = "ABaaaaaaaaaa", "ACbbbbbbbbbb"


def judged(
    told: list[Receipt], ad: str = "ad-1", now: int = NOW, secret: bytes = b""
) -> list[JudgedEvent]:
    judge = Judge(ad, BASE, BASE + 48 * HOUR, secret)
    judge.hear(told)
    found = [event for some in judge.verdicts(now) for event in some]
    judge.close()
    return found


def told_of(found: Ledger) -> Counter[str]:
    """Events by verdict, as in the ledger."""
    told = Counter({f"{kind} counted": n for kind, n in found.counted.items()})
    return +(told + Counter(found.refused, repeated=found.repeated, pending=found.pending))


def by_verdict(events: list[JudgedEvent]) -> Counter[str]:
    return Counter(f"{e.k} counted" if e.verdict == "counted" else e.verdict for e in events)


def _ms(at: str) -> int:
    return round(datetime.fromisoformat(at).timestamp() * 1000)


def _final(item: Item) -> Receipt:
    return msgspec.structs.replace(item.receipt, refused=item.refused)


async def _agrees(counts: Counts, share: str, heard: list[Receipt]) -> None:
    """The verdicts on these events sum to the ledgers of the share's ads."""
    (found,) = await counts.cells([share], BASE - BASE % HOUR, BASE + 48 * HOUR)
    for ad in ("ad-1", "ad-2"):
        cells = (c.figures for c in found if c.dimension == "total" and c.ad == ad)
        verdicts = by_verdict(judged(heard, ad, secret=await counts.secret()))
        assert verdicts == told_of(ledger.build(cells))


@settings(patient, max_examples=40)
@given(told=events(), seed=st.integers(0, 10**6))
async def test_the_verdicts_add_up_to_the_ledger_whatever_was_sent_in_whatever_order(
    redis: Redis, told: Any, seed: int
) -> None:
    rng = random.Random(seed)
    items = [Item(0, receipt, refused) for receipt, refused, _ in told]
    counts, share = await _folded(redis, rng.sample(items, len(items)), rng)
    again = rng.sample(items, len(items))
    await _agrees(counts, share, list(map(_final, again)))


@settings(patient, max_examples=40)
@given(told=events(), seed=st.integers(0, 10**6))
async def test_when_a_day_was_forgotten_the_verdicts_on_the_others_still_are_the_ledgers(
    redis: Redis, told: Any, seed: int
) -> None:
    rng = random.Random(seed)
    items = [Item(0, receipt, refused) for receipt, refused, _ in told]
    counts, share = await _folded(redis, rng.sample(items, len(items)), rng)
    start = BASE - BASE % DAY
    gone = Erasure(first=start, last=start + DAY, asked=EVER)
    await counts.forget_day(share, start)
    heard = [stays for item in items if (stays := left(_final(item), [gone]))]
    await _agrees(counts, share, heard)


def _event(kind: str, i: str, o: str, at: int = 0, **more: Any) -> Receipt:
    return Receipt(BASE + at, "s", "ad-1", 1, kind, i, o, more.pop("n", HOP), **more)


def test_of_what_counts_once_the_earliest_is_counted() -> None:
    told = [
        _event("open", "a", "a", 5), _event("open", "a", "a", 9), _event("open", "a", "a", 5),
        _event("view", "v", "a", 8, s="top"), _event("view", "w", "a", 6, s="top"),
        _event("read", "r", "a", 7), _event("read", "q", "a", 10),
        _event("tap", "t", "a", 11, s="top"), _event("tap", "t", "b", 12, s="top"),
    ]  # fmt: skip
    found = [(_ms(e.at) - BASE, e.i, e.verdict) for e in judged(told)]
    assert found[:2] in (
        [(5, "a", "counted"), (5, "a", "repeated")],
        [(5, "a", "repeated"), (5, "a", "counted")],
    )
    assert found[2:] == [
        (6, "w", "counted"), (7, "r", "counted"), (8, "v", "repeated"), (9, "a", "repeated"),
        (10, "q", "repeated"), (11, "t", "counted"), (12, "t", "repeated"),
    ]  # fmt: skip


def test_without_its_open_an_event_waits_a_day_and_is_refused_then() -> None:
    told = [_event("tap", "t", "a", s="top")]
    assert [e.verdict for e in judged(told, now=BASE + DAY - 1)] == ["pending"]
    assert [e.verdict for e in judged(told, now=BASE + DAY)] == ["no_open"]
    late, in_time = _event("open", "a", "a", DAY), _event("open", "a", "a", DAY - 1)
    assert judged([*told, late])[0].verdict == "no_open"
    assert judged([*told, in_time])[0].verdict == "counted"


def test_a_counted_event_has_the_hop_and_the_parent_of_its_open() -> None:
    told = [_event("open", "a", "a", n=CHILD, p=HOP), _event("tap", "t", "a", 1, s="end", n=CHILD)]
    assert {(e.n, e.p) for e in judged(told)} == {(CHILD, HOP)}


def test_another_ads_events_judge_along_and_are_not_told() -> None:
    other = Receipt(BASE, "s", "ad-2", 1, "open", "a", "a", HOP)
    found = judged([other, _event("open", "a", "a", 1), _event("tap", "t", "a", 2, s="top")])
    assert [(e.k, e.verdict) for e in found] == [("open", "repeated"), ("tap", "counted")]
