"""An article that memory has no room for is read back from a file, and never an old version."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from proxy.compiler import compile_page
from proxy.hot import KEPT_EACH, Hot
from proxy.render.prepared import Prepared
from proxy.rights import Signals
from proxy.serving.articles import ArticleCache
from proxy.serving.ring import Ring
from proxy.source import Source
from tests.pages import prepared

HTML = b"<html><head><title>Bread</title></head><body><article>%b</article></body></html>"


def version(text: str) -> Prepared:
    """A compiled article with this text."""
    body = b"".join(
        b"<p>%b, said the baker on day %d, are all that bread needs.</p>" % (text.encode(), n)
        for n in range(40)
    )
    source = Source("https://publisher.example/bread", HTML % body, fetched_at=1)
    return prepared(compile_page(source, "full", Signals()))


OLD, NEW = version("Flour and water"), version("Salt and time")


@dataclass
class Worker:
    """A worker's cache of articles."""

    hot: Hot
    ring: Ring
    articles: ArticleCache

    async def read(self, found: Prepared, *, times: int = 1) -> None:
        """Read an article from the store `times` times, each time evicted from memory."""
        for _ in range(times):
            self.articles.keep("bread", "full", found, self.hot.mark())
            self.full()
            await self.written()

    async def written(self) -> None:
        """Wait until pending articles are in the file."""
        async with asyncio.timeout(20):
            while self.articles._writing.flying(("bread", "full")):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0)

    def full(self) -> None:
        """Fill the memory with other articles."""
        for number in range(200):
            self.hot.put(("other", number), number, 500, ["article:other"], self.hot.mark())
        assert self.hot.get(("article", "bread", "full")) is None


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    hot, ring = Hot(50_000), Ring(tmp_path, 100_000)
    probe = ring.room(5) or 0
    ring.put(probe, b"probe")
    if ring.get(probe, 5) is None:
        pytest.skip("this file system cannot tell what of it is in memory")
    yield Worker(hot, ring, ArticleCache(hot, ring))
    ring.close()


async def test_an_article_read_twice_from_the_store_is_at_hand_from_then_on(worker: Worker) -> None:
    await worker.read(OLD)
    assert worker.articles.get("bread", "full") is None, "one reader's page costs no disk"
    await worker.read(OLD)
    assert worker.articles.get("bread", "full") == OLD
    assert worker.hot.get(("article", "bread", "full")) is None, "once drives nothing out"
    for _ in range(KEPT_EACH):
        assert worker.articles.get("bread", "full") == OLD
    assert worker.hot.get(("article", "bread", "full")) == OLD, "asked for often it is in memory"
    assert worker.articles.get("bread", "reader") is None


async def test_a_change_forgets_what_is_in_the_file(worker: Worker) -> None:
    await worker.read(OLD, times=2)
    worker.hot.drop("article:bread")
    assert worker.articles.get("bread", "full") is None
    await worker.read(NEW, times=2)
    found = worker.articles.get("bread", "full")
    assert found
    assert found.parts == NEW.parts


async def test_what_was_read_before_a_change_is_not_put_aside(worker: Worker) -> None:
    await worker.read(OLD)
    mark = worker.hot.mark()
    worker.hot.drop("article:bread")
    for _ in range(2):
        worker.articles.keep("bread", "full", OLD, mark)
    assert worker.articles.get("bread", "full") is None


async def test_a_full_disk_costs_nobody_a_page(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_at: int, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worker.ring, "put", full)
    await worker.read(OLD, times=3)
    assert worker.articles.get("bread", "full") is None
    assert worker.ring.get(0, 5) is None, "what it took of the disk is given back"
    worker.hot.clear()
    worker.articles.keep("bread", "full", OLD, worker.hot.mark())
    assert worker.articles.get("bread", "full") is OLD


async def test_without_room_on_disk_the_store_is_asked(tmp_path: Path) -> None:
    hot = Hot(50_000)
    none = Worker(hot, Ring(tmp_path, 0), ArticleCache(hot, Ring(tmp_path, 0)))
    await none.read(OLD, times=3)
    assert none.articles.get("bread", "full") is None
