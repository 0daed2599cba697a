"""An article's download and page: from the store while fresh, confirmed by its source, or made."""

import asyncio
from dataclasses import dataclass
from functools import partial

import msgspec

from ads.clock import Clock
from ads.errors import Problem
from proxy import links, shares
from proxy.articles import progress
from proxy.articles.further import joined, whole
from proxy.articles.record import bare, closed_to, record, validators
from proxy.errors import SourceProblem
from proxy.fetch import Fetcher
from proxy.links import Link
from proxy.page import Mode, Page, Stored
from proxy.pool import CompilePool
from proxy.rights import Signals, from_headers, lower, refusal
from proxy.signals import Gatherer
from proxy.source import Source
from proxy.store.articles import Failure
from proxy.stores import Stores

# Failures that may pass: an older copy of the article serves meanwhile.
PASSING = frozenset({"unreachable", "source_timeout", "source_refused"})

CHANGED_AT_ONCE = 8
"""Shares changed at once; each takes a connection to the store."""


@dataclass(frozen=True)
class Job:
    """An article in one mode; a page or download from before `since` (ms) is too old."""

    article: str
    mode: Mode
    since: int


@dataclass(frozen=True)
class ArticleMaker:
    """Fetches, compiles and stores. Callers of `download` and `made` hold the article's lock.

    An article that its source has removed is still shown for `keep_vanished_ms`.
    """

    _fetcher: Fetcher
    _gatherer: Gatherer
    _pool: CompilePool
    _stores: Stores
    _now: Clock
    _keep_vanished_ms: int

    async def usable(self, job: Job) -> Stored | None:
        """The stored page if it is fresh, or if its source failed a moment ago.

        Raises the SourceProblem of a moment ago if there is no page to show instead.
        """
        stored = await self._stores.articles.page(job.article, job.mode)
        if stored and stored.checked_at >= job.since:
            # A publisher or the operator may have forbidden it since it was stored.
            outside = await self._gatherer.outside(stored.url)
            return stored if self._still(stored, outside) else None
        failure = await self._stores.articles.failure(job.article, job.mode)
        if failure is None or failure.at < job.since:
            return None
        if stored and not stored.closed and failure.code in PASSING:
            return stored
        raise SourceProblem(failure.code, failure.detail)

    async def download(self, job: Job, link: Link, token: str) -> Source | Stored:
        """The source, or the stored page if the source confirmed it or fails for now."""
        stored = await self._stores.articles.page(job.article, job.mode)
        try:
            got = await self._got(job, link, stored)
        except SourceProblem as problem:
            await self.failed(job, problem)
            if stored and not stored.closed and problem.code in PASSING:
                return stored
            raise
        return got if isinstance(got, Source) else await self._kept(job, got, token)

    async def made(self, job: Job, source: Source, token: str) -> Stored:
        """Compiles a source and stores the page. Raises SourceProblem, and remembers it briefly."""
        progress.reached("read")
        try:
            page = await self._compiled(job, source)
        except SourceProblem as problem:
            await self.failed(job, problem)
            raise
        await self._stores.articles.put_source(job.article, source)
        stored = await asyncio.to_thread(record, page, source, self._now())
        return await self._kept(job, stored, token)

    async def renewed(self, job: Job, link: Link, stored: Stored, token: str) -> Stored:
        """A published page as its source is now; unchanged if the source fails for the moment."""
        try:
            got = await self.download(job, link, token)
            if isinstance(got, Stored):
                return await self._bounded(job, got, token)
            return await self._moved(job, link, got, stored, token)
        except SourceProblem as problem:
            lost = self._lost(stored, problem.code)
            kept = await self._kept(job, lost, token) if lost != stored else stored
            return kept if kept.closed else await self._bounded(job, kept, token)

    async def _bounded(self, job: Job, stored: Stored, token: str) -> Stored:
        """A page that cannot be made anew, reduced to what its site or the operator allows now.

        It keeps only title and link, which every ceiling allows; once the source answers, the page
        is made anew.
        """
        if stored.page.over(self._now()):
            closed = closed_to(stored, stored.page, "refused_by_publisher")
            return await self._kept(job, closed, token)
        outside = await self._gatherer.outside(stored.url)
        verdict = lower(stored.page.mode, outside, self._now())
        if verdict.mode in (None, stored.page.mode):
            return stored
        return await self._kept(job, bare(stored, verdict.reason), token)

    async def _moved(
        self, job: Job, link: Link, source: Source, stored: Stored, token: str
    ) -> Stored:
        """The page made of a new source; the stored one if a redirect led to another article."""
        if links.parse(source.url).key != link.key:
            page = await self._compiled(job, source)
            if page.article.title != stored.page.article.title:
                return stored
        return await self.made(job, source, token)

    def _lost(self, stored: Stored, code: str) -> Stored:
        """The page marked as gone, or closed, if the code says so; else unchanged.

        A marked page is not fresh: publishing it again asks the source first.
        """
        if code == "refused_by_publisher":
            return closed_to(stored, stored.page, "refused_by_publisher")
        if code != "source_not_found":
            return stored
        since = stored.page.gone_since or self._now()
        page = msgspec.structs.replace(stored.page, gone_since=since)
        over = self._now() - since >= self._keep_vanished_ms
        return closed_to(stored, page, "vanished" if over else stored.closed)

    async def _got(self, job: Job, link: Link, stored: Stored | None) -> Source | Stored:
        """A recent or a new download, or the stored page if its source confirmed it.

        Raises SourceProblem.
        """
        remembered = await self._stores.articles.source(job.article)
        if remembered and remembered.fetched_at >= job.since:
            return remembered
        outside = await self._outside(link)
        url = stored.url if stored else link.url
        got = await self._fetcher.get(url, validators=validators(stored))
        if isinstance(got, Source):
            return got
        if stored and self._still(stored, outside | from_headers(got.headers)):
            return closed_to(
                msgspec.structs.replace(stored, checked_at=self._now()),
                msgspec.structs.replace(stored.page, gone_since=0),
                "",
            )
        return await whole(self._fetcher, url)

    async def _compiled(self, job: Job, source: Source) -> Page:
        outside = await self._gatherer.outside(source)
        progress.reached("allowed")
        if job.mode == "reader":
            source = await joined(source, self._fetcher, self._gatherer, self._now)
        return await self._pool.compile(source, job.mode, outside)

    async def _outside(self, link: Link) -> Signals:
        """The site's signals, read before the page: they may forbid even to fetch it."""
        outside = await self._gatherer.outside(link.url)
        verdict = lower("card", outside, self._now())
        if verdict.mode is None:
            raise SourceProblem("refused_by_publisher", refusal(verdict, outside))
        return outside

    def _still(self, stored: Stored, signals: Signals) -> bool:
        """Whether the page may still be shown in its mode."""
        allowed = lower(stored.page.mode, signals, self._now()).mode
        return allowed == stored.page.mode and not stored.page.over(self._now())

    async def _kept(self, job: Job, stored: Stored, token: str) -> Stored:
        """Stores a page; if its content changed, publishes that and updates its shares."""
        before = await self._stores.articles.page(job.article, job.mode)
        if not await self._written(job, before, stored, token):
            raise Problem("store_unavailable", "Making this page took too long.", retry_after=5)
        if before and before.version != stored.version:
            await self._stores.changes.publish(f"article:{job.article}")
            await self._change_shares(job, stored)
        return stored

    async def _written(self, job: Job, before: Stored | None, stored: Stored, token: str) -> bool:
        """Writes a page, or only its time of confirmation if nothing changed, as most often."""
        at = stored.checked_at
        same = msgspec.structs.replace(before, page=stored.page, checked_at=at) if before else None
        if same == stored:
            return await self._stores.articles.confirm(job.article, job.mode, at, token)
        return await self._stores.articles.put_page(job.article, job.mode, stored, token)

    async def _change_shares(self, job: Job, stored: Stored) -> None:
        """Updates the article's facts in its shares, for their owners; pages do not use these."""
        rule = partial(shares.renewed, article=job.article, mode=job.mode, stored=stored)
        ids = await self._stores.shares.of_article(job.article)
        for start in range(0, len(ids), CHANGED_AT_ONCE):
            some = ids[start : start + CHANGED_AT_ONCE]
            await asyncio.gather(*(self._stores.shares.change(each, rule) for each in some))

    async def failed(self, job: Job, problem: SourceProblem) -> None:
        """Remembers a failure briefly."""
        failure = Failure(problem.code, problem.detail, self._now())
        await self._stores.articles.put_failure(job.article, job.mode, failure)
