"""Reading the hops of some depths of a share: all pages, or those that contain an id."""

from collections.abc import AsyncIterator, Collection
from typing import NamedTuple

from redis.asyncio import Redis

from ads.store import keys
from ads.store.counts.nodes import Node, unpack_nodes
from ads.store.counts.script import LEVEL, Argument
from ads.store.counts.wire import pack_hop

PAGES_AT_ONCE = 1_000
"""About a megabyte; the store does nothing else while it searches them."""
FEW_PAGES = 4


class Part(NamedTuple):
    """Pages read at one moment, of hops before `stop` (b"": up to the last one).

    `news` is the share's newest part of the change log at that moment.
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
    """The pages of hops from one id to before another; if ids are `sought`, only pages with them.

    With `few`, a few pages are read first, since they are likely to suffice. `begin_news` makes
    the fold keep the change log from then on.
    """
    named = keys.of_share(share, keys.SHARE_DIR, keys.SHARE_BODY)
    at_once = FEW_PAGES if few else PAGES_AT_ONCE
    while start:
        arguments: list[Argument] = [start, stop, min(at_once, PAGES_AT_ONCE), int(begin_news)]
        start, newest, *found = await LEVEL(redis, named, [*arguments, *sought])
        at_once *= 4
        yield Part(b"".join(found), start, newest)


async def node(redis: Redis, share: str, hop: str) -> Node | None:
    """One hop; None if there is none with this id."""
    key = pack_hop(hop)
    found = [part.pages async for part in parts(redis, share, key, key + b"\0", {key})]
    return next((each for each in unpack_nodes(b"".join(found)) if each.hop == hop), None)
