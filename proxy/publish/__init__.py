"""A paste becomes a share: link, article, share, booking; and what its owner changes later.

The API and the console both call this. Every write is published to all workers by surrogate key.
`forms` judges what is asked for, `limits` how often; `records` makes what is written; `drain` ends
all work when the service ends.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import msgspec

from ads import accounts, booking
from ads.accounts import Account
from ads.ad import Ad
from ads.ad.shape import Placement
from ads.clock import MINUTE, SECOND, Clock
from ads.errors import FieldError, Problem
from proxy import links, shares
from proxy.articles import Articles
from proxy.articles.renew import Renewer
from proxy.config import Config
from proxy.errors import SourceProblem
from proxy.fairness import on_behalf_of
from proxy.page import Mode, Page
from proxy.publish.drain import Drain, drained
from proxy.publish.forms import PublishRequest
from proxy.publish.limits import Limits
from proxy.publish.records import booked, follow, new_share, patched, rebook
from proxy.rights import over
from proxy.shares import Ending, Share
from proxy.store import keys
from proxy.store.previews import Previewed
from proxy.stores import Stores

__all__ = ("Preview", "PublishRequest", "Publisher")

_SHARED = re.compile(r"/s/([\w-]+)")
LOST_SECONDS = 60  # Retry-After for a page that is lost and whose source fails


@dataclass(frozen=True)
class Preview:
    """What would be published, and its address, which is good until `expires_at` (ms)."""

    article_id: str
    page: Page
    slots: tuple[Placement, ...]
    slots_skipped: Mapping[str, str]
    url: str
    expires_at: int


class Publisher:
    """The use cases around a share. Problems: the codes of the contract's section 3."""

    def __init__(
        self,
        config: Config,
        articles: Articles,
        renewer: Renewer,
        stores: Stores,
        now: Clock,
    ) -> None:
        self._config = config
        self._articles = articles
        self._renewer = renewer
        self._stores = stores
        self._now = now
        self._drain = Drain()
        self._limits = Limits(config.ads, stores.throttle)

    @drained
    async def publish(self, account: Account, request: PublishRequest) -> Share:
        """Publishes an article with one of the account's ads."""
        link = links.parse(request.url, self._config.own_hosts)
        await self._own_ad(account, request.ad)
        await self._limits.minute(account, "publish")
        mode = request.mode or self._config.default_mode
        # A failed attempt does not use up a newcomer's shares.
        await self._limits.day(account, "share-tries")
        article, page = await self._article(account.ads_owner, link, mode)
        await self._limits.day(account, "new-shares")
        at = self._now()
        share = shares.of_page(new_share(account.id, article, request, mode, at), page)
        # Booked first: a page that is seen is counted.
        await self._stores.bookings.put(booked(share, None, at))
        await self._stores.shares.put(share)
        await self._watched(share)
        await self._still_let_in(share)
        return await self._noted("share", share)

    @drained
    async def preview(self, account: Account, request: PublishRequest) -> Preview:
        """What `publish` would do; its page is good for ten minutes. `request.ad` may be ""."""
        link = links.parse(request.url, self._config.own_hosts)
        ad = await self._own_ad(account, request.ad) if request.ad else None
        await self._limits.minute(account, "preview")
        await self._limits.day(account, "previews")
        mode = request.mode or self._config.default_mode
        article, page = await self._article(account.ads_owner, link, mode)
        token = await self._stores.previews.put(Previewed(account.id, article, mode, request.ad))
        filled, missed = shares.slots(shares.places(page), page.skipped, page.mode, ad)
        url = f"{self._config.ads.pages_origin}/p/{token}"
        expires_at = self._now() + keys.PREVIEW_S * SECOND
        return Preview(article, page, filled, missed, url, expires_at)

    async def change(self, account: Account, share_id: str, patch: Mapping[str, object]) -> Share:
        """Applies the fields of `forms.parse_patch` to one of the account's shares."""
        return await self._noted("share-changed", await self._patched(account, share_id, patch))

    async def end(self, account: Account, share_id: str) -> Share:
        """Ends a share: its page answers 410 from now on. May be repeated."""
        ended = await self._patched(account, share_id, {"state": "ended"})
        return await self._noted("share-ended", ended)

    @drained
    async def _patched(self, account: Account, share_id: str, patch: Mapping[str, object]) -> Share:
        share = await self.get(account, share_id)
        if "ad" in patch:
            await self._own_ad(account, str(patch["ad"]))
        moded = await self._in_mode(account, share, patch) if "mode" in patch else None
        at = self._now()

        def rule(current: Share) -> Share:
            return patched(_moved(current, moded), patch, at)

        changed = await self._changed(share.id, rule)
        await self._watched(changed)
        return changed

    async def _noted(self, what: str, share: Share) -> Share:
        """The share, after a note in its owner's audit list."""
        await self._stores.accounts.audit.note(share.owner, what, share.card.title, share.id)
        return share

    @drained
    async def refresh(self, account: Account, share_id: str) -> Share:
        """Asks the source of a share's article again; the share as it is then."""
        share = await self.get(account, share_id)
        await self._limits.minute(account, "publish")
        await self._renewer.renew(share.article_id, share.asked)
        return await self.get(account, share_id)

    @drained
    async def remade(self, share: Share) -> Share:
        """The share after its article's page, which the store lost, was made again.

        Raises Problem("store_unavailable") if the source gives no page now.
        """
        try:
            link = links.parse(share.article.source_url, self._config.own_hosts)
            article, page = await self._article(share.owner, link, share.asked)
        except SourceProblem as problem:
            detail = f"The article's page is lost, and its source says {problem.code}."
            raise Problem("store_unavailable", detail, retry_after=LOST_SECONDS) from problem
        moved = (article, share.asked, page)

        def rule(now: Share) -> Share:
            # If the operator has lowered it meanwhile, it needs a page of another mode.
            return _moved(now, moved) if now.asked == share.asked else now

        changed = await self._stores.shares.change(share.id, rule) or share
        await self._watched(changed)
        await self._stores.changes.publish(f"share:{share.id}")
        return changed

    async def get(self, account: Account, share_id: str) -> Share:
        """One of the account's shares. Raises Problem("not_found")."""
        share = await self._stores.shares.get(share_id)
        if share is None or share.owner != account.id:
            raise Problem("not_found", "There is no such share.")
        return share

    async def list(
        self, account: Account, cursor: str, limit: int
    ) -> tuple[list[Share], str | None]:
        """The account's shares, newest first, and the cursor of what follows."""
        index = self._stores.bookings.of_owner(account.id)
        ids, following = await index.page(cursor, limit)
        return await self._stores.shares.many(ids), following

    async def original(self, url: str) -> str:
        """Of the link of a running share that of its article, as its page names it; else `url`."""
        found = _SHARED.match(url.removeprefix(self._config.ads.pages_origin))
        share = await self._stores.shares.get(found[1]) if found else None
        return share.article.source_url if share and share.state == "active" else url

    async def shown_ad(self, share: Share) -> Ad | None:
        """The ad that the share's page shows now: its own, a fallback, or none."""
        find = self._stores.ads.get
        chain = await booking.chain(await find(share.ad), find)
        return booking.shown(chain)

    def drain(self, seconds: float) -> None:
        """Lets work go on for `seconds`; then all of it is answered `store_unavailable`."""
        asyncio.get_running_loop().call_later(seconds, self._drain.stop)

    async def close(self) -> None:
        """Ends all work now and gives the articles' locks back."""
        self._drain.stop()
        await self._articles.close()

    async def _still_let_in(self, share: Share) -> None:
        """Ends or removes the new share if its account was ended or forgotten meanwhile.

        Whoever did that did not see this share. Raises Problem("forbidden").
        """
        owner = await self._stores.accounts.by_id(share.owner)
        if owner is None:
            await self._stores.shares.remove(share.id)
            await self._stores.removal.booking(booked(share, None, share.created_at))
            raise Problem("forbidden", "There is no such account any more.")
        if owner.ended_at:
            ending = Ending("operator", owner.ended_why, at=owner.ended_at)

            def ended(current: Share) -> Share:
                return msgspec.structs.replace(current, state="ended", ending=ending)

            await self._changed(share.id, ended)
            accounts.let_in(owner)

    async def _watched(self, share: Share) -> None:
        """Makes an active share follow its source and its publisher's signals."""
        if share.state == "active":
            at = self._now()
            again = at + self._config.renew_minutes * MINUTE
            await follow(self._stores, share, again, at)

    async def _changed(self, share_id: str, rule: Callable[[Share], Share]) -> Share:
        changed = await self._stores.shares.change(share_id, rule)
        if changed is None:
            raise Problem("not_found", "There is no such share.")
        await rebook(self._stores, changed, self._now())
        return changed

    async def _in_mode(
        self, account: Account, share: Share, patch: Mapping[str, object]
    ) -> tuple[str, Mode, Page]:
        """The share's article in the mode asked for."""
        await self._limits.minute(account, "publish")
        link = links.parse(share.article.source_url, self._config.own_hosts)
        mode = cast(Mode, patch["mode"] or self._config.default_mode)
        article, page = await self._article(account.ads_owner, link, mode)
        return article, mode, page

    async def _article(self, who: str, link: links.Link, mode: Mode) -> tuple[str, Page]:
        """The article's id and page, on behalf of the account `who`."""
        with on_behalf_of(who), self._limits.waiting(who, link.key):
            return await self._articles.get(link, mode)

    async def _own_ad(self, account: Account, ad_id: str) -> Ad:
        ad = await self._stores.ads.get(ad_id)
        if ad is None or ad.owner not in (account.id, account.ads_owner) or ad.state == "deleted":
            fault: FieldError = {"field": "ad", "code": "unknown", "detail": "No ad of yours."}
            raise Problem("invalid", "Some fields cannot be used.", errors=[fault])
        return ad


def _moved(share: Share, moded: tuple[str, Mode, Page] | None) -> Share:
    if moded is None:
        return share
    article, mode, page = moded
    if share.lowered and over(mode, share.lowered.most):
        detail = f"No more of it may be shown than its {share.lowered.most}: {share.lowered.why}"
        raise Problem("forbidden", detail)
    return shares.of_page(msgspec.structs.replace(share, article_id=article, asked=mode), page)
