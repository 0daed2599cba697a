"""The pages of the pages origin: of shares, from memory or made now, of ended shares, and previews.

A page's bytes depend on the share, the versions of the ad and the article, and the ticket's epoch.
A change of the first three drops the page from memory by surrogate key; the epoch is compared at
each request.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ads.clock import Clock
from ads.tally import Tally
from proxy import cdn, render
from proxy.config import Config
from proxy.flight import Flight
from proxy.hot import Hot
from proxy.pictures.address import PictureAddresses
from proxy.render import Origins
from proxy.serving.articles import ArticleCache
from proxy.serving.build import Builder
from proxy.serving.cache import PageCache
from proxy.serving.quick import Done, QuickBuilds
from proxy.serving.records import ClosedError, Records
from proxy.serving.ring import Ring
from proxy.serving.shown import Shown
from proxy.shares import Share
from proxy.stores import Stores

# More requests than this make a page worth a few milliseconds of brotli, whenever it has newly come
# into memory.
BROTLI_AFTER = 40
# How often a page is built if it changes meanwhile; then the last version is shown.
BUILDS = 3


@dataclass(frozen=True)
class Gone:
    """An ended share; `why` is its article's `closed`, or "" if the share itself was ended."""

    share: Share
    sharer: str
    headers: dict[str, str]
    why: str = ""


class Display:
    """Pages by share id and previews by token.

    `remade` makes a share's article again if the store has lost its page.
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
        both = (config.ads.console_origin, config.ads.pages_origin)
        self._origins = Origins(*both, wechat=config.wechat is not None)
        self._now = now
        self._tally = tally
        ring = Ring(config.data_dir, config.shelf_bytes) if config.shelf_bytes else None
        self._articles = ArticleCache(hot, ring)
        self._cache = PageCache(hot, self._articles)
        self._records = Records(hot, self._articles, stores, pictures)
        self._builder = Builder(
            hot,
            self._records,
            self._cache,
            now,
            stores.templates,
            remade,
            self._origins,
            pictures,
            config.ads.secret_keys,
        )
        self._quick = QuickBuilds(self._builder, stores.batch)
        self._pages: Flight[Shown | Gone | None] = Flight()
        self._brotli: Flight[bytes] = Flight()

    async def page(self, share_id: str) -> Shown | Gone | None:
        """A share's page; None if there never was such a share.

        Raises Problem("store_unavailable") if its article is lost and cannot be made again,
        RedisError without a store.
        """
        shown = self.ready(share_id, self._now())
        if shown:
            self._tally["passalong_pages", "memory"] += 1
            return shown
        found = await asyncio.shield(self._built(share_id))
        if isinstance(found, Shown):
            self._tally["passalong_pages", "rendered"] += 1
        return found

    def begin(self, share_id: str, done: Done) -> None:
        """Make a page that is not in memory; calls `done` with it, or with None if that fails."""

        def made(task: "asyncio.Task[Shown | Gone | None]") -> None:
            failed = task.cancelled() or task.exception()
            shown = None if failed else task.result()
            done(shown if isinstance(shown, Shown) else None)

        def met(shown: Shown | None) -> None:
            if shown is None:
                self._built(share_id).add_done_callback(made)
            else:
                done(shown)

        self._quick.begin(share_id, met)

    def _built(self, share_id: str) -> "asyncio.Task[Shown | Gone | None]":
        return self._pages.begin(share_id, lambda: self._build(share_id))

    def ready(self, share_id: str, at: int) -> Shown | None:
        """The page, if everything that it needs is cached and its ticket is current at `at`."""
        return self._cache.ready(share_id, at)

    def mark(self) -> int:
        """The number of changes so far, for `changed`."""
        return self._hot.mark()

    def changed(self, shown: Shown, mark: int) -> bool:
        """Whether something that the page depends on changed after `mark`."""
        return self._hot.changed(shown.surrogates, mark)

    async def body(self, share_id: str, shown: Shown, accepted: Sequence[str]) -> tuple[str, bytes]:
        """The best encoding for a client that accepts `accepted`, and the body in it.

        Brotli is made in the background for popular pages, and at once for a client that accepts
        nothing else.
        """
        encoding = self.offer(share_id, shown, accepted)
        if encoding is None:
            return "br", await asyncio.shield(self._begin_brotli(share_id, shown))
        return encoding, shown.body(encoding)

    def offer(self, share_id: str, shown: Shown, accepted: Sequence[str]) -> str | None:
        """Count a request, and return the encoding for it; None if brotli must be made first."""
        self._cache.ask(shown)
        if "br" not in accepted:
            return "gzip" if "gzip" in accepted else "identity"
        if "br" in shown.bodies:
            return accepted[0]
        if "gzip" not in accepted:
            return None
        if shown.asked > BROTLI_AFTER:
            self._begin_brotli(share_id, shown)
        return "gzip"

    async def preview(self, token: str) -> bytes | None:
        """The page of a preview; None if it has expired or its article may not be shown."""
        previewed = await self._stores.previews.get(token)
        if previewed is None:
            return None
        try:
            prepared = await self._records.page(previewed.article, previewed.mode)
        except ClosedError:
            prepared = None
        if prepared is None:
            return None
        ad = await self._records.ad(previewed.ad) if previewed.ad else None
        sharer = await self._records.sharer(previewed.owner)
        return render.preview(prepared, ad, sharer=sharer, origins=self._origins)

    async def close(self) -> None:
        """Cancel what is being made."""
        await self._pages.stop()
        await self._brotli.stop()
        await self._articles.close()
        await self._stores.templates.close()

    async def _build(self, share_id: str, left: int = BUILDS) -> Shown | Gone | None:
        """Build again if the page changed meanwhile: the edge that asks may be purged already."""
        mark = self._hot.mark()
        found = await self._made(share_id, mark)
        if left > 1 and isinstance(found, Shown) and self.changed(found, mark):
            return await self._build(share_id, left - 1)
        return found

    async def _made(self, share_id: str, mark: int) -> Shown | Gone | None:
        share = await self._stores.shares.get(share_id)
        if share is None:
            return None
        if share.state != "active":
            return await self._gone(share)
        try:
            return await self._builder.page(share, mark)
        except ClosedError as closed:
            return await self._gone(share, closed.why)

    async def _gone(self, share: Share, why: str = "") -> Gone:
        sharer = await self._records.sharer(share.owner)
        keys = [f"article:{share.article_id}"] if why else []
        keys.append(f"share:{share.id}")
        return Gone(share, sharer, cdn.gone(keys), why)

    def _begin_brotli(self, share_id: str, shown: Shown) -> "asyncio.Task[bytes]":
        # By ETag, too: brotli of an older version may be in the making.
        return self._brotli.begin((share_id, shown.etag), lambda: self._add_brotli(shown))

    async def _add_brotli(self, shown: Shown) -> bytes:
        made = await asyncio.to_thread(render.brotli_of, shown.body("gzip"))
        shown.bodies["br"] = made
        self._cache.grown(shown)
        return made
