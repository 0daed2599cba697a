"""A page with proxied pictures is stored in two pieces, which are never of two versions."""

import msgspec
from redis.asyncio import Redis

from proxy.compiler import compile_page
from proxy.page import Stored
from proxy.rights import Signals
from proxy.source import Source
from proxy.store import keys
from proxy.store.articles import ArticleStore
from tests.pages import ARTICLE

PICTURE = '<img src="http://tea.example/leaf.jpg" width="600" height="400">'


def stored(version: str, page: str = ARTICLE.replace("<p>", f"{PICTURE}<p>", 1)) -> Stored:
    source = Source("http://tea.example/a", page.encode(), "text/html; charset=utf-8")
    return Stored(compile_page(source, "full", Signals()), version, source.url, 0)


async def put(store: ArticleStore, what: Stored) -> None:
    token = await store.lock("a")
    assert token
    assert await store.put_page("a", "full", what, token)
    await store.unlock("a", token)


async def test_it_comes_back_as_it_was_compiled(redis: Redis) -> None:
    store = ArticleStore(redis)
    for what in (stored("1"), stored("2", ARTICLE)):
        await put(store, what)
        assert await store.page("a", "full") == what
    assert not await redis.exists(keys.parts("a", "full")), "parts of an earlier version"


async def test_pieces_of_two_versions_are_no_page(redis: Redis) -> None:
    store = ArticleStore(redis)
    await put(store, stored("1"))
    parts = await redis.get(keys.parts("a", "full"))
    await put(store, msgspec.structs.replace(stored("1"), version="2"))
    assert await store.page("a", "full")
    await redis.set(keys.parts("a", "full"), parts)
    assert await store.page("a", "full") is None
