"""Where casts come from: memory, the store, or drawn now from article, ad and sharer's name."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from ads import booking, ticket
from ads.clock import Clock
from ads.errors import Problem
from proxy import cdn, render, shares
from proxy.frame.head import site
from proxy.hot import Hot
from proxy.pictures.address import PictureAddresses
from proxy.render import Origins
from proxy.render.mould import Mould
from proxy.render.prepared import Prepared, Runs
from proxy.serving import casting, edition, moulds
from proxy.serving.casting import Drawn, Parts
from proxy.serving.moulds import Cast, Moulds, Name
from proxy.serving.stock import RECORD_BYTES, Stock
from proxy.shares import Share
from proxy.store.moulds import MouldStore, digest, read


class Foundry:
    """Makes casts. `remade` makes the article of a share again whose page is lost."""

    def __init__(
        self,
        hot: Hot,
        stock: Stock,
        known: Moulds,
        store: MouldStore,
        remade: Callable[[Share], Awaitable[Share]],
        origins: Origins,
        pictures: PictureAddresses,
        now: Clock,
    ) -> None:
        self._hot = hot
        self._stock = stock
        self._moulds = known
        self._store = store
        self._remade = remade
        self._origins = origins
        self._pictures = pictures
        self._now = now
        self._drawing: bytes | None = None

    async def cast(self, share: Share, mark: int) -> tuple[Cast, Runs]:
        """The cast of a share, and its article's runs; `mark` was taken before the share was read.

        Raises ClosedError if the article may not be shown any more,
        Problem("store_unavailable") if it is lost with its source, RedisError.
        """
        common = moulds.name(share)
        # What is in memory for all shares like this one.
        known = self._moulds.cast(common, share.id)
        runs = self._moulds.runs(known) if known else None
        if known and runs is not None:
            return known, runs
        return await self._made(common, share, mark, known=known is not None)

    def stored(self, name: Name) -> bytes | None:
        """A mould's name in the store; None before it is known which settings and code draw."""
        return digest(self._drawing, *name) if self._drawing else None

    async def _made(
        self, common: Name, share: Share, mark: int, *, known: bool
    ) -> tuple[Cast, Runs]:
        stored = digest(self._drawing or await self._edition(), *common)
        asked = None if known else self._store.ask(share.article_id, stored)
        article = share.article_id
        share, parts = await self._parts(common, share)
        found = self._moulds.cast(common, share.id)
        if found and found.parts == parts.prepared.digest:
            return found, parts.prepared.runs
        fits = parts.fits
        kept = read(await asked, fits) if asked else None
        drawn = Drawn(*kept) if kept else await self._drawn(share, parts, mark)
        if not kept and not drawn.of and share.article_id == article:
            self._store.keep(article, stored, drawn.mould, drawn.link, fits)
        cast = casting.cast(parts, drawn, fits)
        self._moulds.keep(cast, mark)
        return cast, parts.prepared.runs

    async def _edition(self) -> bytes:
        """Which settings and code draw."""
        if self._drawing is None:
            code = await asyncio.to_thread(edition.digest)
            origins = self._origins
            self._drawing = digest(code, origins.console, origins.pages, self._pictures.mark)
        return self._drawing

    async def _parts(self, common: Name, share: Share) -> tuple[Share, Parts]:
        chain = await booking.chain(await self._stock.ad(share.ad), self._stock.ad)
        article = share.article_id
        share, prepared = await self._article(share)
        name = common if share.article_id == article else moulds.name(share)
        sharer = await self._stock.sharer(share.owner)
        issued = ticket.epoch(self._now())
        return share, casting.parts(name, share.id, chain, prepared, sharer, issued)

    async def _article(self, share: Share) -> tuple[Share, Prepared]:
        """The share's page, and the share: another article's, if it had to be made again."""
        for again in (True, False):
            prepared = await self._stock.page(share.article_id, share.asked)
            if prepared:
                return share, prepared
            share = await self._remade(share) if again else share
        raise Problem("store_unavailable", "The article's page is lost.", retry_after=60)

    def _own_pictures(self, share: Share) -> Share:
        """The share with its card's picture where chats find it; we draw one where there is none.

        The contract's link card always has a picture (section 5).
        """
        image = self._pictures.of(share.card.image) or self._pictures.of_cover(
            share.card.title, site(share.article)
        )
        if image == share.card.image:
            return share
        return msgspec.structs.replace(
            share, own_card=msgspec.structs.replace(share.own_card, image=image)
        )

    async def _drawn(self, share: Share, parts: Parts, mark: int) -> Drawn:
        """Drawn at once where the ad was drawn before; a code takes milliseconds."""
        page, ad = parts.prepared.stored.page, parts.ad
        # What is said of the article is what it says now, not when it was shared.
        share = self._own_pictures(shares.of_page(share, page))
        name = ("slots", ad and (ad.id, ad.version), page.article.language, share.channel)
        if self._hot.get(name):
            mould, alike = self._draw(parts, share)
        else:
            mould, alike = await asyncio.to_thread(self._draw, parts, share)
            self._hot.put(name, True, RECORD_BYTES, [f"ad:{share.ad}"], mark)
        link = cdn.header_url(page.article.source_url)
        return Drawn(mould, link, "" if alike else share.id)

    def _draw(self, parts: Parts, share: Share) -> tuple[Mould, bool]:
        return render.mould(
            parts.prepared,
            share,
            parts.ad,
            sharer=parts.sharer,
            ticket_bytes=parts.ticket_bytes,
            origins=self._origins,
        )
