"""The slow path to a share's page, which handles every case: it may read, draw and remake."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

import ads
import proxy
from ads import booking, ticket
from ads.clock import Clock
from ads.errors import Problem
from proxy import cdn, edition, render, shares
from proxy.frame.head import site
from proxy.hot import Hot
from proxy.pictures.address import PictureAddresses
from proxy.render import Origins
from proxy.render.prepared import Prepared, Runs
from proxy.render.template import Template
from proxy.serving import variant as variants
from proxy.serving.cache import PageCache
from proxy.serving.records import RECORD_BYTES, Records
from proxy.serving.shown import Shown
from proxy.serving.variant import Inputs, Key, Variant
from proxy.shares import Share
from proxy.store.templates import TemplateStore, digest

_CODE = tuple(Path(side.__path__[0]) for side in (ads, proxy))
"""The code that pages depend on."""


@dataclass
class Builder:
    """Makes pages. `_remade` makes a share's article again if the store has lost its page."""

    hot: Hot
    records: Records
    cache: PageCache
    now: Clock
    _store: TemplateStore
    _remade: Callable[[Share], Awaitable[Share]]
    _origins: Origins
    _pictures: PictureAddresses
    _secrets: Sequence[bytes]
    _drawing: bytes | None = None

    async def page(self, share: Share, mark: int) -> Shown:
        """The page of a share; take `mark` before reading the share.

        Raises ClosedError if the article may not be shown any more, Problem("store_unavailable") if
        its page is lost and cannot be made again, RedisError.
        """
        share, inputs = await self._inputs(share)
        key = inputs.key
        variant = self.cache.variant(key, share.id)
        if variant is None or variant.page != inputs.page.digest:
            name = digest(await self._edition(), *key)
            kept = await self._store.get(key.article, name, inputs.digest)
            variant = inputs.variant(*kept) if kept else await self._drawn(share, inputs, mark)
            if not kept and not variant.key.alone:
                self._store.keep(key.article, name, variant.template, variant.link, variant.digest)
            self.cache.keep(variant, mark)
        return self.stamped(share.id, variant, inputs.page.runs, mark)

    def stamped(self, share_id: str, variant: Variant, runs: Runs, mark: int) -> Shown:
        """The page of one share, with a new ticket."""
        issued = ticket.epoch(share_id, self.now())
        signed = ticket.sign(ticket.Ticket(share_id, *variant.ad_version, issued), self._secrets)
        stamp = variant.template.stamp(share_id, signed)
        return Shown(share_id, self.cache.keep_stamp(stamp, variant, issued, mark), variant, runs)

    def stored(self, key: Key) -> bytes | None:
        """A template's name in the store; None until `_edition` has been computed."""
        return digest(self._drawing, *key) if self._drawing else None

    async def _edition(self) -> bytes:
        """A digest of the code and settings that drawing depends on."""
        if self._drawing is None:
            code, origins = await asyncio.to_thread(edition.of, *_CODE), self._origins
            self._drawing = digest(code, origins, self._pictures.mark)
        return self._drawing

    async def _inputs(self, share: Share) -> tuple[Share, Inputs]:
        chain = await booking.chain(await self.records.ad(share.ad), self.records.ad)
        share, page = await self._article(share)
        sharer, issued = await self.records.sharer(share.owner), self.now()
        return share, variants.inputs(variants.key(share), share.id, chain, page, sharer, issued)

    async def _article(self, share: Share) -> tuple[Share, Prepared]:
        """The share and its page; the share names another article if that had to be made again."""
        for again in (True, False):
            page = await self.records.page(share.article_id, share.asked)
            if page:
                return share, page
            share = await self._remade(share) if again else share
        raise Problem("store_unavailable", "The article's page is lost.", retry_after=60)

    def _own_pictures(self, share: Share) -> Share:
        """The share with a link card whose picture chats can load: proxied, or a cover of ours.

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

    async def _drawn(self, share: Share, inputs: Inputs, mark: int) -> Variant:
        """A new variant: drawn in a thread if the ad's slots are not cached (QR codes are slow)."""
        page, ad = inputs.page.stored.page, inputs.ad
        # The card describes the article as it is now, not as it was when it was shared.
        share = self._own_pictures(shares.of_page(share, page))
        name = ("slots", ad and (ad.id, ad.version), page.article.language, share.channel)
        if self.hot.get(name):
            template, alike = self._draw(inputs, share)
        else:
            template, alike = await asyncio.to_thread(self._draw, inputs, share)
            self.hot.put(name, True, RECORD_BYTES, [f"ad:{share.ad}"], mark)
        if not alike:
            key = inputs.key._replace(alone=share.id)
            inputs = msgspec.structs.replace(inputs, key=key)
        return inputs.variant(template, cdn.header_url(page.article.source_url))

    def _draw(self, inputs: Inputs, share: Share) -> tuple[Template, bool]:
        return render.draw(
            inputs.page,
            share,
            inputs.ad,
            sharer=inputs.sharer,
            ticket_bytes=inputs.ticket_bytes,
            origins=self._origins,
        )
