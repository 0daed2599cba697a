"""Ends or lowers shares for others than their owners, and lifts that again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import msgspec

from ads.clock import Clock
from proxy import shares
from proxy.articles.record import bare
from proxy.page import Mode
from proxy.publish.records import follow, rebook
from proxy.shares import Ending, Most, Share
from proxy.stores import Stores


@dataclass(frozen=True)
class Endings:
    """Used for the operator's takedowns and for the watch over publishers' signals."""

    _stores: Stores
    _now: Clock

    async def end(self, share_id: str, ending: Ending) -> Share | None:
        """Ends a share; it keeps its first ending if it has one. None without a share."""

        def ended(share: Share) -> Share:
            first = share.ending or msgspec.structs.replace(ending, wanted=share.state)
            return msgspec.structs.replace(share, state="ended", ending=first, updated_at=ending.at)

        changed = await self._stores.shares.change(share_id, ended)
        if changed:
            await rebook(self._stores, changed, self._now())
        return changed

    async def lower(self, share_id: str, most: Most, why: str) -> Share | None:
        """Lets a share show no more than `most` of its article; None without a share."""
        share = await self._stores.shares.get(share_id)
        if share:
            await self._cut(share, shares.lowered(share, most, why).asked)
        return await self._goes_on(share_id, lambda share: shares.lowered(share, most, why))

    async def _cut(self, share: Share, most: Mode) -> None:
        """Makes a bare page in mode `most` if there is none: the source may be gone for good."""
        pages, article = self._stores.articles, share.article_id
        stored = await pages.page(article, share.asked)
        if stored is None or stored.closed or await pages.page(article, most):
            return
        token = await pages.lock(article)
        if token:  # else somebody is making the page
            try:
                await pages.put_page(article, most, bare(stored, "operator"), token)
            finally:
                await pages.unlock(article, token)

    async def lift(self, share_id: str) -> Share | None:
        """Lifts what others ended or lowered; None without a share."""
        return await self._goes_on(share_id, shares.lifted)

    async def _goes_on(self, share_id: str, rule: Callable[[Share], Share]) -> Share | None:
        at = self._now()

        def ruled(share: Share) -> Share:
            after = rule(share)
            # For an ended share, `updated_at` is when it ended.
            touched = after != share and after.state == "active"
            return msgspec.structs.replace(after, updated_at=at) if touched else after

        changed = await self._stores.shares.change(share_id, ruled)
        if changed:
            changed = await self._as_its_page(changed)
        if changed and changed.state == "active":
            await follow(self._stores, changed, at, 0)
            await rebook(self._stores, changed, self._now())
        return changed

    async def _as_its_page(self, share: Share) -> Share:
        """The share with the facts of its page in the mode asked for, if that page exists."""
        article, mode = share.article_id, share.asked
        stored = await self._stores.articles.page(article, mode)
        if stored is None:
            return share
        rule = partial(shares.renewed, article=article, mode=mode, stored=stored)
        return await self._stores.shares.change(share.id, rule) or share
