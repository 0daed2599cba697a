"""Fair queueing by account: an account with many pages does not hold up one with few (a leaf).

The account is in a context variable, so that the layers in between need not pass it on.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from weakref import WeakValueDictionary

_account: ContextVar[str] = ContextVar("account", default="")


@contextmanager
def on_behalf_of(account: str) -> Iterator[None]:
    """Work that begins in this block is queued for this account (the id of its advertiser)."""
    before = _account.set(account)
    try:
        yield
    finally:
        _account.reset(before)


class FairQueue:
    """Lets one call of each account at a time queue for a single resource."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits until no other call of the same account is in the block."""
        async with self._locks.setdefault(_account.get(), asyncio.Lock()):
            yield
