"""Reading the hops of some depths of a share: whole pages, or those in which an id stands."""

from collections.abc import AsyncIterator, Collection
from typing import NamedTuple

from redis.asyncio import Redis

from ads.store import keys
from ads.store.counts.nodes import Node, unpack_nodes
from ads.store.counts.script import LEVEL, Argument
from ads.store.counts.wire import pack_hop

PAGES_AT_ONCE = 1_000
"""About a megabyte; the store does nothing else while it looks through them."""
FEW_PAGES = 4


class Part(NamedTuple):
    """Pages that were read at one moment: of the hops to before `stop` (b"": to the last one).

    `news` were the newest of the share at that moment.
    """

    pages: bytes
    stop: bytes
    news: bytes


async def parts(
    redis: Redis,
    share: str,
    start: bytes,
    stop: bytes,
    sought: Collection[bytes] = (),
    *,
    few: bool = False,
    begin_news: bool = False,
) -> AsyncIterator[Part]:
    """The pages of hops from one id to before another, that hold one of the ids if there are.

    With `few` it begins with some pages, since these are likely to do. `begin_news` makes the fold
    keep the log of changes from then on.
    """
    named = keys.of_share(share, keys.SHARE_DIR, keys.SHARE_BODY)
    at_once = FEW_PAGES if few else PAGES_AT_ONCE
    while start:
        arguments: list[Argument] = [start, stop, min(at_once, PAGES_AT_ONCE), int(begin_news)]
        start, newest, *found = await LEVEL(redis, named, [*arguments, *sought])
        at_once *= 4
        yield Part(b"".join(found), start, newest)


async def node(redis: Redis, share: str, hop: str) -> Node | None:
    """One hop; None if nobody has it."""
    key = pack_hop(hop)
    found = [part.pages async for part in parts(redis, share, key, key + b"\0", {key})]
    return next((each for each in unpack_nodes(b"".join(found)) if each.hop == hop), None)
