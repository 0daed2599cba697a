"""The next pages of an article that is split over several, fetched for the reader mode."""

from dataclasses import replace

from ads.clock import Clock
from proxy.compiler.draft import MAX_MARKUP
from proxy.compiler.further import MOST_PAGES, following
from proxy.errors import SourceProblem
from proxy.fetch import Fetcher, NotModified
from proxy.rights import lower
from proxy.signals import Gatherer
from proxy.source import Source


async def whole(fetcher: Fetcher, url: str) -> Source:
    """The page at `url`, asked for without validators. Raises SourceProblem."""
    got = await fetcher.get(url)
    if isinstance(got, NotModified):
        raise SourceProblem("unreachable", "The site says that nothing changed, unasked.")
    return got


async def joined(source: Source, fetcher: Fetcher, gatherer: Gatherer, now: Clock) -> Source:
    """The source with its next pages, as far as they can be fetched and may be shown whole."""
    pages = [source]
    while len(pages) < MOST_PAGES:
        url = following(pages[-1], len(pages))
        if not url:
            break
        page = await _page(url, fetcher, gatherer, now)
        if page is None or sum(len(each.body) for each in (*pages, page)) > MAX_MARKUP:
            break
        pages.append(page)
    return replace(source, further=tuple(pages[1:]))


async def _page(url: str, fetcher: Fetcher, gatherer: Gatherer, now: Clock) -> Source | None:
    if lower("reader", await gatherer.outside(url), now()).mode != "reader":
        return None
    try:
        got = await whole(fetcher, url)
    except SourceProblem:
        return None
    return got if got.media == "html" else None
