"""Templates in the store: drawn by one worker, used by all, and only for pages that they fit."""

import pytest
from redis.asyncio import Redis

from ads.ad import Ad
from ads.clock import MINUTE
from ads.store import connect
from proxy.render.template import Template
from proxy.serving.build import Builder
from proxy.shares import Share
from proxy.store import keys
from proxy.store.templates import HELD, TemplateStore
from tests.pages import ARTICLE
from tests.proxy.service.conftest import Origin, Start, Time, Worker, until
from tests.proxy.service.test_memory import ask


async def kept(redis: Redis, worker: Worker) -> list[bytes]:
    """The names of the templates in the store, once pending ones are written."""
    store = worker.display._stores.templates
    await until(lambda: store._writing is None)
    found: list[bytes] = await redis.keys(keys.template("*", "*"))
    return found


@pytest.fixture
async def drawn(worker: Worker, share: Share, redis: Redis) -> bytes:
    page = await ask(worker.display, share.id)
    assert len(await kept(redis, worker)) == 1
    return page


async def test_what_one_worker_drew_another_joins(
    start: Start, share: Share, drawn: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await start()
    monkeypatch.setattr(Builder, "_draw", None)
    assert await ask(other.display, share.id) == drawn


async def test_a_template_goes_by_itself(drawn: bytes, worker: Worker, redis: Redis) -> None:
    assert drawn
    (name,) = await kept(redis, worker)
    assert 0 < await redis.ttl(name) <= keys.TEMPLATE_S


@pytest.mark.parametrize("change", ["ad", "paused", "article"])
async def test_a_template_of_before_a_change_is_of_no_use_to_who_never_heard_of_it(
    change: str,
    start: Start,
    worker: Worker,
    share: Share,
    ad: Ad,
    drawn: bytes,
    site: Origin,
    time: Time,
) -> None:
    assert b"Last pick" in drawn
    time.at += MINUTE
    if change == "article":
        site.pages["/tea"] = ARTICLE.replace("What the last oolong", "Altogether another")
        await worker.renewer.renew(share.article_id, share.asked)
    else:
        changes = {"ad": {"title": "Altogether another"}, "paused": {"state": "paused"}}
        await worker.ads.change("mei", ad.id, changes[change])
    page = await ask((await start()).display, share.id)
    assert (b"Altogether another" in page) == (change != "paused")
    assert (b"Last pick" in page) == (change == "article")


async def test_other_settings_have_templates_of_their_own(
    start: Start, share: Share, drawn: bytes
) -> None:
    other = await start(console="https://another.example")
    page = await ask(other.display, share.id)
    assert b"https://console.example" in drawn
    assert b"https://another.example" in page


async def test_templates_that_cannot_be_written_are_let_go() -> None:
    away = connect("unix:///nowhere/at/all")
    store = TemplateStore(away)
    template = Template((b"x",), *[()] * 5, 0, 0, b"", 0)
    for number in range(HELD + 1):
        store.keep("article", str(number).encode(), template, "", b"fits")
    assert len(store._held) == HELD
    await until(lambda: store._writing is None)
    assert not store._held
    await away.aclose()
