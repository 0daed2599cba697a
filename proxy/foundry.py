"""Where casts come from: memory, the store, or drawn now from article, ad and sharer's name."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import msgspec

from ads import booking, ticket
from ads.ad import Ad
from ads.clock import Clock
from ads.errors import Problem
from proxy import cdn, edition, moulds, render, shares
from proxy.frame.head import site
from proxy.hot import Hot
from proxy.mould import Mould
from proxy.moulds import Cast, Moulds, Name
from proxy.pictures.address import PictureAddresses
from proxy.render import Origins, Prepared
from proxy.shares import Share
from proxy.stock import RECORD_BYTES, Stock
from proxy.store.moulds import MouldStore, digest, read


@dataclass(frozen=True)
class _Parts:
    """What a page is made of, the surrogate keys it hangs on, and whom its tickets speak for.

    `name` is the cast's in memory, `stored` the mould's in the store; `fits` tells what both are
    made of.
    """

    share: Share
    name: Name
    ad: Ad | None
    prepared: Prepared
    sharer: str
    keys: Sequence[str]
    spoken: tuple[str, int]
    ticket_bytes: int

    @property
    def fits(self) -> bytes:
        """All that a mould depends on but for what its name says."""
        prepared = self.prepared
        article = (self.share.article_id, prepared.page, prepared.digest)
        return digest(article, self.ad, self.sharer, self.ticket_bytes)


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

    async def cast(self, share: Share, mark: int) -> tuple[Cast, Prepared]:
        """The cast of a share, and its article's page; `mark` was taken before the share was read.

        Raises ClosedError if the article may not be shown any more,
        Problem("store_unavailable") if it is lost with its source, RedisError.
        """
        return self._kept(share) or await self._made(share, mark)

    def _kept(self, share: Share) -> tuple[Cast, Prepared] | None:
        """What is in memory for all shares like this one."""
        cast = self._moulds.cast(share)
        prepared = self._moulds.article(cast) if cast else None
        return (cast, prepared) if cast and prepared else None

    async def _made(self, share: Share, mark: int) -> tuple[Cast, Prepared]:
        stored = digest(await self._edition(), *moulds.name(share))
        asked = None if self._moulds.cast(share) else self._store.ask(share.article_id, stored)
        parts = await self._parts(share)
        found = self._moulds.cast(share)
        if found and found.parts == parts.prepared.digest:
            return found, parts.prepared
        fits = parts.fits
        mould = read(await asked, fits) if asked else None
        alike = True
        if mould is None:
            mould, alike = await self._drawn(parts, mark)
            if alike and parts.share.article_id == share.article_id:
                self._store.keep(share.article_id, stored, mould, fits)
        cast = _cast(parts, mould, fits, alike=alike)
        self._moulds.keep(cast, mark)
        return cast, parts.prepared

    async def _edition(self) -> bytes:
        """Which settings and code draw."""
        if self._drawing is None:
            code = await asyncio.to_thread(edition.digest)
            origins = self._origins
            self._drawing = digest(code, origins.console, origins.pages, self._pictures.mark)
        return self._drawing

    async def _parts(self, share: Share) -> _Parts:
        own = await self._stock.ad(share.ad)
        ad = await booking.shown(own, self._stock.ad)
        share, prepared = await self._article(share)
        # Without an ad to show a ticket speaks for the one that rests, whose ledger tells who came.
        spoken = (ad.id, ad.version) if ad else (share.ad, 0)
        return _Parts(
            self._own_pictures(share),
            moulds.name(share),
            ad,
            prepared,
            await self._stock.sharer(share.owner),
            _keys(share, own),
            spoken,
            ticket.size(ticket.Ticket(share.id, *spoken, ticket.epoch(self._now()))),
        )

    async def _article(self, share: Share) -> tuple[Share, Prepared]:
        """The share's page, and the share: another article's, if it had to be made again."""
        for again in (True, False):
            prepared = await self._stock.page(share.article_id, share.asked)
            if prepared:
                # What is said of the article is what it says now, not when it was shared.
                return shares.of_page(share, prepared.page), prepared
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

    async def _drawn(self, parts: _Parts, mark: int) -> tuple[Mould, bool]:
        """Drawn at once where the ad was drawn before; a code takes milliseconds."""
        ad, language = parts.ad, parts.prepared.page.article.language
        name = ("slots", ad and (ad.id, ad.version), language, parts.share.channel)
        if self._hot.get(name):
            return self._draw(parts)
        drawn = await asyncio.to_thread(self._draw, parts)
        self._hot.put(name, True, RECORD_BYTES, [f"ad:{parts.share.ad}"], mark)
        return drawn

    def _draw(self, parts: _Parts) -> tuple[Mould, bool]:
        return render.mould(
            parts.prepared,
            parts.share,
            parts.ad,
            sharer=parts.sharer,
            ticket_bytes=parts.ticket_bytes,
            origins=self._origins,
        )


def _cast(parts: _Parts, mould: Mould, fits: bytes, *, alike: bool) -> Cast:
    share = parts.share
    return Cast(
        name=parts.name if alike else (*parts.name, share.id),
        mould=mould,
        article=(share.article_id, share.asked),
        parts=parts.prepared.digest,
        spoken=parts.spoken,
        surrogates=tuple(dict.fromkeys(parts.keys)),
        link=cdn.header_url(parts.prepared.page.article.source_url),
        keys=frozenset((*parts.keys, f"account:{share.owner}")),
        fits=fits,
    )


def _keys(share: Share, own: Ad | None) -> list[str]:
    """Surrogate keys of all shares alike: article, ad, its fallback while that may stand in."""
    keys = [f"article:{share.article_id}", f"ad:{share.ad}"]
    if own and not own.runs and own.fallback:
        keys.append(f"ad:{own.fallback}")
    return keys
