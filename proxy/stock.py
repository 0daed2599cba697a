"""What pages are made of, from memory or the store: deflated articles, ads, sharers' names."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from ads.ad import Ad
from proxy import render
from proxy.compiler.page import Mode
from proxy.hot import Hot
from proxy.pictures import markup
from proxy.pictures.address import PictureAddresses
from proxy.render import Prepared
from proxy.store.articles import ArticleStore, Cut, whole

# What a record of an ad or a name takes in memory.
RECORD_BYTES = 3_000

Found = TypeVar("Found")


class ClosedError(Exception):
    """The article may not be shown any more."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Stock:
    """Reads each thing once and keeps it in `hot` until it changes.

    `ad` finds an ad by id, `sharer` the name of an account.
    """

    def __init__(
        self,
        hot: Hot,
        articles: ArticleStore,
        ad: Callable[[str], Awaitable[Ad | None]],
        sharer: Callable[[str], Awaitable[str]],
        pictures: PictureAddresses,
    ) -> None:
        self._hot = hot
        self._articles = articles
        self._load_ad = ad
        self._load_sharer = sharer
        self._pictures = pictures

    async def page(self, article: str, mode: Mode) -> Prepared | None:
        """An article's page with its segments deflated; None if it is lost. Raises ClosedError."""
        name = ("article", article, mode)
        found = self._hot.get(name)
        if isinstance(found, Prepared):
            return found
        mark = self._hot.mark()
        cut = await self._articles.cut(article, mode)
        if cut is None:
            return None
        if cut.stored.closed:
            raise ClosedError(cut.stored.closed)
        if cut.http or self._pictures.hosts:
            prepared = await asyncio.to_thread(self._prepare, cut)
        else:
            prepared = render.prepared(cut.stored.page, cut.parts)
        self._hot.put(name, prepared, prepared.size, [f"article:{article}"], mark)
        return prepared

    def _prepare(self, cut: Cut) -> Prepared:
        return render.prepare(markup.rewritten(whole(cut).page, self._pictures))

    async def ad(self, ad_id: str) -> Ad | None:
        """The current version of an ad."""
        return await self._remembered("ad", ad_id, self._load_ad)

    async def sharer(self, account_id: str) -> str:
        """The name of an account."""
        return await self._remembered("account", account_id, self._load_sharer)

    async def _remembered(
        self, kind: str, id_: str, load: Callable[[str], Awaitable[Found]]
    ) -> Found:
        """What a record says, from memory until it changes."""
        name = (kind, id_)
        found = self._hot.get(name)
        if found is None:
            mark = self._hot.mark()
            found = await load(id_)
            self._hot.put(name, found, RECORD_BYTES, [f"{kind}:{id_}"], mark)
        return cast(Found, found)
