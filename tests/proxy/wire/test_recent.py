"""An answer is repeated within its second, unless it has changed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from ads.clock import SECOND
from proxy.serving.display import BROTLI_AFTER
from proxy.wire import Wire, recent
from proxy.wire.head import Heads, Request
from proxy.wire.outbox import Parts
from proxy.wire.recent import Answered, Recent
from tests.proxy.wire.twin import HOST, Twin, twin

HEADS = Heads(HOST)
PAGE = Answered((b"head", b"body"), ("passalong_requests", "pages", "200"))


@pytest.fixture
async def pair(redis: Redis, tmp_path: Path) -> AsyncIterator[Twin]:
    async with twin(redis, tmp_path) as made:
        yield made


def wire(pair: Twin) -> Wire:
    assert pair.fast.server
    return pair.fast.server()._wire


def asked(share: str, encodings: str = "gzip", method: str = "GET") -> Request:
    lines = f"{method} /s/{share} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: {encodings}\r\n"
    return HEADS.read(f"{lines}\r\n".encode()) or pytest.fail("not certain")


def name(share: str = "tea") -> recent.Name:
    return b"GET", share, HEAD


HEAD = asked("tea").head


@pytest.mark.parametrize(
    ("later", "changes", "known"), [(999, 0, True), (1_000, 0, False), (0, 1, False)]
)
def test_an_answer_is_remembered_within_its_second_until_a_change(
    later: int, changes: int, known: bool
) -> None:
    marks = [0, changes]
    found = Recent(lambda: marks.pop(0))
    assert found.get(name(), 7 * SECOND) is None
    found.keep(name(), PAGE)
    assert (found.get(name(), 7 * SECOND + later) is PAGE) == known


def test_no_more_are_remembered_than_fit() -> None:
    found = Recent(lambda: 0)
    found.get(name(), 0)
    for number in range(recent.REMEMBERED + 1):
        found.keep(name(str(number)), PAGE)
    assert found.get(name("0"), 0)
    assert not found.get(name(str(recent.REMEMBERED)), 0)


def test_shares_methods_and_fields_are_told_apart() -> None:
    found = Recent(lambda: 0)
    found.get(name(), 0)
    found.keep(name(), PAGE)
    for other in (name("ice"), (b"HEAD", "tea", HEAD), (b"GET", "tea", asked("tea", "br").head)):
        assert found.get(other, 0) is None


async def test_a_changed_page_is_not_answered_from_the_second_before(pair: Twin) -> None:
    request = asked(pair.share, "br")
    assert wire(pair).page(request)
    pair.parts.hot.drop(f"share:{pair.share}")
    assert wire(pair).page(request) is None


async def test_a_page_that_is_asked_for_within_one_second_gets_its_brotli(pair: Twin) -> None:
    request = asked(pair.share, "gzip, br")
    pair.parts.hot.drop(f"share:{pair.share}")
    await pair.parts.display.page(pair.share)
    for _ in range(BROTLI_AFTER + 1):
        assert _said(wire(pair).page(request)) == "gzip"
    async with asyncio.timeout(20):
        while _said(wire(pair).page(request)) != "br":  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0)


async def test_who_asks_for_the_head_alone_is_not_given_the_body_of_before(pair: Twin) -> None:
    for method, parts in (("GET", 2), ("HEAD", 1)):
        said = wire(pair).page(asked(pair.share, method=method))
        assert said
        assert len(said) == parts


def _said(parts: Parts | None) -> str:
    assert parts
    return parts[0].partition(b"Content-Encoding: ")[2].partition(b"\r\n")[0].decode()


@pytest.mark.parametrize(
    ("method", "lines", "status"), [("GET", "", "200"), ("HEAD", "", "200"), ("GET", "etag", "304")]
)
async def test_each_answer_is_counted(pair: Twin, method: str, lines: str, status: str) -> None:
    etag = f"br\r\nIf-None-Match: {pair.etag}" if lines else "br"
    request, tally = asked(pair.share, etag, method=method), wire(pair)._tally
    for _ in range(3):
        assert wire(pair).page(request)
    assert tally["passalong_requests", "pages", status] == 3
    assert tally["passalong_pages", "memory"] == 3
