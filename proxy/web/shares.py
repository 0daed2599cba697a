"""Shares as their owner sees them: the list, one share, and handing its link on."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from ads.ad import Ad
from ads.errors import Problem
from ads.i18n import gettext
from ads.store.ads import Ads
from ads.store.idempotency import Idempotency
from ads.text import mended
from ads.web.console.desk import Desk, Visit
from ads.web.console.faults import explained
from ads.web.console.figures import Figures
from ads.web.console.once import once
from proxy.poster import posters
from proxy.poster.drawing import Words
from proxy.publish import Publisher, forms
from proxy.shares import Share, address
from proxy.web import notes, qr, refusals

Picture = Callable[[str], Awaitable[bytes | None]]
"""A picture's bytes by our id or its address; None for what is none."""
PAGE = 25
CHANNELS_MAX = 20  # links made in one go


def routes(
    desk: Desk,
    publisher: Publisher,
    figures: Figures,
    ads: Ads,
    picture: Picture,
    sent: Idempotency,
) -> list[web.RouteDef]:
    """Everything below /shares but the spread and the report."""
    screens = Sharing(publisher, figures, ads, picture)
    one = "/shares/{share}"
    return [
        web.get("/shares", desk.makers(screens.all)),
        web.get(one, desk.members(screens.one)),
        web.get(f"{one}/ready", desk.members(screens.ready)),
        web.get(f"{one}/qr.{{kind:svg|png}}", desk.members(screens.code)),
        web.get(f"{one}/poster.png", desk.members(screens.poster)),
        web.post(f"{one}/end", desk.form(screens.end)),
        web.post(f"{one}/channels", desk.form(once(sent, screens.per_channel))),
    ]


@dataclass(frozen=True)
class Sharing:
    """The screens of the shares' tab."""

    _publisher: Publisher
    _figures: Figures
    _ads: Ads
    _picture: Picture

    async def all(self, visit: Visit) -> web.Response:
        """GET /shares: the list, newest first, a page at a time."""
        cursor = visit.text("cursor", 64)
        shares, following = await self._publisher.list(visit.owner, cursor, PAGE)
        figures = await self._figures.of_shares([share.id for share in shares])
        return visit.html("shares.html", shares=shares, figures=figures, following=following)

    async def one(self, visit: Visit) -> web.Response:
        """GET /shares/{share}: its figures, link and settings."""
        return await self._page(visit, "share.html")

    async def ready(self, visit: Visit) -> web.Response:
        """GET /shares/{share}/ready: just published, hand it on; an ended one is not to be."""
        share = await self._own(visit)
        if share.gone:
            return visit.go(f"/shares/{share.id}")
        return await self._page(visit, "ready.html")

    async def end(self, visit: Visit) -> web.Response:
        """POST /shares/{share}/end: its page answers 410 from now on."""
        share = await self._publisher.end(visit.owner, visit.request.match_info["share"])
        return visit.go(f"/shares/{share.id}")

    async def code(self, visit: Visit) -> web.Response:
        """GET /shares/{share}/qr.svg or .png; `?save` names a file for it."""
        share = await self._own(visit)
        link = address(visit.desk.config.pages_origin, share.id)
        kind = visit.request.match_info["kind"]
        body, media_type = await asyncio.to_thread(qr.drawn, kind, link)
        return _picture(visit, body, media_type, f"{share.id}.{kind}")

    async def poster(self, visit: Visit) -> web.Response:
        """GET /shares/{share}/poster.png: to post or to print; `?save` names a file for it."""
        share = await self._own(visit)
        words = _words(visit, share, await self._publisher.shown_ad(share))
        link = address(visit.desk.config.pages_origin, share.id)
        image = share.card.image
        body = await posters.poster(words, link, await self._picture(image) if image else None)
        return _picture(visit, body, "image/png", f"{share.id}-poster.png")

    async def per_channel(self, visit: Visit) -> web.Response:
        """POST /shares/{share}/channels: one more share of the article for each channel named."""
        share = await self._own(visit)
        left = channels(visit.text("channels"))
        try:
            while left:
                await self._publisher.publish(visit.owner, _again(share, left[0]))
                left = left[1:]
        except Problem as problem:
            why = explained(visit.locale, problem).values() if problem.errors else ()
            failed = {"problem": problem, "left": left, "whys": why}
            return await self._page(visit, "ready.html", problem.status, **failed)
        return visit.go("/shares")

    async def _own(self, visit: Visit) -> Share:
        return await self._publisher.get(visit.owner, visit.request.match_info["share"])

    async def _page(
        self, visit: Visit, template: str, status: int = 200, **more: Any
    ) -> web.Response:
        share = await self._own(visit)
        figures = await self._figures.of_shares([share.id])
        values: dict[str, Any] = {"problem": None, "left": (), "whys": ()} | more
        return visit.html(
            template,
            status,
            share=share,
            ad=await self._ads.get(share.ad),
            shown=await self._publisher.shown_ad(share),
            link=address(visit.desk.config.pages_origin, share.id),
            figure=figures[share.id],
            why=refusals.REASONS.get(share.mode_reason, share.mode_reason),
            closed=notes.ENDED[share.closed] if share.closed else "",
            **values,
        )


def _picture(visit: Visit, body: bytes, media_type: str, name: str) -> web.Response:
    headers = dict(visit.desk.headers)
    if "save" in visit.request.query:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return web.Response(body=body, content_type=media_type, headers=headers)


def _words(visit: Visit, share: Share, ad: Ad | None) -> Words:
    """In the article's language: whoever reads the poster reads the article."""
    language = share.article.language or visit.locale
    passed = gettext(language, "%(name)s passed this along") % {"name": visit.owner.name}
    inside = gettext(language, "Ad inside")
    return Words(
        title=share.card.title,
        site=share.article.site,
        sharer=passed,
        scan=gettext(language, "Scan to read it"),
        ad=inside if ad else "",
        advertiser=ad.advertiser if ad else "",
    )


def channels(text: str) -> Sequence[str]:
    """The channels named, one a line or between commas, each once."""
    parts = re.sub("[,，、]", "\n", mended(text, lines=True)).splitlines()
    names = dict.fromkeys(part.strip() for part in parts)
    return [name for name in names if name][:CHANNELS_MAX]


def _again(share: Share, channel: str) -> forms.PublishRequest:
    """The same article, ad, mode and card for another channel. Raises Problem("invalid")."""
    card = {"title": share.own_card.title, "description": share.own_card.description}
    return forms.parse(
        {
            "url": share.article.source_url,
            "ad": share.ad,
            "mode": share.asked,
            "channel": channel,
            "rights": share.rights,
            "card": card | {"image": share.own_card.image},
        }
    )
