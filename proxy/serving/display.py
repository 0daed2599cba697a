"""What the pages origin shows: a share's page from memory or made now, an ended one, a preview.

A page's bytes depend on the share, the version of the ad, the version of the article and the
ticket's epoch; the first three drop it from memory by surrogate key, the last by looking.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ads import ticket
from ads.clock import Clock
from ads.tally import Tally
from proxy import cdn, render
from proxy.config import Config
from proxy.flight import Flight
from proxy.hot import Hot
from proxy.pictures.address import PictureAddresses
from proxy.render import Origins
from proxy.render.prepared import Runs
from proxy.serving.arrivals import Arrivals, Done, Kit
from proxy.serving.foundry import Foundry
from proxy.serving.moulds import Cast, Moulds, Shown
from proxy.serving.ring import Ring
from proxy.serving.shelf import Shelf
from proxy.serving.stock import ClosedError, Stock
from proxy.shares import Share
from proxy.stores import Stores

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


class Display:
    """Pages by share id and previews by token.

    `remade` makes the article of a share again whose page is lost.
    """

    def __init__(
        self,
        config: Config,
        hot: Hot,
        stores: Stores,
        remade: Callable[[Share], Awaitable[Share]],
        pictures: PictureAddresses,
        now: Clock,
        tally: Tally,
    ) -> None:
        self._hot = hot
        self._stores = stores
        self._origins = Origins(config.ads.console_origin, config.ads.pages_origin)
        self._secrets = config.ads.secret_keys
        self._now = now
        ring = Ring(config.data_dir, config.shelf_bytes) if config.shelf_bytes else None
        self._shelf = Shelf(hot, ring)
        self._moulds = Moulds(hot, self._shelf)
        self._stock = Stock(hot, self._shelf, stores, pictures)
        self._foundry = Foundry(
            hot, self._stock, self._moulds, stores.moulds, remade, self._origins, pictures, now
        )
        kit = Kit(hot, self._stock, self._foundry, self._moulds, stores.batch, now, self._stamped)
        self._arrivals = Arrivals(kit)
        self._tally = tally
        self._pages: Flight[Shown | Gone | None] = Flight()
        self._brotli: Flight[None] = Flight()

    async def page(self, share_id: str) -> Shown | Gone | None:
        """A share's page; None if there never was such a share.

        Raises Problem("store_unavailable") if its article is lost with its source, RedisError
        without store.
        """
        shown = self.ready(share_id, self._now())
        self._tally["passalong_pages", "memory" if shown else "rendered"] += 1
        if shown is None:
            shown = await self._arrivals.met(share_id)
        return shown or await asyncio.shield(self._begun(share_id))

    def begin(self, share_id: str, done: Done) -> None:
        """Makes a page that is not in memory; `done` hears None if it is none, or cannot be had."""

        def made(task: "asyncio.Task[Shown | Gone | None]") -> None:
            failed = task.cancelled() or task.exception()
            shown = None if failed else task.result()
            done(shown if isinstance(shown, Shown) else None)

        def met(shown: Shown | None) -> None:
            if shown is None:
                self._begun(share_id).add_done_callback(made)
            else:
                done(shown)

        self._arrivals.begin(share_id, met)

    def _begun(self, share_id: str) -> "asyncio.Task[Shown | Gone | None]":
        return self._pages.begin(share_id, lambda: self._build(share_id))

    def ready(self, share_id: str, at: int) -> Shown | None:
        """The page if all that it takes is in memory and of the epoch at `at`."""
        return self._moulds.ready(share_id, ticket.epoch(at))

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
        await self._shelf.close()
        await self._stores.moulds.close()

    async def _build(self, share_id: str) -> Shown | Gone | None:
        mark = self._hot.mark()
        share = await self._stores.shares.get(share_id)
        if share is None:
            return None
        if share.state != "active":
            return await self._gone(share)
        try:
            cast, runs = await self._foundry.cast(share, mark)
        except ClosedError as closed:
            return await self._gone(share, closed.why)
        return self._stamped(share_id, cast, runs, mark)

    def _stamped(self, share_id: str, cast: Cast, runs: Runs, mark: int) -> Shown:
        epoch = ticket.epoch(self._now())
        signed = ticket.sign(ticket.Ticket(share_id, *cast.spoken, epoch), self._secrets)
        known = self._moulds.stamped(cast, cast.mould.stamp(share_id, signed), epoch, mark)
        return Shown(share_id, known, cast, runs)

    async def _gone(self, share: Share, why: str = "") -> Gone:
        sharer = await self._stock.sharer(share.owner)
        keys = [f"article:{share.article_id}"] if why else []
        keys.append(f"share:{share.id}")
        return Gone(share, sharer, cdn.gone(keys), why)

    async def _add_brotli(self, shown: Shown) -> None:
        shown.bodies["br"] = await asyncio.to_thread(render.brotli_of, shown.body("gzip"))
        self._moulds.grown(shown)
