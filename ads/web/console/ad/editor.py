"""Ads: the list, one form for all kinds with its live stage, and changes of state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from msgspec.structs import replace
from yarl import URL

from ads.ad import Ad, draft_of, parse
from ads.ad.shape import KINDS, PLACEMENTS, STATES
from ads.clock import Clock
from ads.errors import Problem
from ads.i18n import gettext
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.idempotency import Idempotency
from ads.store.pictures import Pictures
from ads.store.schedule import Schedule, Timetable
from ads.text import mended
from ads.web.console.ad import form as adform
from ads.web.console.ad import pictures, stage
from ads.web.console.ad import times as adtimes
from ads.web.console.desk import Desk, Visit
from ads.web.console.faults import explained
from ads.web.console.once import once
from ads.web.console.words import counted
from ads.web.form import Upload

PAGE = 50
FALLBACKS = 100  # other ads offered for "When it stops"


@dataclass(frozen=True)
class AdStores:
    """What the editor reads and writes."""

    ads: Ads
    bookings: Bookings
    pictures: Pictures
    schedule: Schedule


def routes(desk: Desk, stores: AdStores, *, sent: Idempotency, now: Clock) -> list[web.RouteDef]:
    """The ads' screens."""
    screens = _Screens(stores, now)
    return [
        web.get("/ads", desk.makers(screens.all)),
        web.get("/ads/new", desk.makers(screens.new)),
        web.post("/ads/new", desk.form(once(sent, screens.make))),
        web.get("/ads/{ad}", desk.members(screens.edit)),
        web.post("/ads/{ad}", desk.form(once(sent, screens.change))),
        web.post("/ads/{ad}/state", desk.form(screens.state)),
        *pictures.routes(desk, stores.pictures),
        *stage.routes(desk),
    ]


class _Screens:
    def __init__(self, stores: AdStores, now: Clock) -> None:
        self._stores = stores
        self._now = now

    async def all(self, visit: Visit) -> web.Response:
        cursor = visit.text("cursor", 64)
        ads, following = await self._stores.ads.list(visit.owner.id, cursor, PAGE)
        used = {ad.id: await self._stores.bookings.of_ad(ad.id).count() for ad in ads}
        return visit.html("ads.html", ads=ads, used=used, following=following, kinds=KINDS)

    async def new(self, visit: Visit) -> web.Response:
        """A blank form, for the advertiser of the ad that was made last."""
        ads, _ = await self._stores.ads.list(visit.owner.id, "", 1)
        advertiser = ads[0].advertiser if ads else ""
        return await self._editor(visit, adform.blank(visit.text("kind"), advertiser))

    async def edit(self, visit: Visit) -> web.Response:
        ad = await self._own(visit)
        times = await self._stores.schedule.of(ad.id)
        fields = adtimes.fields(times, visit.time_zone, self._now())
        return await self._editor(visit, adform.of_ad(ad, fields), ad)

    async def make(self, visit: Visit) -> web.Response:
        return await self._save(visit, None)

    async def change(self, visit: Visit) -> web.Response:
        ad = await self._stores.ads.get(visit.request.match_info["ad"])
        if ad and ad.owner == visit.owner.id and ad.state == "deleted":
            return await self._save(visit, None)  # what was typed is not lost with it
        return await self._save(visit, await self._own(visit))

    async def state(self, visit: Visit) -> web.Response:
        ad, wanted = visit.request.match_info["ad"], visit.text("state")
        if wanted == "deleted":
            await self._stores.ads.delete(visit.owner.id, ad)
            await visit.note("ad-deleted", ad)
            return visit.go("/ads")
        if wanted not in STATES:
            raise Problem("invalid")
        changed = await self._stores.ads.change(visit.owner.id, ad, {"state": wanted})
        await visit.note("ad-state", changed.name, ad)
        return visit.go(f"/ads/{ad}")

    async def _own(self, visit: Visit) -> Ad:
        return await self._stores.ads.owned(visit.owner.id, visit.request.match_info["ad"])

    async def _save(self, visit: Visit, before: Ad | None) -> web.Response:
        sent = ((k, v) for k, v in visit.form.items() if isinstance(v, str))
        texts = {k: mended(v, lines=True) for k, v in sent}  # copied numbers have hidden marks
        form = adform.read(texts, visit.form.getall("placements", []))
        try:
            # Pictures first: a form that is shown again cannot contain an uploaded file.
            form["image"] = await self._image(visit, form["image"])
            for row in form["variants"]:
                row["image"] = await self._image(visit, row["image"], f"variants.{row['at']}.")
            if "more" in visit.form:
                return await self._editor(visit, adform.with_variant(form), before)
            if await self._overtaken(visit, before):
                return await self._editor(visit, form, before, overtaken=True)
            ad = await self._stored(visit, form, before)
        except Problem as problem:
            if problem.code not in ("invalid", "too_big", "unsupported_media_type"):
                raise
            return await self._editor(visit, form, before, _faults(visit, problem))
        return visit.go(_to_preview(visit, ad) or f"/ads/{ad.id}?saved=1")

    async def _stored(self, visit: Visit, form: adform.Fields, before: Ad | None) -> Ad:
        data = adform.draft(form, before)
        times = adtimes.read(form, visit.time_zone, self._now())
        if times.starts and not await self._runs_already(before, times):
            data["state"] = "paused"  # until its time has come, though it had ended
        owner = visit.owner.id
        if before is None:
            ad = await self._stores.ads.create(owner, parse(data))
        else:
            ad = await self._stores.ads.change(owner, before.id, data)
        await self._stores.schedule.put(owner, ad.id, times, self._now())
        await visit.note("ad", ad.name, ad.id)
        return ad

    async def _runs_already(self, before: Ad | None, times: Timetable) -> bool:
        """Whether the ad was started by hand, before the start that its form still has."""
        if before is None or before.state != "active":
            return False
        return (await self._stores.schedule.of(before.id)).starts == times.starts

    async def _overtaken(self, visit: Visit, before: Ad | None) -> bool:
        """Whether the ad was changed or deleted since its form was opened."""
        if before is None:
            return "ad" in visit.request.match_info
        seen = await self._stores.ads.version(before.id, visit.number("version"))
        drafts = [replace(draft_of(each), state="active") for each in (seen, before) if each]
        return drafts[0] != drafts[-1]

    async def _image(self, visit: Visit, kept: str, before: str = "") -> str:
        """The uploaded picture's id, or the one kept; `before` is the prefix of field names."""
        upload = visit.form.get(f"{before}picture")
        if not isinstance(upload, Upload) or not upload.filename:
            return "" if f"{before}drop-image" in visit.form else kept
        return (await self._stores.pictures.keep(visit.owner.id, upload.data)).id

    async def _editor(
        self,
        visit: Visit,
        form: dict[str, Any],
        ad: Ad | None = None,
        errors: Mapping[str, str] | None = None,
        *,
        overtaken: bool = False,
    ) -> web.Response:
        used = await self._stores.bookings.of_ad(ad.id).count() if ad else 0
        return visit.html(
            "ad.html",
            409 if overtaken else 422 if errors else 200,
            overtaken=overtaken,
            unsaved=visit.sends,
            saved=not visit.sends and bool(visit.text("saved")),
            form=form,
            ad=ad,
            errors=errors or {},
            others=await self._others(visit, form["fallback"], ad),
            kinds=KINDS,
            places=PLACEMENTS,
            stage=stage.STAGE,
            back=visit.text("back", 16),
            url=visit.text("url"),
            leave=_to_preview(visit, ad) or "/ads",
            consequence=_consequence(visit.locale, used),
        )

    async def _others(self, visit: Visit, chosen: str, ad: Ad | None) -> list[Ad]:
        """The newest other ads and the present fallback: not offered, it would be lost."""
        found, _ = await self._stores.ads.list(visit.owner.id, "", FALLBACKS)
        kept = await self._stores.ads.get(chosen) if chosen else None
        if kept and kept.owner == visit.owner.id and kept.id not in {each.id for each in found}:
            found.append(kept)
        return [each for each in found if ad is None or each.id != ad.id]


def _to_preview(visit: Visit, ad: Ad | None) -> str:
    """The preview that the ad is made or changed for, "" if the editor was opened by itself."""
    url = visit.text("url")
    if visit.text("back") != "preview" or not url:
        return ""
    return str(URL("/preview").with_query({"url": url} | ({"ad": ad.id} if ad else {})))


def _faults(visit: Visit, problem: Problem) -> dict[str, str]:
    if problem.code != "invalid":
        text = gettext(visit.locale, "A picture is needed: JPEG, PNG, WebP or GIF, up to 8 MB.")
        return {"image": text}
    return explained(visit.locale, problem)


def _consequence(locale: str, used: int) -> str:
    """The sentence on what saving does to pages that were forwarded already."""
    if not used:
        return gettext(locale, '"Ad" and the advertiser\'s name are always shown.')
    return counted(
        locale,
        "%(n)s forwarded page changes too, within a minute.",
        "%(n)s forwarded pages change too, within a minute.",
        used,
    )
