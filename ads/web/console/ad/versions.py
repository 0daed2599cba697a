"""An ad's versions: what changed, when, by whom; and bringing one back."""

from typing import NamedTuple

import msgspec
from aiohttp import web

from ads.ad import Ad, draft_of
from ads.errors import Problem
from ads.web.console.ad.editor import AdStores
from ads.web.console.desk import Desk, Visit
from ads.web.console.words import marked

SHOWN = 30

_NAMES = {
    "name": marked("Name of this ad"),
    "advertiser": marked("Advertiser"),
    "kind": marked("Kind"),
    "title": marked("Title"),
    "body": marked("Text"),
    "image": marked("Picture"),
    "button": marked("Button"),
    "target": marked("Opens"),
    "placements": marked("Where in the article"),
    "label": marked("Label"),
    "card": marked("Card"),
    "variants": marked("Variants"),
    "fallback": marked("When it stops"),
}
_STATES = {"active": marked("Running"), "paused": marked("Paused"), "ended": marked("Ended")}


class Version(NamedTuple):
    """One version: messages that name what `changed`, and the new `state` if that changed."""

    ad: Ad
    changed: list[str]
    state: str


def routes(desk: Desk, stores: AdStores) -> list[web.RouteDef]:
    """GET and POST /ads/{ad}/versions."""

    async def show(visit: Visit) -> web.Response:
        ad = await stores.ads.owned(visit.owner.id, visit.request.match_info["ad"])
        return visit.html("adversions.html", ad=ad, versions=await _versions(stores, ad))

    async def bring_back(visit: Visit) -> web.Response:
        ad = await stores.ads.owned(visit.owner.id, visit.request.match_info["ad"])
        before = await stores.ads.version(ad.id, visit.number("version"))
        if before is None:
            raise Problem("not_found")
        words = msgspec.json.decode(msgspec.json.encode(draft_of(before)))
        del words["state"]
        other = await stores.ads.get(before.fallback) if before.fallback else None
        if other and other.state == "deleted":  # it cannot be a fallback any more
            words["fallback"] = ad.fallback
        changed = await stores.ads.change(visit.owner.id, ad.id, words)
        await visit.note("ad", changed.name, ad.id)
        return visit.go(f"/ads/{ad.id}?saved=1")

    return [
        web.get("/ads/{ad}/versions", desk.members(show)),
        web.post("/ads/{ad}/versions", desk.form(bring_back)),
    ]


async def _versions(stores: AdStores, ad: Ad) -> list[Version]:
    """Newest first."""
    numbers = range(ad.version, max(ad.version - SHOWN, 0), -1)
    found = [await stores.ads.version(ad.id, number) for number in numbers]
    kept = [version for version in found if version]
    earlier = await stores.ads.version(ad.id, ad.version - SHOWN)
    return [
        Version(each, *compared(before, each))
        for each, before in zip(kept, [*kept[1:], earlier], strict=True)
    ]


def compared(before: Ad | None, after: Ad) -> tuple[list[str], str]:
    """What a version changed, as messages, and its new state ("" for the same)."""
    if before is None:
        return [], ""
    changed = [
        text for name, text in _NAMES.items() if getattr(before, name) != getattr(after, name)
    ]
    return changed, "" if before.state == after.state else _STATES.get(after.state, "")
