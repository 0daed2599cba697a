"""A publisher's site-wide signals, fetched: robots.txt and /.well-known/tdmrep.json.

A file that cannot be had says nothing: a person pasted this link, and a publisher who wants to be
heard has the page's own signals too. Answers are kept for minutes, so a change is soon followed.
"""

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

import msgspec
from protego import Protego

from ads.clock import MINUTE, Clock
from proxy.errors import SourceProblem
from proxy.links import absolute
from proxy.rights import OUR_NAMES, Signals
from proxy.source import Source

KEPT_MS = 10 * MINUTE
FAILED_MS = MINUTE
MAX_HOSTS = 2_000
MAX_RULES = 200

# RFC 9309, section 2.3.1.3: any 4xx means that there are no rules.
_NO_FILE = frozenset({"source_not_found", "source_refused", "refused_by_publisher"})

_LINE = re.compile(r"\s*([a-z-]+)\s*:\s*([^#]*)", re.IGNORECASE)
_PRODUCT = re.compile(r"[a-z_-]+", re.IGNORECASE)


class TextFetcher(Protocol):
    """What of the fetcher is needed."""

    async def text(self, url: str) -> Source:
        """A small text file. Raises SourceProblem."""


class TdmRule(msgspec.Struct, frozen=True, rename="kebab"):
    """One entry of tdmrep.json (W3C TDMRep)."""

    location: str
    tdm_reservation: int


@dataclass(frozen=True)
class Site:
    """What one origin says of all its pages."""

    robots_txt: str = ""
    tdm_rules: tuple[TdmRule, ...] = ()
    kept_ms: int = KEPT_MS


class Gatherer:
    """Asks each origin once in ten minutes; several pages at once share one asking."""

    def __init__(self, fetcher: TextFetcher, now: Clock) -> None:
        self._fetcher = fetcher
        self._now = now
        self._sites: OrderedDict[str, tuple[int, asyncio.Future[Site]]] = OrderedDict()

    async def outside(self, source: Source | str) -> Signals:
        """The signals of the site that hold for one page (or its URL). Never raises for a site."""
        url = absolute(source if isinstance(source, str) else source.url)
        site = await self._site(url.origin)
        return Signals(
            robots_txt=named_and_disallowed(site.robots_txt, url.href),
            tdm_file=reserved(site.tdm_rules, url.href),
        )

    async def _site(self, origin: str) -> Site:
        kept = self._sites.get(origin)
        if kept is None or not self._fresh(*kept):
            kept = (self._now(), asyncio.ensure_future(self._ask(origin)))
            self._sites[origin] = kept
            self._sites.move_to_end(origin)
            if len(self._sites) > MAX_HOSTS:
                self._sites.popitem(last=False)
        # Shielded: one impatient caller must not take the answer from the others.
        return await asyncio.shield(kept[1])

    def _fresh(self, since: int, asking: "asyncio.Future[Site]") -> bool:
        if not asking.done():
            return True
        if asking.cancelled() or asking.exception():
            return False
        return self._now() - since < asking.result().kept_ms

    async def _ask(self, origin: str) -> Site:
        robots, tdm = await asyncio.gather(
            self._text(f"{origin}/robots.txt"), self._text(f"{origin}/.well-known/tdmrep.json")
        )
        kept_ms = FAILED_MS if None in (robots, tdm) else KEPT_MS
        return Site((robots or b"").decode("utf-8", "replace"), _tdm_rules(tdm or b""), kept_ms)

    async def _text(self, url: str) -> bytes | None:
        """The file; empty where the site says that there is none, None where it did not say."""
        try:
            return (await self._fetcher.text(url)).body
        except SourceProblem as problem:
            return b"" if problem.code in _NO_FILE else None


def named_and_disallowed(robots_txt: str, url: str) -> bool:
    """Whether a group of robots.txt that names us disallows `url` (RFC 9309); `*` does not bind."""
    group = our_group(robots_txt)
    return bool(group) and not Protego.parse(group).can_fetch(url, "*")


def our_group(robots_txt: str) -> str:
    """The rules of all groups that name us, as one group for everybody; "" if none does."""
    ours: list[str] = []
    named, in_agents, found = False, False, False
    for line in robots_txt.removeprefix("\ufeff").splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        field, value = match[1].lower(), match[2].strip()
        if field == "user-agent":
            # Agents in a row share the rules below them; an agent after rules begins a new group.
            named = (named and in_agents) or _is_us(value)
            found = found or named
            in_agents = True
        elif field in ("allow", "disallow"):
            in_agents = False
            ours += [f"{field}: {value}"] if named else []
    return "\n".join(["user-agent: *", *ours]) if found else ""


def _is_us(value: str) -> bool:
    product = _PRODUCT.match(value)
    return product is not None and product[0].lower() in OUR_NAMES


def _tdm_rules(body: bytes) -> tuple[TdmRule, ...]:
    try:
        return tuple(msgspec.json.decode(body, type=list[TdmRule])[:MAX_RULES])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ()


def reserved(rules: tuple[TdmRule, ...], url: str) -> bool | None:
    """What the first rule that fits says, None if none does (TDMRep: the first in sequence)."""
    for rule in rules:
        if _fits(rule.location, url):
            return rule.tdm_reservation == 1
    return None


def _fits(location: str, url: str) -> bool:
    """TDMRep borrows robots.txt's patterns, so its parser matches them."""
    if any(ord(char) < 0x20 for char in location):
        return False
    return not Protego.parse(f"user-agent: *\ndisallow: {location}").can_fetch(url, "*")
