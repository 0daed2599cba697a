"""A page with all its parts in the store is made from the records, by callbacks."""

import asyncio
import gzip

import pytest
from redis.asyncio import Redis

from ads.accounts import Account
from proxy.serving import quick
from proxy.serving.build import Builder
from proxy.serving.display import Gone
from proxy.serving.shown import Shown
from proxy.shares import Share
from proxy.store import keys
from proxy.store.batch import Answered
from tests.proxy.service.conftest import Worker, until
from tests.proxy.service.test_memory import ask
from tests.proxy.service.test_templates import kept
from tests.proxy.store.test_batch import commands


async def asked(worker: Worker, share: Share) -> Shown | None:
    """The page that the fast path gets."""
    found: asyncio.Future[Shown | None] = asyncio.get_running_loop().create_future()
    worker.display.begin(share.id, found.set_result)
    return await found


def page_of(shown: Shown | None) -> bytes:
    assert shown
    return gzip.decompress(shown.body("gzip"))


@pytest.mark.parametrize(
    ("forgotten", "reads"),
    [(("article",), 1), (("share",), 1), (("article", "share"), 2)],
)
async def test_what_memory_has_forgotten_is_read_and_nothing_is_drawn(
    worker: Worker,
    share: Share,
    redis: Redis,
    monkeypatch: pytest.MonkeyPatch,
    forgotten: tuple[str, ...],
    reads: int,
) -> None:
    page = await ask(worker.display, share.id)
    assert await kept(redis, worker)
    monkeypatch.setattr(Builder, "page", None)
    for kind in forgotten:
        worker.hot.drop(f"{kind}:{share.article_id if kind == 'article' else share.id}")
    before = await commands(redis)
    assert page_of(await asked(worker, share)) == page
    assert await commands(redis) == before + reads


async def test_a_record_that_cannot_be_read_is_told_by_the_long_way(
    worker: Worker, share: Share, redis: Redis
) -> None:
    page = await ask(worker.display, share.id)
    (name,) = await kept(redis, worker)
    await redis.set(name, b"no template")
    worker.hot.drop(f"article:{share.article_id}")
    found = []
    for _ in range(2):
        worker.display._quick.begin(share.id, found.append)
    await until(lambda: len(found) == 2)
    assert found == [None, None], "all who wait hear of it"
    await redis.delete(name)
    assert await ask(worker.display, share.id) == page


async def test_a_page_that_ends_while_it_is_made_is_not_shown_by_either_way(
    worker: Worker, share: Share, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache that waits for the page was purged before it had it, and would keep it for hours."""
    await ask(worker.display, share.id)
    worker.hot.drop(f"share:{share.id}")
    (record,) = await worker.stores.batch.each([keys.share(share.id)])
    waiting: list[Answered] = []
    with monkeypatch.context() as held:
        held.setattr(worker.stores.batch, "call", lambda _, told: waiting.append(told))
        quick = asyncio.ensure_future(asked(worker, share))
        patient = asyncio.ensure_future(worker.display.page(share.id))
        await until(lambda: len(waiting) == 2)
    await worker.publisher.end(mei, share.id)
    await worker.heard()
    for told in waiting:
        told([record])
    assert await quick is None
    assert isinstance(await patient, Gone)


@pytest.mark.parametrize("step", ["_named", "_made"])
async def test_what_goes_wrong_on_the_way_is_left_to_the_long_way(
    worker: Worker, share: Share, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    page = await ask(worker.display, share.id)

    def fail(*_: object) -> None:
        raise KeyError(step)

    monkeypatch.setattr(quick._QuickBuild, step, fail)
    worker.hot.drop(f"article:{share.article_id}")
    assert page_of(await asked(worker, share)) == page


async def test_one_who_fails_over_a_page_keeps_it_from_nobody_else(
    worker: Worker, share: Share
) -> None:
    def fail(_: object) -> None:
        raise KeyError

    await ask(worker.display, share.id)
    worker.hot.drop(f"share:{share.id}")
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    worker.display._quick.begin(share.id, fail)
    assert await asked(worker, share)
