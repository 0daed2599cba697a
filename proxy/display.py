"""What the pages origin shows: a share's page from memory or made now, an ended one, a preview.

A page's bytes depend on the share, the version of the ad, the version of the article and the
ticket's epoch; the first three drop it from memory by surrogate key, the last by looking.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from ads import booking, ticket
from ads.ad import Ad
from ads.clock import Clock
from ads.errors import Problem
from ads.tally import Tally
from proxy import cdn, moulds, render, shares
from proxy.flight import Flight
from proxy.frame.head import site
from proxy.hot import Hot
from proxy.moulds import Cast, Moulds, Name, Shown
from proxy.pictures.address import PictureAddresses
from proxy.render import Origins, Prepared
from proxy.shares import Share
from proxy.stock import RECORD_BYTES, ClosedError, Stock
from proxy.store.articles import ArticleStore
from proxy.store.previews import PreviewStore
from proxy.store.shares import ShareStore

# A page that takes more requests than this is worth a few milliseconds of brotli, each time that it
# comes into memory.
BROTLI_AFTER = 40


@dataclass(frozen=True)
class Gone:
    """An ended share; `why` is its article's `closed` if that ended it."""

    share: Share
    sharer: str
    headers: dict[str, str]
    why: str = ""


@dataclass(frozen=True)
class DisplayStores:
    """Where pages come from; `ad` finds an ad by id, `sharer` the name of an account.

    `remade` makes the article of a share again whose page is lost.
    """

    articles: ArticleStore
    shares: ShareStore
    previews: PreviewStore
    ad: Callable[[str], Awaitable[Ad | None]]
    sharer: Callable[[str], Awaitable[str]]
    remade: Callable[[Share], Awaitable[Share]]


@dataclass(frozen=True)
class _Parts:
    """What a page is made of, and the surrogate keys it hangs on."""

    share: Share
    name: Name
    ad: Ad | None
    prepared: Prepared
    sharer: str
    keys: Sequence[str]


class Display:
    """Pages by share id and previews by token. `secrets` sign tickets, the first one does."""

    def __init__(
        self,
        hot: Hot,
        stores: DisplayStores,
        origins: Origins,
        secrets: Sequence[bytes],
        now: Clock,
        pictures: PictureAddresses | None = None,
        tally: Tally | None = None,
    ) -> None:
        self._hot = hot
        self._stores = stores
        self._origins = origins
        self._secrets = secrets
        self._now = now
        self._pictures = pictures or PictureAddresses(origins.pages, tuple(secrets))
        self._stock = Stock(hot, stores.articles, stores.ad, stores.sharer, self._pictures)
        self._moulds = Moulds(hot)
        self._tally = Tally() if tally is None else tally
        self._pages: Flight[Shown | Gone | None] = Flight()
        self._brotli: Flight[None] = Flight()

    async def page(self, share_id: str) -> Shown | Gone | None:
        """A share's page; None if there never was such a share.

        Raises Problem("store_unavailable") if its article is lost with its source, RedisError
        without store.
        """
        shown = self.ready(share_id)
        self._tally["passalong_pages", "memory" if shown else "rendered"] += 1
        return shown or await asyncio.shield(self.begin(share_id))

    def begin(self, share_id: str) -> "asyncio.Task[Shown | Gone | None]":
        """Starts to make a page that is not in memory, unless that is under way."""
        return self._pages.begin(share_id, lambda: self._build(share_id))

    def ready(self, share_id: str) -> Shown | None:
        """The page if all that it takes is in memory and of this epoch."""
        return self._moulds.ready(share_id, ticket.epoch(self._now()))

    async def body(self, share_id: str, shown: Shown, accepted: Sequence[str]) -> tuple[str, bytes]:
        """The encoding, and the body in it, that suits a client which takes `accepted`.

        Brotli is made for hot pages in the background, and at once for who takes nothing else.
        """
        encoding = self.offer(share_id, shown, accepted)
        if encoding is None:
            await asyncio.shield(self._brotli.begin(share_id, lambda: self._add_brotli(shown)))
            encoding = "br"
        return encoding, shown.body(encoding)

    def offer(self, share_id: str, shown: Shown, accepted: Sequence[str]) -> str | None:
        """The encoding that `body` would choose; None if it would have to be made first."""
        self._moulds.ask(shown)
        if "br" not in accepted:
            return "gzip" if "gzip" in accepted else "identity"
        if "br" in shown.bodies:
            return accepted[0]
        if "gzip" not in accepted:
            return None
        if shown.asked > BROTLI_AFTER:
            self._brotli.begin(share_id, lambda: self._add_brotli(shown))
        return "gzip"

    async def preview(self, token: str) -> bytes | None:
        """The page of a preview; None once its time is over."""
        previewed = await self._stores.previews.get(token)
        if previewed is None:
            return None
        try:
            prepared = await self._stock.page(previewed.article, previewed.mode)
        except ClosedError:
            prepared = None
        if prepared is None:
            return None
        ad = await self._stock.ad(previewed.ad) if previewed.ad else None
        sharer = await self._stock.sharer(previewed.owner)
        return render.preview(prepared, ad, sharer=sharer, origins=self._origins)

    async def close(self) -> None:
        """Stops what is under way."""
        await self._pages.stop()
        await self._brotli.stop()

    async def _build(self, share_id: str) -> Shown | Gone | None:
        revived = await self._revived(share_id)
        if revived:
            return revived
        mark = self._hot.mark()
        share = await self._stores.shares.get(share_id)
        if share is None:
            return None
        if share.state != "active":
            return await self._gone(share)
        try:
            cast, prepared = self._cast(share) or await self._made(share, mark)
        except ClosedError as closed:
            return await self._gone(share, closed.why)
        epoch = ticket.epoch(self._now())
        signed = self._ticket(share_id, cast.spoken, epoch)
        known = self._moulds.stamped(cast, cast.mould.stamp(share_id, signed), epoch, mark)
        return Shown(known, cast, prepared.runs)

    async def _revived(self, share_id: str) -> Shown | None:
        """The page of a share that is in memory but for its article."""
        found = self._moulds.known(share_id, ticket.epoch(self._now()))
        if found is None:
            return None
        with suppress(ClosedError):
            await self._stock.page(*found[1].article)
        return self.ready(share_id)

    def _cast(self, share: Share) -> tuple[Cast, Prepared] | None:
        """What is in memory for all shares like this one."""
        cast = self._moulds.cast(share)
        prepared = self._moulds.article(cast) if cast else None
        return (cast, prepared) if cast and prepared else None

    async def _gone(self, share: Share, why: str = "") -> Gone:
        sharer = await self._stock.sharer(share.owner)
        keys = [f"article:{share.article_id}"] if why else []
        keys.append(f"share:{share.id}")
        return Gone(share, sharer, cdn.gone(keys), why)

    async def _parts(self, share: Share) -> _Parts:
        own = await self._stock.ad(share.ad)
        ad = await booking.shown(own, self._stock.ad)
        share, prepared = await self._article(share)
        return _Parts(
            self._own_pictures(share),
            moulds.name(share),
            ad,
            prepared,
            await self._stock.sharer(share.owner),
            _keys(share, own),
        )

    async def _made(self, share: Share, mark: int) -> tuple[Cast, Prepared]:
        """A cast, made at once where the ad was drawn before; a code takes milliseconds."""
        parts = await self._parts(share)
        found = self._moulds.cast(share)
        if found and found.parts == parts.prepared.digest:
            return found, parts.prepared
        ad, language = parts.ad, parts.prepared.page.article.language
        name = ("slots", ad and (ad.id, ad.version), language, parts.share.channel)
        if self._hot.get(name):
            cast = self._drawn(parts)
        else:
            cast = await asyncio.to_thread(self._drawn, parts)
            self._hot.put(name, True, RECORD_BYTES, [f"ad:{parts.share.ad}"], mark)
        self._moulds.keep(cast, mark)
        return cast, parts.prepared

    def _drawn(self, parts: _Parts) -> Cast:
        # Without an ad to show a ticket speaks for the one that rests, whose ledger tells who came.
        spoken = (parts.ad.id, parts.ad.version) if parts.ad else (parts.share.ad, 0)
        share = parts.share
        mould, alike = render.mould(
            parts.prepared,
            share,
            parts.ad,
            sharer=parts.sharer,
            ticket_bytes=ticket.size(ticket.Ticket(share.id, *spoken, ticket.epoch(self._now()))),
            origins=self._origins,
        )
        return Cast(
            name=parts.name if alike else (*parts.name, share.id),
            mould=mould,
            article=(share.article_id, share.asked),
            parts=parts.prepared.digest,
            spoken=spoken,
            surrogates=tuple(parts.keys),
            source_url=parts.prepared.page.article.source_url,
            keys=frozenset((*parts.keys, f"account:{share.owner}")),
        )

    def _ticket(self, share_id: str, spoken: tuple[str, int], epoch: int) -> str:
        return ticket.sign(ticket.Ticket(share_id, *spoken, epoch), self._secrets)

    async def _article(self, share: Share) -> tuple[Share, Prepared]:
        """The share's page, and the share: another article's, if it had to be made again."""
        for again in (True, False):
            prepared = await self._stock.page(share.article_id, share.asked)
            if prepared:
                # What is said of the article is what it says now, not when it was shared.
                return shares.of_page(share, prepared.page), prepared
            share = await self._stores.remade(share) if again else share
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

    async def _add_brotli(self, shown: Shown) -> None:
        shown.bodies["br"] = await asyncio.to_thread(render.brotli_of, shown.body("gzip"))
        self._moulds.grown(shown)


def _keys(share: Share, own: Ad | None) -> list[str]:
    """Surrogate keys of all shares alike: article, ad, its fallback while that may stand in."""
    keys = [f"article:{share.article_id}", f"ad:{share.ad}"]
    if own and not own.runs and own.fallback:
        keys.append(f"ad:{own.fallback}")
    return keys
