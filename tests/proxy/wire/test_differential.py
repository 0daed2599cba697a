"""The fast path answers as stock aiohttp does, whatever is sent and however it is cut."""

import asyncio
from pathlib import Path

from redis.asyncio import Redis

from tests.proxy.wire.streams import Draw
from tests.proxy.wire.twin import Twin, twin

STREAMS = 800
AT_ONCE = 24


async def differences(pair: Twin, seeds: range, at_once: int = AT_ONCE) -> list[str]:
    """Streams that are answered differently, told in a line each."""
    found: list[str] = []
    waiting = iter(seeds)

    async def lane() -> None:
        for seed in waiting:
            chunks = Draw(pair, seed).stream()
            stock, fast = await pair.both(chunks)
            if stock != fast:
                found.append(
                    f"seed {seed}: {chunks!r:.3000}\n  stock {stock!r:.700}\n  fast {fast!r:.700}"
                )

    await asyncio.gather(*(lane() for _ in range(at_once)))
    return found


async def test_the_same_bytes_get_the_same_answer(redis: Redis, tmp_path: Path) -> None:
    async with twin(redis, tmp_path) as pair:
        found = await differences(pair, range(STREAMS))
        assert not found, f"{len(found)} differ:\n" + "\n".join(found[:3])
        assert pair.parts.tally["passalong_beacons", "204"]
