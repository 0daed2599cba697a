"""Link -> Page, once for everyone: at any time one fetch and one compile for each article.

In a worker, calls for one article join one flight; between workers, the store's lock makes the
others wait and then find the page. Content belongs to the address that served it: a redirect or the
page's canonical link makes an alias of an article, never another content of it.

`make` downloads and compiles an article, `further` fetches its next pages, `progress` tells whoever
waits, `record` makes what is stored. `renew` asks sources of published articles again.
"""

import asyncio
import hashlib
from base64 import b32encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

from ads.clock import MINUTE, Clock
from ads.errors import Problem
from proxy import links
from proxy.articles.make import ArticleMaker, Job
from proxy.errors import SourceProblem
from proxy.flight import Flight
from proxy.links import Link
from proxy.page import Mode, Page, Stored
from proxy.source import Source
from proxy.store.articles import ArticleStore

# A page that its source confirmed so recently is not checked again.
FRESH_MS = 10 * MINUTE
POLL_SECONDS = 0.05
WAIT_SECONDS = 60.0
# Aliases of aliases: a shortener of a shortener, then the canonical link.
MAX_ALIASES = 3


class Named(NamedTuple):
    """An article's link and its page as stored."""

    link: Link
    stored: Stored


def article_id(key: str) -> str:
    """The opaque id of the article with this `Link.key`; the same in every worker."""
    return b32encode(hashlib.blake2b(key.encode(), digest_size=10).digest()).decode().lower()


class Articles:
    """Compiled articles by link. `own_hosts` are our pages' `host[:port]`."""

    def __init__(
        self, maker: ArticleMaker, store: ArticleStore, now: Clock, own_hosts: frozenset[str]
    ) -> None:
        self._maker = maker
        self._store = store
        self._now = now
        self._own_hosts = own_hosts
        self._flight: Flight[Named] = Flight()

    async def get(self, link: Link, mode: Mode, refresh: bool = False) -> tuple[str, Page]:
        """The article's id and its page in `mode` or lower; `refresh` asks the source again.

        Raises SourceProblem with the contract's code, Problem("store_unavailable") when the
        article could not be had in time.
        """
        since = self._now() if refresh else self._now() - FRESH_MS
        name = (link.key, mode, refresh)
        found = await self._flight.run(name, lambda: self._followed(link, mode, since))
        return article_id(found.link.key), found.stored.page

    async def renew(self, article: str, mode: Mode, stored: Stored) -> Stored:
        """Asks the source of a published article again; its page, marked if the source is gone.

        Raises Problem("store_unavailable").
        """
        job = Job(article, mode, self._now())
        link = links.parse(stored.url, self._own_hosts)
        async with self._locked(article) as token:
            return await self._maker.renewed(job, link, stored, token)

    async def close(self) -> None:
        """Cancels what is under way and gives its locks back."""
        await self._flight.stop()

    async def _followed(self, link: Link, mode: Mode, since: int) -> Named:
        """The article under its canonical link, if its site names one that works."""
        own = await self._by_any_name(link, mode, since)
        canonical = self._canonical(own)
        if canonical is None:
            return own
        try:
            named = await self._named(canonical, mode, since)
        except SourceProblem as problem:
            # An article that is refused under its canonical link is refused under any.
            if problem.code == "refused_by_publisher":
                raise
            return own
        await self._store.put_alias(article_id(own.link.key), named.link)
        return named

    async def _by_any_name(self, link: Link, mode: Mode, since: int) -> Named:
        """The article that the link last led to; if that is gone, where it leads now."""
        known = await self._known(link)
        try:
            return await self._named(known, mode, since)
        except SourceProblem as problem:
            if problem.code != "source_not_found" or known == link:
                raise
        return await self._named(link, mode, since)

    async def _known(self, link: Link) -> Link:
        for _ in range(MAX_ALIASES):
            other = await self._store.alias(article_id(link.key))
            if other is None:
                break
            link = other
        return link

    def _canonical(self, own: Named) -> Link | None:
        """The page's canonical link, if it is another address and not the site's front page."""
        try:
            link = links.parse(own.stored.page.canonical, self._own_hosts)
        except SourceProblem:
            return None
        parts = urlsplit(link.url)
        front = parts.path in ("", "/") and not parts.query
        return None if front or link.key == own.link.key else link

    async def _named(self, link: Link, mode: Mode, since: int) -> Named:
        """The page at the link's address, or at the address that it redirects to."""
        job = Job(article_id(link.key), mode, since)
        got: Stored | Source | None = await self._maker.usable(job)
        if got is None:
            got = await self._served(job, link)
        if isinstance(got, Stored):
            return Named(link, got)
        target = links.parse(got.url, self._own_hosts)
        try:
            stored = await self._led_to(target, mode, since, got)
        except SourceProblem as problem:
            await self._maker.failed(job, problem)
            raise
        # Only once the target has made a page: an interim page must not become the alias.
        await self._store.put_alias(job.article, target)
        return Named(target, stored)

    async def _led_to(self, target: Link, mode: Mode, since: int, got: Source) -> Stored:
        job = Job(article_id(target.key), mode, since)
        async with self._locked(job.article) as token:
            # A redirect may add tracking parameters, which the target's link lacks.
            source = replace(got, url=target.url)
            return await self._maker.usable(job) or await self._maker.made(job, source, token)

    async def _served(self, job: Job, link: Link) -> Stored | Source:
        """The stored page, new or confirmed; or, after a redirect, the source that was served."""
        async with self._locked(job.article) as token:
            usable = await self._maker.usable(job)
            if usable:
                return usable
            got = await self._maker.download(job, link, token)
            if isinstance(got, Stored) or links.parse(got.url, self._own_hosts).key != link.key:
                return got
            return await self._maker.made(job, got, token)

    @asynccontextmanager
    async def _locked(self, article: str) -> AsyncIterator[str]:
        """Holds the article's lock among all workers; yields its token."""
        token = await self._taken(article)
        try:
            yield token
        finally:
            await self._store.unlock(article, token)

    async def _taken(self, article: str) -> str:
        for _ in range(int(WAIT_SECONDS / POLL_SECONDS)):
            token = await self._store.lock(article)
            if token:
                return token
            await asyncio.sleep(POLL_SECONDS)
        raise Problem("store_unavailable", "Another worker is busy with this page.", retry_after=5)
