"""A site that is away is not waited for again and again, and nobody else waits at all."""

import asyncio
from dataclasses import replace

import pytest

from proxy.errors import SourceProblem
from proxy.fetch import Fetcher
from proxy.fetch.breaker import FAILURES, PAUSE_SECONDS, SITES_MAX, Breaker
from tests.proxy.fetch.conftest import LOOPBACK, Origin, Request


class Watch:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def _away(breaker: Breaker, site: str) -> bool:
    try:
        breaker.check(site)
    except SourceProblem:
        return True
    return False


def test_after_failures_in_a_row_a_site_rests_then_one_may_try_for_all() -> None:
    watch = Watch()
    breaker = Breaker(watch)
    for _ in range(FAILURES - 1):
        breaker.failed("slow.example", "unreachable")
    assert not _away(breaker, "slow.example")
    breaker.failed("slow.example", "unreachable")
    assert _away(breaker, "slow.example")
    assert not _away(breaker, "other.example")
    watch.seconds += PAUSE_SECONDS
    assert [_away(breaker, "slow.example") for _ in range(3)] == [False, True, True]
    breaker.answered("slow.example")
    assert not _away(breaker, "slow.example")


def test_one_answer_between_makes_the_count_begin_again() -> None:
    breaker = Breaker(Watch())
    for _ in range(3 * FAILURES):
        breaker.failed("moody.example", "unreachable")
        breaker.answered("moody.example")
    assert not _away(breaker, "moody.example")


def test_sites_without_number_take_bounded_memory() -> None:
    breaker = Breaker(Watch())
    for number in range(SITES_MAX + 50):
        breaker.failed(f"{number}.example", "unreachable")
    assert len(breaker._failures) == SITES_MAX


async def test_a_site_that_hangs_is_told_at_once_with_when_to_try_again_and_others_are_served(
    origin: Origin,
) -> None:
    silent = asyncio.Event()

    async def hang(_: Request, __: asyncio.StreamWriter) -> None:
        await silent.wait()

    origin.answers["/hangs"] = hang
    there = origin.put("/there")
    watch = Watch()
    breaker = Breaker(watch)
    hasty = Fetcher(replace(LOOPBACK, seconds=0.1), lambda: 0, breaker=breaker)
    patient = Fetcher(LOOPBACK, lambda: 0, breaker=breaker)
    slow = origin.url("/hangs", host="localhost")
    try:
        for _ in range(FAILURES):
            with pytest.raises(SourceProblem) as timeout:
                await hasty.get(slow)
            assert timeout.value.code == "source_timeout"
        asked = len(origin.asked)
        with pytest.raises(SourceProblem) as away:
            await hasty.get(slow)
        assert away.value.code == "source_timeout", "as before"
        assert "asked again in 20 seconds" in away.value.detail
        assert len(origin.asked) == asked, "nobody was asked"
        assert await patient.get(there), "another site"
        watch.seconds += PAUSE_SECONDS
        silent.set()
        assert await patient.get(origin.put("/back").replace("127.0.0.1", "localhost"))
        assert await patient.get(slow.replace("/hangs", "/back"))
    finally:
        silent.set()
        await hasty.close()
        await patient.close()


async def test_names_that_cannot_be_looked_up_hold_nobody_up(
    origin: Origin,
) -> None:
    async def broken(name: str) -> list[str]:
        raise OSError(-3, "Temporary failure in name resolution")

    fetcher = Fetcher(LOOPBACK, lambda: 0, lookup=broken)
    try:
        for number in range(2 * FAILURES):
            with pytest.raises(SourceProblem) as failed:
                await fetcher.get("http://news.example/a")
            assert failed.value.code == "unreachable"
            assert "news.example" in failed.value.detail
            assert ("in a row" in failed.value.detail) == (number >= FAILURES)
        assert await fetcher.get(origin.put("/there")), "an address needs no name"
    finally:
        await fetcher.close()
