"""Background tasks."""

import asyncio

import msgspec
import pytest

from ads import tasks


@pytest.mark.parametrize("fault", [ConnectionError(), msgspec.ValidationError()])
async def test_a_store_that_is_away_or_has_another_version_s_is_asked_again_and_spoken_of_once(
    caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    answers = [fault, fault, None, fault]

    async def ask() -> None:
        if not answers:
            raise asyncio.CancelledError
        if error := answers.pop(0):
            raise error

    with pytest.raises(asyncio.CancelledError):
        await tasks.repeat(ask, 0, "figures")
    assert len(caplog.records) == 2
