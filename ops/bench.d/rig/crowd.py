"""Many shares of many articles, written into the store: copies of one that was published."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec
from redis.asyncio import Redis

from ads.store import connect
from proxy.render import prepared
from proxy.run.store import url
from proxy.store import keys
from proxy.store.shares import ShareStore
from rig.house import House

AT_ONCE = 2_000


def article(number: int) -> str:
    """The id of a copied article."""
    return f"copied-article-{number}"


def share(number: int) -> str:
    """The id of a copied share, as long as a real one."""
    return f"c{number:011d}"


async def fill(home: House, shares: int, articles: int) -> None:
    """Write `shares` copies of the house's first share, over `articles` copies of its article."""
    redis = connect(url(home.service.data_dir))
    await redis.config_set("appendonly", "no")  # else it would write gigabytes
    first = await ShareStore(redis).get(home.shares[0]["id"])
    assert first
    # The records of the article: its page, and the same with proxied pictures.
    every = (keys.page, keys.parts, lambda article, mode: keys.shown(article, mode, "*"))
    for kind in (key(first.article_id, first.asked) for key in every):
        for key in await redis.keys(re.escape(kind).replace(r"\*", "*")):
            page, name = await redis.get(key), key.decode()
            named = (
                (name.replace(first.article_id, article(n)), _titled(page, n))
                for n in range(articles)
            )
            await _write(redis, named, 50)
    records = (
        (
            keys.share(share(n)),
            msgspec.msgpack.encode(
                msgspec.structs.replace(first, id=share(n), article_id=article(n % articles))
            ),
        )
        for n in range(shares)
    )
    await _write(redis, records, AT_ONCE)
    await redis.aclose()


def _titled(data: bytes, number: int) -> bytes:
    """The page with its own title and address, so that no template fits another page."""
    found, change = prepared.read(data), msgspec.structs.replace
    stored, page = found.stored, found.stored.page
    about = {
        "title": f"{page.article.title} {number}",
        "source_url": f"{page.article.source_url}?{number}",
    }
    page = change(
        page, article=change(page.article, **about), card=change(page.card, title=about["title"])
    )
    parts = found.parts
    return prepared.packed(change(stored, page=page), parts, http=found.http, apart=not parts)


async def _write(redis: Redis, pairs: Iterable[tuple[str, bytes]], at_once: int) -> None:
    for some in _groups(iter(pairs), at_once):
        pipeline = redis.pipeline(transaction=False)
        for key, value in some:
            pipeline.set(key, value)
        await pipeline.execute()
        await asyncio.sleep(0)


def _groups(pairs: Iterator[tuple[str, bytes]], size: int) -> Iterator[list[tuple[str, bytes]]]:
    while some := list(islice(pairs, size)):
        yield some
