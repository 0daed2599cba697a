"""Paste, preview, publish: a link becomes a share in three taps."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from yarl import URL

from ads import text
from ads.ad import Ad
from ads.clock import DAY, Clock
from ads.errors import Problem
from ads.store.ads import Ads
from ads.store.idempotency import Idempotency
from ads.web.console.desk import Desk, Visit, written
from ads.web.console.faults import explained
from ads.web.console.figures import Figures
from ads.web.console.once import once
from ads.web.problem import of
from proxy.articles import progress
from proxy.page import MODES, Mode
from proxy.publish import Preview, Publisher, forms
from proxy.rights import over
from proxy.shares import RIGHTS, Share
from proxy.web import refusals
from proxy.web.pasted import TEXT_MAX, first_url

HERE = "<!--the article-->"  # where the answer goes into the frame, which may be sent before it
AT_ONCE_SECONDS = 0.08  # an answer within this time is sent whole, not as a stream
RECENT = 50  # shares looked through for "You shared this on …" and the right claimed before
ON_THE_WAY = 5
ADS_OFFERED = 100


def routes(
    desk: Desk, publisher: Publisher, ads: Ads, figures: Figures, sent: Idempotency, now: Clock
) -> list[web.RouteDef]:
    """GET /, GET /preview, POST /publish."""
    screens = Paste(publisher, ads, figures, now)
    return [
        web.get("/", desk.makers(screens.home)),
        web.get("/share", desk.makers(shared)),
        web.get("/preview", desk.makers(screens.preview)),
        web.post("/publish", desk.form(once(sent, screens.publish))),
    ]


Steps = asyncio.Queue[progress.Step | None]
"""The steps that were done, in order; None at the end."""


@dataclass(frozen=True)
class Wish:
    """Link, ad and mode from the paste page's form; `gone`: the ad asked for no longer exists."""

    url: str
    ad: Ad | None
    mode: Mode | None
    gone: bool = False


@dataclass(frozen=True)
class Paste:
    """The screens from a link to a share."""

    _publisher: Publisher
    _ads: Ads
    _figures: Figures
    _now: Clock

    async def home(self, visit: Visit) -> web.Response:
        """GET /: the field and the newest shares."""
        shares, following = await self._publisher.list(visit.owner, "", ON_THE_WAY)
        ads = await self._offered(visit)
        last = await self._asked(visit) or await self._last_used(visit, ads, shares)
        return visit.html(
            "paste.html",
            url=first_url(visit.text("url", TEXT_MAX)),
            ad=last,
            ads=_with(ads, last),
            shares=shares,
            more=following is not None,
            figures=await self._figures.of_shares([share.id for share in shares]),
        )

    async def preview(self, visit: Visit) -> web.StreamResponse:
        """GET /preview?url=&ad=&mode=: the frame at once, then the article when it is made."""
        wish = await self._wish(visit)
        steps: Steps = asyncio.Queue()
        with progress.told_to(steps.put_nowait):
            work = asyncio.ensure_future(self._look(visit, wish))
        work.add_done_callback(lambda _: steps.put_nowait(None))
        try:
            done, _ = await asyncio.wait({work}, timeout=AT_ONCE_SECONDS)
            if done:
                status, fragment = work.result()
                return _whole(visit, wish, status, fragment)
            return await _streamed(visit, wish, work, steps)
        finally:
            work.cancel()

    async def publish(self, visit: Visit) -> web.Response:
        """POST /publish."""
        wish = await self._wish(visit)
        if wish.gone:
            return visit.go(str(URL("/preview").with_query(_sent(visit, wish))))
        try:
            share = await self._publisher.publish(visit.owner, _request(visit, wish))
        except Problem as problem:
            return _whole(visit, wish, problem.status, _refused(visit, wish, problem))
        return visit.go(f"/shares/{share.id}/ready")

    async def _look(self, visit: Visit, wish: Wish) -> tuple[int, str]:
        """The answer's status and HTML fragment."""
        try:
            ad = wish.ad.id if wish.ad else ""
            asked = forms.PublishRequest(wish.url, ad, mode=wish.mode)
            preview = await self._publisher.preview(visit.owner, asked)
        except Exception as error:  # noqa: BLE001 - the frame may have been sent: fill it
            problem = of(error)
            return problem.status, _refused(visit, wish, problem)
        shares, _ = await self._publisher.list(visit.owner, "", RECENT)
        return 200, visit.page(
            "previewed.html",
            **_frame(wish),
            preview=preview,
            gone=wish.gone,
            page=preview.page,
            ads=_with(await self._offered(visit), wish.ad),
            modes=_modes(wish, preview),
            before=self._shared_before(shares, preview),
            right=_right(shares, preview),
            words=refusals,
            given={name: visit.text(name) for name in ("channel", "title", "description")},
        )

    def _shared_before(self, shares: list[Share], preview: Preview) -> Share | None:
        """The share of the same article made within a day, if there is one."""
        since = self._now() - DAY
        source = preview.page.article.source_url
        same = (s for s in shares if s.article.source_url == source and not s.gone)
        return next((share for share in same if share.created_at >= since), None)

    async def _wish(self, visit: Visit) -> Wish:
        mode = next((m for m in MODES if m == visit.text("mode")), None)
        ad, asked = await self._chosen(visit), visit.text("ad", 64)
        gone = bool(asked) and (ad is None or ad.id != asked)
        url = await self._publisher.original(first_url(visit.text("url", TEXT_MAX)))
        return Wish(url, ad, mode, gone)

    async def _chosen(self, visit: Visit) -> Ad | None:
        """The ad asked for if it exists, else the one used last, else the newest."""
        if asked := await self._asked(visit):
            return asked
        ads = await self._offered(visit)
        shares, _ = await self._publisher.list(visit.owner, "", 1)
        return await self._last_used(visit, ads, shares)

    async def _asked(self, visit: Visit) -> Ad | None:
        """The ad that the form or the address names, if it is there."""
        with suppress(Problem):
            return await self._ads.owned(visit.owner.ads_owner, visit.text("ad", 64))
        return None

    async def _last_used(self, visit: Visit, ads: list[Ad], shares: list[Share]) -> Ad | None:
        for share in shares[:1]:
            last = await self._ads.get(share.ad)
            if last and last.owner == visit.owner.ads_owner and last.state == "active":
                return last
        return ads[0] if ads else None

    async def _offered(self, visit: Visit) -> list[Ad]:
        """The account's running ads."""
        found, _ = await self._ads.list(visit.owner.ads_owner, "", ADS_OFFERED)
        return [ad for ad in found if ad.state == "active"]


async def shared(visit: Visit) -> web.Response:
    """GET /share?url=&text=&title=: the phone's share sheet hands an article to us."""
    texts = [visit.text(name, TEXT_MAX) for name in ("url", "text", "title")]
    found = next((url for url in map(first_url, texts) if "://" in url), " ".join(texts).strip())
    return visit.go(str(URL("/preview").with_query(url=found)) if found else "/")


def _request(visit: Visit, wish: Wish) -> forms.PublishRequest:
    """The whole form, judged by the API's rules. Raises Problem("invalid")."""
    rights = visit.text("rights")
    return forms.parse(
        {
            "url": wish.url,
            "ad": wish.ad.id if wish.ad else "",
            "mode": wish.mode,
            "channel": text.mended(visit.text("channel")),
            "rights": rights if rights in RIGHTS else None,
            "card": {name: text.mended(visit.text(name)) for name in ("title", "description")},
        }
    )


def _with(ads: list[Ad], chosen: Ad | None) -> list[Ad]:
    """The ads offered, with the chosen one even if it is not among the newest."""
    return ads if chosen is None or chosen.id in {ad.id for ad in ads} else [chosen, *ads]


def _sent(visit: Visit, wish: Wish) -> dict[str, str]:
    """What was to be published, as the preview's parameters."""
    words = {name: visit.text(name) for name in ("channel", "title", "description")}
    ad = visit.text("ad", 64) or (wish.ad.id if wish.ad else "")
    sent = {"url": wish.url, "ad": ad, "mode": wish.mode or "", **words}
    return {name: value for name, value in sent.items() if value}


def _frame(wish: Wish) -> dict[str, Any]:
    return {"url": wish.url, "ad": wish.ad, "mode": wish.mode}


def _modes(wish: Wish, preview: Preview) -> list[tuple[str, str, str, bool]]:
    """(mode, title, half-sentence, allowed) for the radio rows."""
    granted = preview.page.mode
    # If the mode asked for was granted, it is not known which others are allowed.
    free = granted == (wish.mode or MODES[0])
    return [(mode, *refusals.MODES[mode], free or not over(mode, granted)) for mode in MODES]


def _right(shares: list[Share], preview: Preview) -> str:
    """The right that was claimed last for the same site."""
    site = preview.page.article.site
    claimed = (s.rights for s in shares if s.article.site == site and s.rights and site)
    return next((right for right in claimed if right), "")


def _refused(visit: Visit, wish: Wish, problem: Problem) -> str:
    return visit.page(
        "refused.html",
        **_frame(wish),
        problem=problem,
        said=refusals.in_few_words(problem.detail),
        refusal=refusals.of(problem.code),
        faults=list(explained(visit.locale, problem).values()) if problem.errors else [],
        again=_sent(visit, wish),
    )


def _split(visit: Visit, wish: Wish) -> tuple[str, str]:
    """The preview's frame, before and after its answer."""
    before, _, after = visit.page("preview.html", **_frame(wish), here=HERE).partition(HERE)
    return before, after


def _whole(visit: Visit, wish: Wish, status: int, fragment: str) -> web.Response:
    before, after = _split(visit, wish)
    return written(before + fragment + after, visit.desk.headers, status)


async def _streamed(
    visit: Visit, wish: Wish, work: "asyncio.Task[tuple[int, str]]", steps: Steps
) -> web.StreamResponse:
    """The frame, a mark for every step that is done, and the answer."""
    before, after = _split(visit, wish)
    answer = web.StreamResponse(headers=visit.desk.headers)
    answer.content_type, answer.charset = "text/html", "utf-8"
    await answer.prepare(visit.request)
    await answer.write(before.encode())
    while step := await steps.get():
        await answer.write(f'<i class="did-{step}" hidden></i>'.encode())
    _, fragment = await work
    await answer.write((fragment + after).encode())
    await answer.write_eof()
    return answer
