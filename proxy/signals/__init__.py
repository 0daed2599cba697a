"""A publisher's site-wide signals, fetched: its files, its TXT records, and the operator's lists.

A file that cannot be fetched counts as it last was (for any worker), or as empty: a person pasted
this link, and publishers have the page's own signals too. Answers are kept for minutes, so that a
change is soon followed. `robots`, `tdm` and `optout` parse what was fetched; `records` asks the
name servers.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ads.clock import MINUTE, Clock
from proxy.errors import SourceProblem
from proxy.fetch import Fetcher
from proxy.flight import Flight
from proxy.links import absolute, undotted
from proxy.lists import Entry
from proxy.rights import OptOut, Signals
from proxy.signals import optout, records, robots, tdm
from proxy.source import Source

KEPT_MS = 5 * MINUTE
FAILED_MS = MINUTE
MAX_HOSTS = 2_000

# RFC 9309, section 2.3.1.3: any 4xx means that there are no rules.
_NO_FILE = frozenset({"source_not_found", "source_refused", "refused_by_publisher"})


Listed = Callable[[str], Awaitable[Entry | None]]
"""The entry of the operator's lists that decides for an address."""


@dataclass(frozen=True)
class Site:
    """An origin's signals for all its pages; of its robots.txt only the rules that bind us."""

    robots_rules: str = ""
    tdm_rules: tuple[tdm.TdmRule, ...] = ()
    opt_out: OptOut = ""
    kept_ms: int = KEPT_MS

    @property
    def silent(self) -> bool:
        """Whether there is no signal."""
        return not (self.robots_rules or self.tdm_rules or self.opt_out)


class Memory(Protocol):
    """`proxy.store.sites.SiteStore`: what any worker has read."""

    async def get(self, origin: str) -> Site | None:
        """An origin's signals when they were last read; None if it had none."""

    async def put(self, origin: str, site: Site) -> None:
        """Keep an origin's signals."""


class Gatherer:
    """Reads each origin once in five minutes; several pages at once share one reading.

    `everyone`: the rules of robots.txt for all robots bind us, too.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        now: Clock,
        *,
        records: Callable[[str], Awaitable[Sequence[str] | None]] = records.texts,
        listed: Listed,
        everyone: bool,
        memory: Memory | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._now = now
        self._records = records
        self._listed = listed
        self._everyone = everyone
        self._memory = memory
        self._sites: OrderedDict[str, tuple[int, Site]] = OrderedDict()
        self._flight: Flight[Site] = Flight()

    async def outside(self, source: Source | str) -> Signals:
        """The site's signals for a page (or its URL), with the operator's lists.

        A site that fails raises nothing; a store that is away, RedisError.
        """
        url = undotted(absolute(source if isinstance(source, str) else source.url))
        listed = await self._listed(url.href)
        site = self._kept(url.origin) or await self._flight.run(
            url.origin, lambda: self._read(url.origin, url.hostname)
        )
        # In a thread: many long rules may take a second.
        ruled = await asyncio.to_thread(_ruled, site, url.href)
        return ruled | Signals(
            opt_out=site.opt_out,
            operator=listed.ceiling if listed else "",
            note=listed.note if listed else "",
            law=bool(listed and listed.law),
        )

    def forget(self, origin: str) -> None:
        """Ask this origin anew the next time."""
        if kept := self._sites.get(origin):
            self._sites[origin] = (-KEPT_MS, kept[1])

    def _kept(self, origin: str) -> Site | None:
        since, site = self._sites.get(origin, (0, None))
        return site if site and self._now() - since < site.kept_ms else None

    async def _read(self, origin: str, host: str) -> Site:
        since, (_, before) = self._now(), self._sites.get(origin, (0, Site()))
        site = await self._ask(origin, host, before)
        self._sites[origin] = (since, site)
        self._sites.move_to_end(origin)
        if len(self._sites) > MAX_HOSTS:
            self._sites.popitem(last=False)
        return site

    async def _ask(self, origin: str, host: str, before: Site) -> Site:
        files = ("/robots.txt", tdm.FILE, optout.FILE)
        names = optout.names(host)
        bodies, records = await asyncio.gather(
            asyncio.gather(*(self._text(origin + path) for path in files)),
            asyncio.gather(*(self._records(name) for name in names)),
        )
        failed = None in bodies or None in records
        if failed and self._memory:
            before = await self._memory.get(origin) or before
        site = self._combined(bodies, records, before)
        if self._memory:
            await self._memory.put(origin, site)
        return replace(site, kept_ms=FAILED_MS) if failed else site

    def _combined(
        self, bodies: Sequence[bytes | None], records: Sequence[Sequence[str] | None], before: Site
    ) -> Site:
        """What files and records say; for those that could not be read, what they said before."""
        robots_txt, tdmrep, word = bodies
        of_names = [None if texts is None else optout.of_records(texts) for texts in records]
        opt_out = optout.stricter(optout.nearest(of_names), optout.of_file(_text(word or b"")))
        unheard = word is None or None in records
        return Site(
            before.robots_rules
            if robots_txt is None
            else robots.binding(_text(robots_txt), everyone=self._everyone),
            before.tdm_rules if tdmrep is None else tdm.parse(tdmrep),
            optout.stricter(opt_out, before.opt_out) if unheard else opt_out,
        )

    async def _text(self, url: str) -> bytes | None:
        """The file; empty if the site says that there is none, None if it did not answer."""
        try:
            return (await self._fetcher.text(url)).body
        except SourceProblem as problem:
            # After a 429, or while the breaker is open, the site has not answered.
            none = problem.code in _NO_FILE and problem.retry_after is None
            return b"" if none else None


def _ruled(site: Site, url: str) -> Signals:
    """The signals that the rules in the site's files give for one page."""
    return Signals(
        robots_txt=robots.forbid(site.robots_rules, url),
        tdm_file=tdm.reserved(site.tdm_rules, url),
    )


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
