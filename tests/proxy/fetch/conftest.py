"""A web server of raw bytes on loopback, and fetchers that may reach it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from ipaddress import ip_network

import pytest

from ads import tasks
from proxy.errors import SourceProblem
from proxy.fetch import FetchConfig, Fetcher

PAGE = b"<!doctype html><title>A page</title><p>Its text."
Handler = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    """A request as received; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Origin:
    """Answers each path with its bytes or handler; records all requests."""

    port: int = 0
    answers: dict[str, bytes | Handler] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, *headers: str, body: bytes = PAGE, status: str = "200 OK") -> str:
        """Put a complete answer with a length at a path; text/html unless the headers differ."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
        if not any(h.lower().startswith("content-type") for h in headers):
            lines.append("Content-Type: text/html")
        self.answers[path] = "\r\n".join([*lines, *headers, "", ""]).encode() + body
        return self.url(path)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            request = await self._request(reader)
            self.asked.append(request)
            answer = self.answers.get(request.path, b"HTTP/1.1 404 Not Found\r\n\r\n")
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(request, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    @staticmethod
    async def _request(reader: asyncio.StreamReader) -> Request:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        method, path, _ = first.split(" ", 2)
        pairs = (line.partition(": ") for line in lines)
        return Request(method, path, {name.lower(): value for name, _, value in pairs})


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[int]:
    """A server's port; its open answers end with it, as Python 3.12 would wait for them."""
    answering: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        answering.add(task)
        try:
            await serve(reader, writer)
        finally:
            answering.discard(task)
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await tasks.end(answering)
    await server.wait_closed()


@pytest.fixture
async def origin() -> AsyncIterator[Origin]:
    origin = Origin()
    async with listening(origin.serve) as origin.port:
        yield origin


@pytest.fixture
async def canary() -> AsyncIterator[Origin]:
    """A server that must not be connected to."""
    origin = Origin()
    async with listening(origin.serve) as origin.port:
        yield origin
    assert origin.connections == 0


LOOPBACK = FetchConfig(
    user_agent="PassalongBot/0.1 (+http://localhost/about)",
    allow_nets=((ip_network("127.0.0.1/32"), None),),
    seconds=10,
)


@pytest.fixture
async def make() -> AsyncIterator[Callable[..., Fetcher]]:
    """Makes fetchers for LOOPBACK, with changes, and closes them; their resolver uses `names`."""
    made: list[Fetcher] = []

    def build(names: dict[str, list[str]] | None = None, **changes: object) -> Fetcher:
        async def lookup(name: str) -> list[str]:
            if name not in (names or {}):
                raise OSError(f"no such name: {name}")
            return (names or {})[name]

        config = replace(LOOPBACK, **changes)  # type: ignore[arg-type]
        made.append(Fetcher(config, lambda: 1_000, lookup=lookup))
        return made[-1]

    yield build
    for fetcher in made:
        await fetcher.close()


async def code(fetcher: Fetcher, url: str) -> str:
    """The code of the problem with which a fetch fails."""
    with pytest.raises(SourceProblem) as caught:
        await fetcher.get(url)
    return caught.value.code
