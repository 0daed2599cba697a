"""A day's figures by one dimension: Python and Lua read what was written."""

from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from ads.clock import HOUR
from ads.events import hops
from ads.events.receipt import Receipt
from ads.store.counts import Counts
from ads.store.counts.sections import (
    Section,
    counts,
    pack_counts,
    pack_section,
    sections,
)
from tests.ads.store.counts.telling import Agrees, apply, items

OFTEN = st.sampled_from([1, 2, 127, 128, 16_384, 2_097_152])
FLAG = st.booleans()
PARTS = st.lists(
    st.builds(
        Section, st.integers(0, 23), st.integers(1, 3), st.binary(max_size=300), FLAG, FLAG, FLAG
    ),
    max_size=9,
)


@given(st.dictionaries(st.integers(0, 1 << 24), OFTEN))
def test_readings_are_read_as_they_were_written(readings: dict[int, int]) -> None:
    section = Section(0, 0, pack_counts(readings), away=False)
    assert list(counts(section)) == sorted(readings.items())


@given(PARTS, st.integers(0, 23), st.integers(0, 3))
def test_a_span_of_hours_has_the_sections_of_its_hours_and_ad(
    parts: list[Section], first: int, ad: int
) -> None:
    hours = range(first, min(first + 2, 24))
    found = sections(b"".join(map(pack_section, parts)), hours, ad or None)
    assert found == [part for part in parts if part.hour in hours and ad in (0, part.ad)]


async def test_an_hour_with_more_than_its_short_form_holds_is_told_as_it_is(
    redis: Redis, agrees: Agrees
) -> None:
    start = 1_790_000_000_000 - 1_790_000_000_000 % HOUR
    counts, told = Counts(redis, lambda: start + HOUR), []
    for source in range(30):
        for nth in range(1 + source % 12):
            i, hop = f"{source}-{nth}", hops.prefix(1) + f"{source:05}{nth % 3:05}"
            about = {"country": "DE", "source": f"s{source}"}
            told.append(Receipt(start + nth, "", "ad", 1, "open", i, i, hop, **about))
            told += [
                Receipt(start + 9, "", "ad", 1, kind, f"{i}{kind}", i, hop, s=slot)
                for kind, slot in (("view", "top"), ("view", "end"), ("tap", "end"), ("share", ""))
            ]
    for nth in range(7):
        await apply(counts, "share", f"{nth}", items(told)[nth::7])
    await agrees(counts, "share", items(told), start + HOUR)
