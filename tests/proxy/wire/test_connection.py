"""The fast path over real sockets: slow clients, idle ones, and closing."""

import asyncio
import gc
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from ads.clock import now_ms
from proxy.wire import protocol
from proxy.wire.protocol import WireHandler
from tests.proxy.wire.streams import Draw
from tests.proxy.wire.twin import HOST, Twin, twin

MANY = 1_500  # more than the kernel buffers for both sides
IDLE_SECONDS = 0.2


@pytest.fixture
async def pair(redis: Redis, tmp_path: Path) -> AsyncIterator[Twin]:
    async with twin(redis, tmp_path) as made:
        yield made


@pytest.fixture
async def hasty(redis: Redis, tmp_path: Path) -> AsyncIterator[Twin]:
    async with twin(redis, tmp_path, IDLE_SECONDS) as made:
        yield made


@asynccontextmanager
async def connect(pair: Twin) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(*pair.fast.addresses[0][:2])
    yield reader, writer
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def connection(pair: Twin) -> WireHandler | None:
    assert pair.fast.server
    found = next(iter(pair.fast.server.connections), None)
    assert found is None or isinstance(found, WireHandler)
    return found


async def until(pair: Twin, so: Callable[[WireHandler], object]) -> WireHandler:
    """The connection, once `so` holds for it."""
    async with asyncio.timeout(20):
        while not ((found := connection(pair)) and so(found)):  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0)
    return found


def page(pair: Twin, *lines: str) -> bytes:
    head = (f"GET /s/{pair.share} HTTP/1.1", f"Host: {HOST}", "Accept-Encoding: gzip", *lines)
    return "\r\n".join((*head, "", "")).encode()


async def test_a_client_that_does_not_read_is_not_written_to_without_end(pair: Twin) -> None:
    async with connect(pair) as (reader, writer):
        asked = page(pair) * MANY + page(pair, "Connection: close")
        sending = asyncio.create_task(_send(writer, asked))
        transport = (await until(pair, lambda found: found.writing_paused)).transport
        assert transport
        shown = pair.parts.display.ready(pair.share, now_ms())
        assert shown
        one = len(shown.body("gzip"))
        for _ in range(100):
            await asyncio.sleep(0)
            assert transport.get_write_buffer_size() < 64 * 1024 + 3 * one
        said = await reader.read(-1)
        await sending
        assert said.count(b"HTTP/1.1 200 OK") == MANY + 1


async def test_a_client_that_reads_slowly_hears_every_answer_whole(pair: Twin) -> None:
    shown = pair.parts.display.ready(pair.share, now_ms())
    assert shown
    body = shown.body("gzip")
    async with connect(pair) as (reader, writer):
        sending = asyncio.create_task(_send(writer, page(pair) * MANY))
        await until(pair, lambda found: found.writing_paused)
        for _ in range(MANY):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK")
            assert await reader.readexactly(len(body)) == body
        await sending


async def test_before_each_of_many_answers_it_is_seen_whether_those_before_are_read(
    pair: Twin,
) -> None:
    async with connect(pair):
        found = await until(pair, WireHandler._idle)
        found.data_received(page(pair) * MANY)
        assert found.writing_paused


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


async def test_a_beacon_that_is_being_kept_is_answered_before_the_end(pair: Twin) -> None:
    async with connect(pair) as (reader, writer):
        writer.write(Draw(pair, 1).good())
        await until(pair, lambda found: found._asked)
        await pair.fast.cleanup()
        assert (await reader.read(-1)).startswith(b"HTTP/1.1 204")


def _half_closed(found: WireHandler) -> None:
    """End a connection as an event loop does that reads a request and the end in one turn."""
    found.eof_received()
    assert found.transport
    found.transport.close()


@pytest.mark.parametrize("end", [WireHandler.force_close, _half_closed])
async def test_a_page_that_was_answered_is_out_before_its_connection_is_closed(
    pair: Twin, end: Callable[[WireHandler], None]
) -> None:
    async with connect(pair) as (reader, _):
        found = await until(pair, WireHandler._idle)
        found.data_received(page(pair))
        end(found)
        assert (await reader.read(-1)).startswith(b"HTTP/1.1 200")


async def test_what_comes_while_a_beacon_is_kept_waits_its_turn_and_is_bounded(pair: Twin) -> None:
    async with connect(pair) as (reader, writer):
        writer.write(Draw(pair, 1).good() + page(pair) * MANY + page(pair, "Connection: close"))
        said = await reader.read(-1)
        assert said.startswith(b"HTTP/1.1 204")
        assert said.count(b"HTTP/1.1 200 OK") == MANY + 1


async def test_a_request_that_overtakes_the_end_of_another_takes_the_fast_path(
    pair: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = WireHandler.finish_response

    async def overtaken(self: WireHandler, *given: Any) -> Any:
        done = await finish(self, *given)
        # Before aiohttp learns of the end of the request that it has just answered.
        asyncio.get_running_loop().call_soon(self.data_received, page(pair))
        return done

    monkeypatch.setattr(WireHandler, "finish_response", overtaken)
    async with connect(pair) as (reader, writer):
        await until(pair, lambda found: found._waiter)
        writer.write(page(pair).replace(pair.share.encode(), b"nosuchshare1"))
        await reader.readuntil(b"HTTP/1.1 404 Not Found")
        await reader.readuntil(b"HTTP/1.1 200 OK")
        assert pair.fast.server
        assert pair.fast.server.requests_count == 1


async def test_an_idle_connection_ends(hasty: Twin) -> None:
    async with connect(hasty) as (reader, writer):
        writer.write(page(hasty))
        assert (await reader.read(-1)).count(b"HTTP/1.1 200 OK") == 1


@pytest.mark.parametrize(
    "start", [b"GET /s/", b"POST /e HTTP/1.1\r\nHost: pages.example\r\nContent-Length: 99\r\n\r\n"]
)
async def test_one_that_sends_a_little_at_a_time_is_cut_off(
    hasty: Twin, start: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "BODY_SECONDS", IDLE_SECONDS)
    async with connect(hasty) as (reader, writer):
        writer.write(start)
        dripping = asyncio.create_task(_drip(writer))
        with suppress(ConnectionError):  # the client still sends: the end may be a reset
            await reader.read(-1)
        dripping.cancel()
        async with asyncio.timeout(20):  # the client may learn of the end first
            while connection(hasty):  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0)


async def _drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"a")
        await asyncio.sleep(IDLE_SECONDS / 20)


async def test_of_what_is_no_request_nothing_is_left_when_it_is_refused(pair: Twin) -> None:
    endless = page(pair).removesuffix(b"\r\n") + b"X: " + b"y" * 1_000_000
    gc.disable()  # it would run at any time; so many floods can come before it does
    tracemalloc.start()
    try:
        for number in range(16):
            if number == 1:
                before, _ = tracemalloc.get_traced_memory()
            async with connect(pair) as (reader, writer):
                sending = asyncio.create_task(_send(writer, endless))
                with suppress(ConnectionError):  # the connection ends while we still send
                    assert (await reader.read(-1)).startswith(b"HTTP/1.0 400")
                with suppress(ConnectionError):
                    await sending
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    assert left - before < 1_000_000


async def test_who_expects_to_go_on_and_goes_writes_no_log(
    pair: Twin, caplog: pytest.LogCaptureFixture
) -> None:
    head = page(pair, "Expect: 100-continue", "Content-Length: 2")
    async with connect(pair):
        found = await until(pair, lambda found: found._waiter)
        found.data_received(head)
        assert found.transport
        found.transport.abort()
        async with asyncio.timeout(20):
            while connection(pair):  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0)
            for _ in range(20):
                await asyncio.sleep(0)
    assert caplog.text == ""
