"""Calls of one name share a run, and cancelling one does not affect the others."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from proxy.flight import Flight


async def test_calls_of_one_name_are_one_run_and_later_ones_another() -> None:
    runs: list[str] = []
    gate = asyncio.Event()

    def named(name: str) -> Callable[[], Awaitable[int]]:
        async def work() -> int:
            runs.append(name)
            await gate.wait()
            return runs.count(name)

        return work

    flight: Flight[int] = Flight()
    names = ["a", "b", "a", "a"]
    calls = [asyncio.ensure_future(flight.run(name, named(name))) for name in names]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*calls) == [1, 1, 1, 1]
    assert sorted(runs) == ["a", "b"]
    assert await flight.run("a", named("a")) == 2


async def test_an_exception_reaches_everyone_who_waits() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        raise ValueError("no")

    flight: Flight[int] = Flight()
    found = await asyncio.gather(
        flight.run("a", work), flight.run("a", work), return_exceptions=True
    )
    assert [type(each) for each in found] == [ValueError, ValueError]


async def test_a_caller_who_leaves_does_not_stop_the_others() -> None:
    gate = asyncio.Event()

    async def work() -> str:
        await gate.wait()
        return "done"

    flight: Flight[str] = Flight()
    leaving = asyncio.ensure_future(flight.run("a", work))
    staying = asyncio.ensure_future(flight.run("a", work))
    await asyncio.sleep(0)
    leaving.cancel()
    gate.set()
    assert await staying == "done"
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_stopping_lets_the_work_clean_up() -> None:
    cleaned = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(1)

    flight: Flight[None] = Flight()
    flight.begin("a", work)
    await asyncio.sleep(0)
    await flight.stop()
    assert cleaned == [1]
