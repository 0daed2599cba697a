"""Whose key signs what goes out: machines that share a store have to share their keys.

Each would refuse the events of readers whose page the other made, and nobody would be told.
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
    """Whether who began last signs with one of `keys`; nobody has begun, too. Raises RedisError."""
    found = await redis.get(names.SIGNER)
    return found is None or text(found) in map(_mark, keys)


async def claim(redis: Redis, keys: Sequence[bytes]) -> bool:
    """Sign with the first of `keys` from now on; as `known` of whoever did before."""
    agreed = await known(redis, keys)
    await redis.set(names.SIGNER, _mark(keys[0]))
    return agreed


def _mark(key: bytes) -> str:
    """Enough to tell keys apart, too little to find one by."""
    return blake2b(key, digest_size=4).hexdigest()
