"""What goes on beside the answers."""

import asyncio

import pytest

from ads import tasks


async def test_a_store_that_is_away_is_asked_again_and_spoken_of_once_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers = [ConnectionError(), ConnectionError(), None, ConnectionError()]

    async def ask() -> None:
        if not answers:
            raise asyncio.CancelledError
        if error := answers.pop(0):
            raise error

    with pytest.raises(asyncio.CancelledError):
        await tasks.repeat(ask, 0, "figures")
    assert len(caplog.records) == 2
