"""The guarded download: follows redirects until it has a Source, or a reason why not."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

import ada_url
import aiohttp
from yarl import URL

from ads.clock import Clock
from proxy.errors import SourceProblem
from proxy.fetch import answer, body, egress, framing, guard, target
from proxy.fetch.breaker import Breaker
from proxy.fetch.config import (
    HTML,
    PART,
    PICTURE,
    TEXT,
    UNKNOWN,
    Accept,
    FetchConfig,
    NotModified,
    Validators,
)
from proxy.fetch.names import Lookup, system_lookup
from proxy.source import Media, Source

MAX_PART_BYTES = 2 * 1024 * 1024
MAX_TEXT_BYTES = 512 * 1024  # robots.txt: RFC 9309 asks for 500 KiB at least
LINE_BYTES = 64 * 1024
HEADERS = 500


@dataclass(frozen=True)
class _Ask:
    """One call's types, limits and validators.

    Only of an answer of kind `reads` is the body read; `cut`: a longer one is cut at `max_bytes`.
    """

    accept: Accept
    max_bytes: int
    seconds: float
    reads: Media = "html"
    validators: Validators = UNKNOWN
    cut: bool = False
    asked: list[str] = field(default_factory=list)
    """The sites that were asked so far, in order."""


class Fetcher:
    """Downloads pages, pictures and small texts from the public web, and nothing else.

    `now` is the wall clock in ms; `lookup` replaces the system's resolver. Use it in one event
    loop and `close` it there.
    """

    def __init__(
        self,
        config: FetchConfig,
        now: Clock,
        *,
        lookup: Lookup = system_lookup,
        breaker: Breaker | None = None,
    ) -> None:
        self._config = config
        self._now = now
        self._lookup = lookup
        self._breaker = breaker or Breaker()
        self._session: aiohttp.ClientSession | None = None
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def get(self, url: str, *, validators: Validators | None = None) -> Source | NotModified:
        """The page at `url`; NotModified only if `validators` were given.

        Raises SourceProblem with a code of the contract's section 3. If the answer is a PDF,
        picture, audio or video, the Source has this `media` and no body.
        """
        limits = self._config.max_bytes, self._config.seconds
        ask = _Ask(HTML, *limits, validators=validators or UNKNOWN)
        return await self._within_time(url, ask)

    async def picture(self, url: str) -> bytes:
        """The bytes of a picture as sent, not yet decoded. Raises SourceProblem."""
        limits = self._config.max_picture_bytes, self._config.picture_seconds
        return (await self._source(url, _Ask(PICTURE, *limits, reads="picture"))).body

    async def part(self, url: str) -> Source:
        """A style sheet or a font of a page. Raises SourceProblem."""
        return await self._source(url, _Ask(PART, MAX_PART_BYTES, self._config.seconds))

    async def text(self, url: str) -> Source:
        """A text or JSON file, with a shorter time limit than a page. Raises SourceProblem.

        A longer file is cut after the last line within MAX_TEXT_BYTES (RFC 9309, section 2.5).
        """
        ask = _Ask(TEXT, MAX_TEXT_BYTES, self._config.text_seconds, cut=True)
        found = await self._source(url, ask)
        short = len(found.body) < MAX_TEXT_BYTES
        return found if short else replace(found, body=found.body.rpartition(b"\n")[0])

    async def close(self) -> None:
        """Closes every connection."""
        if self._session:
            await self._session.close()

    async def _source(self, url: str, ask: _Ask) -> Source:
        found = await self._within_time(url, ask)
        if isinstance(found, Source):
            return found
        raise SourceProblem("unreachable", "The source answered 304 to a plain question.")

    async def _within_time(self, url: str, ask: _Ask) -> Source | NotModified:
        """Fetch within one limit for names, connections, redirects, waiting and bytes together.

        So a source that sends byte by byte cannot hold us up.
        """
        try:
            async with asyncio.timeout(ask.seconds):
                return await self._follow(target.first(url, self._config), ask)
        except TimeoutError as error:
            for site in ask.asked[-1:]:
                self._breaker.failed(site, "source_timeout")
            raise SourceProblem("source_timeout", "The source took too long.") from error

    async def _follow(self, asked: ada_url.URL, ask: _Ask) -> Source | NotModified:
        url, at_login = asked, False
        for _ in range(self._config.redirects + 1):
            found = await self._hop(url, asked, ask)
            if not isinstance(found, str):
                return found
            url = target.redirected(found, url, self._config)
            at_login = at_login or answer.is_login(url)
        code = "login_required" if at_login else "unreachable"
        raise SourceProblem(code, f"It redirects more than {self._config.redirects} times.")

    async def _hop(
        self, url: ada_url.URL, asked: ada_url.URL, ask: _Ask
    ) -> Source | NotModified | str:
        """Make one request; returns its answer, or the Location of a redirect."""
        request = target.checked(url, self._config)
        host = self._hosts.setdefault(url.hostname, asyncio.Semaphore(self._config.per_host))
        try:
            async with host:
                self._breaker.check(url.host)
                ask.asked.append(url.host)
                async with await self._request(request, ask) as response:
                    self._breaker.answered(url.host)
                    return await self._judge(response, url, asked, ask)
        except body.TooBigError as error:
            raise SourceProblem("too_big", f"The source sends {error}.") from error
        except body.BadEncodingError as error:
            raise SourceProblem("unreachable", f"The answer cannot be read: {error}.") from error
        except aiohttp.ClientConnectorError as error:
            problem = _unconnected(error)
            if problem.code == "unreachable":
                self._breaker.failed(url.host, problem.code)
            raise problem from error
        except guard.BlockedAddress as error:
            raise SourceProblem("blocked_address", str(error)) from error
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            what = type(error).__name__
            raise SourceProblem("unreachable", f"The source broke off: {what}.") from error

    async def _request(
        self, url: URL, ask: _Ask
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        headers = {
            "User-Agent": self._config.user_agent,
            "Accept": ask.accept.header,
            "Accept-Encoding": "gzip, deflate, br",
            "If-None-Match": ask.validators.etag,
            "If-Modified-Since": ask.validators.last_modified,
        }
        headers = {name: value for name, value in headers.items() if value}
        self._session = self._session or _session(self._config, self._lookup)
        if self._config.proxy:
            name, url = url, await egress.to_address(url, self._config, self._lookup)
            through = egress.options(name, self._config.proxy)
            headers["Host"] = egress.host_header(name)
            return self._session.get(url, headers=headers, allow_redirects=False, **through)
        return self._session.get(url, headers=headers, allow_redirects=False)

    async def _judge(
        self, response: aiohttp.ClientResponse, url: ada_url.URL, asked: ada_url.URL, ask: _Ask
    ) -> Source | NotModified | str:
        headers = _joined(response)
        location = response.headers.get("Location", "")
        if response.status in answer.REDIRECTS and location:
            return location
        if response.status == 304 and ask.validators != UNKNOWN:
            return NotModified(url.href, headers, self._now())
        start = await _read(response, answer.CHALLENGE_BYTES) if response.status >= 500 else b""
        answer.judge_status(response.status, headers, start)
        answer.judge_place(url, asked)
        source = await self._accepted(response, headers, url, ask)
        return (answer.leads_on(source.body) if ask.accept is HTML else "") or source

    async def _accepted(
        self,
        response: aiohttp.ClientResponse,
        headers: Mapping[str, str],
        url: ada_url.URL,
        ask: _Ask,
    ) -> Source:
        content_type = answer.content_type(headers.get("content-type", ""))
        media = answer.media_of(content_type, url.pathname, ask.accept)
        content = b""
        if media in (None, ask.reads):
            content = await _read(response, ask.max_bytes, cut=ask.cut)
            answer.judge_body(content, headers, media or ask.reads, typed=media is not None)
        url.hash = ""
        return Source(url.href, content, content_type, headers, self._now(), media or ask.reads)


def _session(config: FetchConfig, lookup: Lookup) -> aiohttp.ClientSession:
    if config.proxy:
        connector = egress.connector(config)
    else:
        connector = aiohttp.TCPConnector(
            resolver=guard.GuardedResolver(config, lookup),
            socket_factory=guard.socket_factory(config),
            limit=config.connections,
            use_dns_cache=False,
            force_close=True,  # every request makes a connection, so every request is checked
        )
    return aiohttp.ClientSession(
        connector=framing.bound(connector),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None),
        auto_decompress=False,
        trust_env=False,
        # As large as in browsers, since policies are long. `framing` bounds the whole head.
        max_line_size=LINE_BYTES,
        max_field_size=LINE_BYTES,
        max_headers=HEADERS,
    )


def _unconnected(error: aiohttp.ClientConnectorError) -> SourceProblem:
    if isinstance(error.os_error, guard.BlockedAddress):
        return SourceProblem("blocked_address", str(error.os_error))
    why = error.os_error.strerror or type(error.os_error).__name__
    return SourceProblem("unreachable", f"{error.host} cannot be reached: {why}."[:300])


def _joined(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Headers by lower-case name; repeated ones are joined by ", " (X-Robots-Tag by a line end).

    See `rights.from_headers` for the latter. Bytes that are not UTF-8 are replaced: no text with
    them could be stored or sent.
    """
    found: dict[str, str] = {}
    for name, value in response.headers.items():
        name, value = name.lower(), _readable(value)
        separator = "\n" if name == "x-robots-tag" else ", "
        found[name] = found[name] + separator + value if name in found else value
    found.pop("set-cookie", None)
    return found


def _readable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


async def _read(response: aiohttp.ClientResponse, max_bytes: int, *, cut: bool = True) -> bytes:
    length = response.content_length or 0
    if length > max_bytes and not cut:
        raise body.TooBigError(f"{length} bytes")
    encoding = ", ".join(response.headers.getall("Content-Encoding", []))
    return await body.read(response.content.iter_any(), encoding, max_bytes, cut=cut)
