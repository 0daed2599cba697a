"""The records that pages are made of, from memory or the store: articles, ads, sharers' names."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import msgspec

from ads.ad import Ad
from proxy.hot import Hot
from proxy.page import Mode, Stored
from proxy.pictures import markup
from proxy.pictures.address import PictureAddresses
from proxy.render import prepared
from proxy.render.prepared import Prepared
from proxy.serving.articles import ArticleCache
from proxy.store import keys
from proxy.store.articles import read
from proxy.stores import Stores

# The memory that an ad or a name takes.
RECORD_BYTES = 3_000

Found = TypeVar("Found")


class ClosedError(Exception):
    """The article may not be shown any more."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Records:
    """Reads each record once and keeps it in `_hot` until it changes."""

    _hot: Hot
    _articles: ArticleCache
    _stores: Stores
    _pictures: PictureAddresses

    async def page(self, article: str, mode: Mode) -> Prepared | None:
        """An article's page as readers get it; None if the store lost it. Raises ClosedError."""
        if kept := self._articles.get(article, mode):
            return kept
        mark = self._hot.mark()
        data = await self._stores.batch.each(self.names(article, mode))
        if page := self.read(article, mode, data, mark):
            return page
        found = read(data[0])
        if found and found.ended:
            raise ClosedError(found.closed)
        page = await self._ours(article, mode) if found else None
        if page:
            self._articles.keep(article, mode, page, mark)
        return page

    def names(self, article: str, mode: Mode) -> tuple[str, str]:
        """The keys in the store whose values `read` takes."""
        return keys.page(article, mode), keys.shown(article, mode, self._pictures.mark)

    def read(
        self, article: str, mode: Mode, data: Sequence[bytes | None], mark: int
    ) -> Prepared | None:
        """The page from the values of `names`, which were read after `mark`.

        None if `page` must be asked: it is lost or ended, or its pictures are not rewritten yet.
        """
        found, made = map(read, data)
        if found is None or found.ended:
            return None
        rewritten = found.http or self._pictures.hosts
        page = made if rewritten else found
        if page is None or page.version != found.version:
            return None
        self._articles.keep(article, mode, page, mark)
        return page

    async def _ours(self, article: str, mode: Mode) -> Prepared | None:
        """The page with proxied pictures, made once for all workers."""
        stored = await self._stores.articles.page(article, mode)
        if stored is None:
            return None
        made = await asyncio.to_thread(self._rewritten, stored)
        await self._stores.articles.put_shown(article, mode, self._pictures.mark, made)
        return prepared.read(made)

    def _rewritten(self, stored: Stored) -> bytes:
        page = markup.rewritten(stored.page, self._pictures)
        return prepared.packed(msgspec.structs.replace(stored, page=page), prepared.deflated(page))

    def known_ad(self, ad_id: str) -> Ad | None:
        """The current version of an ad, if it is in memory."""
        return cast("Ad | None", self._hot.get(("ad", ad_id)))

    def known_sharer(self, account_id: str) -> str | None:
        """The name of an account, if it is in memory."""
        return cast("str | None", self._hot.get(("account", account_id)))

    async def ad(self, ad_id: str) -> Ad | None:
        """The current version of an ad."""
        return await self._remembered("ad", ad_id, self._stores.ads.get)

    async def sharer(self, account_id: str) -> str:
        """The name of an account."""
        return await self._remembered("account", account_id, self._name)

    async def _name(self, account_id: str) -> str:
        account = await self._stores.accounts.by_id(account_id)
        return account.name if account else ""

    async def _remembered(
        self, kind: str, id_: str, load: Callable[[str], Awaitable[Found]]
    ) -> Found:
        """A record from memory, or from `load`."""
        name = (kind, id_)
        found = self._hot.get(name)
        if found is None:
            mark = self._hot.mark()
            found = await load(id_)
            self._hot.put(name, found, RECORD_BYTES, [f"{kind}:{id_}"], mark)
        return cast(Found, found)
