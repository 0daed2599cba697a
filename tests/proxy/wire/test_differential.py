"""The fast path answers like stock aiohttp, whatever is sent and however it is split."""

from pathlib import Path

from redis.asyncio import Redis

from tests.proxy.wire.streams import differences
from tests.proxy.wire.twin import twin

STREAMS = 800


async def test_the_same_bytes_get_the_same_answer(redis: Redis, tmp_path: Path) -> None:
    async with twin(redis, tmp_path) as pair:
        found = await differences(pair, range(STREAMS))
        assert not found, f"{len(found)} differ:\n" + "\n".join(found[:3])
        assert pair.parts.tally["passalong_beacons", "204"]
