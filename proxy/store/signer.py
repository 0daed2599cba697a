"""Which key signs pages: machines that share a store must share their keys.

Otherwise each refuses the events of readers whose page another made, and nobody notices.
"""

from collections.abc import Sequence
from hashlib import blake2b

from redis.asyncio import Redis

from ads.store.records import text
from proxy.store import keys as names

STRANGE = (
    "another signs pages with a key that this service lacks: events of their readers are refused"
    " here; give all machines on this store the same PASSALONG_SECRET_KEYS"
)


async def known(redis: Redis, keys: Sequence[bytes]) -> bool:
    """Whether the service that started last signs with one of `keys`, or none has started.

    Raises RedisError.
    """
    found = await redis.get(names.SIGNER)
    return found is None or text(found) in map(_mark, keys)


async def claim(redis: Redis, keys: Sequence[bytes]) -> bool:
    """Notes that we sign with the first of `keys`; returns `known` of the service before us."""
    agreed = await known(redis, keys)
    await redis.set(names.SIGNER, _mark(keys[0]))
    return agreed


def _mark(key: bytes) -> str:
    """A digest that tells keys apart but is too short to find a key by."""
    return blake2b(key, digest_size=4).hexdigest()
