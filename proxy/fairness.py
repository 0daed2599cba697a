"""Fair queueing by account: nobody's many pages keep another's one waiting (a leaf).

The account travels with the context of the call, so that nothing in between has to hand it on.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from weakref import WeakValueDictionary

_account: ContextVar[str] = ContextVar("account", default="")


@contextmanager
def on_behalf_of(account: str) -> Iterator[None]:
    """What is begun within is queued for this account (the id of its house)."""
    before = _account.set(account)
    try:
        yield
    finally:
        _account.reset(before)


class FairQueue:
    """Lets one call of each account through at a time, to queue for a resource there is once."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """While no other call of the same account is within."""
        async with self._locks.setdefault(_account.get(), asyncio.Lock()):
            yield
