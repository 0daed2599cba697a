"""For whom a page is made: nobody's many pages keep another's one waiting (a leaf)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from weakref import WeakValueDictionary

_who: ContextVar[str] = ContextVar("who", default="")


@contextmanager
def on_behalf_of(who: str) -> Iterator[None]:
    """What is begun within is made for this account's house."""
    before = _who.set(who)
    try:
        yield
    finally:
        _who.reset(before)


class Turns:
    """One at a time for each of them, who then queue for what there is once: each in turn."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def mine(self) -> AsyncIterator[None]:
        """While it is the turn of whomever this is made for."""
        async with self._locks.setdefault(_who.get(), asyncio.Lock()):
            yield
