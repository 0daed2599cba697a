"""What the pages origin shows: a share's page from memory or made now, an ended one, a preview.

A page's bytes depend on the share, the version of the ad, the version of the article and the
ticket's epoch; the first three drop it from memory by surrogate key, the last by looking.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from ads import booking, ticket
from ads.ad import Ad
from ads.clock import Clock
from ads.errors import Problem
from ads.tally import Tally
from proxy import cdn, render, shares
from proxy.answers import Answer
from proxy.flight import Flight
from proxy.hot import Hot
from proxy.moulds import Moulds
from proxy.pictures.address import PictureAddresses
from proxy.render import Origins, Prepared, Rendered
from proxy.shares import Share
from proxy.stock import RECORD_BYTES, ClosedError, Stock
from proxy.store.articles import ArticleStore
from proxy.store.previews import PreviewStore
from proxy.store.shares import ShareStore

# A page that takes more requests than this is worth a few milliseconds of brotli, each time that it
# comes into memory.
BROTLI_AFTER = 40
# What an entry costs beyond its bodies.
ENTRY_BYTES = 2_000


@dataclass
class Shown:
    """A share's page in memory, with its headers; `epoch` is its ticket's.

    `answers` are whole responses made of it, kept as long as it is.
    """

    rendered: Rendered
    headers: dict[str, str]
    epoch: int
    asked: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)


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
    ad: Ad | None
    prepared: Prepared
    sharer: str
    keys: Sequence[str] = field(default=())


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
        self._moulds = Moulds(hot, origins)
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
        """The page if it is in memory and of this epoch."""
        shown = self._hot.get(("share", share_id))
        if isinstance(shown, Shown) and shown.epoch == ticket.epoch(self._now()):
            return shown
        return None

    async def body(self, share_id: str, shown: Shown, accepted: Sequence[str]) -> tuple[str, bytes]:
        """The encoding, and the body in it, that suits a client which takes `accepted`.

        Brotli is made for hot pages in the background, and at once for who takes nothing else.
        """
        encoding = self.offer(share_id, shown, accepted)
        if encoding is None:
            await asyncio.shield(
                self._brotli.begin(share_id, lambda: self._add_brotli(share_id, shown))
            )
            encoding = "br"
        return encoding, shown.rendered.bodies[encoding]

    def offer(self, share_id: str, shown: Shown, accepted: Sequence[str]) -> str | None:
        """The encoding that `body` would choose; None if it would have to be made first."""
        shown.asked += 1
        bodies = shown.rendered.bodies
        if "br" in accepted and "br" not in bodies:
            if "gzip" not in accepted:
                return None
            if shown.asked > BROTLI_AFTER:
                self._brotli.begin(share_id, lambda: self._add_brotli(share_id, shown))
        for encoding in accepted:
            if encoding in bodies:
                return encoding
        return "identity"

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
        mark = self._hot.mark()
        share = await self._stores.shares.get(share_id)
        if share is None:
            return None
        if share.state != "active":
            return await self._gone(share)
        try:
            parts = await self._parts(share)
        except ClosedError as closed:
            return await self._gone(share, closed.why)
        shown = await self._made(parts, mark)
        keys = (*parts.keys, f"account:{share.owner}")
        self._hot.put(("share", share_id), shown, _size(shown), keys, mark)
        return shown

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
            ad,
            prepared,
            await self._stock.sharer(share.owner),
            _keys(share, own),
        )

    async def _made(self, parts: _Parts, mark: int) -> Shown:
        """Joined at once where the ad was drawn before; a code to photograph takes milliseconds."""
        epoch, ad = ticket.epoch(self._now()), parts.ad
        language = parts.prepared.page.article.language
        name = ("slots", ad and (ad.id, ad.version), language, parts.share.channel)
        if self._hot.get(name):
            about = (parts.prepared, parts.share, ad, parts.sharer)
            return _shown(parts, self._moulds.page(*about, self._ticket(parts, epoch), mark), epoch)
        rendered = await asyncio.to_thread(self._drawn, parts, epoch)
        self._hot.put(name, True, RECORD_BYTES, [f"ad:{parts.share.ad}"], mark)
        return _shown(parts, rendered, epoch)

    def _drawn(self, parts: _Parts, epoch: int) -> Rendered:
        return render.page(
            parts.prepared,
            parts.share,
            parts.ad,
            sharer=parts.sharer,
            ticket=self._ticket(parts, epoch),
            origins=self._origins,
        )

    def _ticket(self, parts: _Parts, epoch: int) -> str:
        # Without an ad to show it speaks for the one that rests, whose ledger tells who came.
        spoken = (parts.ad.id, parts.ad.version) if parts.ad else (parts.share.ad, 0)
        return ticket.sign(ticket.Ticket(parts.share.id, *spoken, epoch), self._secrets)

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
        """The share with its card's picture where chats and readers find it."""
        image = self._pictures.of(share.card.image)
        return msgspec.structs.replace(
            share, own_card=msgspec.structs.replace(share.own_card, image=image)
        )

    async def _add_brotli(self, share_id: str, shown: Shown) -> None:
        await asyncio.to_thread(render.add_brotli, shown.rendered)
        if self._hot.get(("share", share_id)) is shown:
            self._hot.resize(("share", share_id), _size(shown))


def _shown(parts: _Parts, rendered: Rendered, epoch: int) -> Shown:
    source_url = parts.prepared.page.article.source_url
    headers = {"ETag": rendered.etag, **cdn.headers(parts.keys, source_url)}
    return Shown(rendered, headers, epoch)


def _size(shown: Shown) -> int:
    return ENTRY_BYTES + sum(len(body) for body in shown.rendered.bodies.values())


def _keys(share: Share, own: Ad | None) -> list[str]:
    """Surrogate keys: article, ad, its fallback while that may stand in for it, share."""
    keys = [f"article:{share.article_id}", f"ad:{share.ad}"]
    if own and not own.runs and own.fallback:
        keys.append(f"ad:{own.fallback}")
    return [*keys, f"share:{share.id}"]
