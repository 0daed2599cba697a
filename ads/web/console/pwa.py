"""The console as a progressive web app: manifest, service worker, a page for when it is offline."""

import json

from aiohttp import web

from ads.i18n import gettext
from ads.web.console.desk import Desk, Visit
from ads.web.console.words import marked

SIZES = (192, 512)  # of the static files; the mark is in the middle 60 %, as masks need it
_BACK = "#F3F6F5"
_NAME = marked("Share any article with your own ad in it, and follow every forward, hop by hop.")


def routes(desk: Desk) -> list[web.RouteDef]:
    """GET /manifest.webmanifest, /sw.js, /offline."""
    return [
        web.get("/manifest.webmanifest", desk.anyone(_manifest)),
        web.get("/sw.js", desk.anyone(_worker)),
        web.get("/offline", desk.anyone(_offline)),
    ]


async def _manifest(visit: Visit) -> web.Response:
    """The web app manifest, with a share target: a phone shares an article *to* us."""
    body = {
        "name": "Passalong",
        "short_name": "Passalong",
        "description": gettext(visit.locale, _NAME),
        "lang": visit.locale,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": _BACK,
        "theme_color": _BACK,
        "icons": [
            {"src": icon.url, "sizes": f"{n}x{n}", "type": icon.media_type, "purpose": purpose}
            for n in SIZES
            for icon in [visit.desk.views.assets[f"icon-{n}.png"]]
            for purpose in ("any", "maskable")
        ],
        "share_target": {
            "action": "/share",
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }
    return web.Response(
        text=json.dumps(body, ensure_ascii=False), content_type="application/manifest+json"
    )


async def _worker(visit: Visit) -> web.Response:
    """The service worker: it caches the offline page and its sheet, and no personal data."""
    kept = ["/offline", visit.desk.views.assets["console.css"].url]
    text = _SCRIPT.replace("KEPT", json.dumps(kept)).replace("NAME", json.dumps(kept[1]))
    return web.Response(text=text, content_type="text/javascript", headers=visit.desk.headers)


_SCRIPT = """\
const kept = KEPT;
addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(NAME).then((store) => store.addAll(kept)));
});
addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((n) => n !== NAME).map((n) => caches.delete(n)));
  event.waitUntil(caches.keys().then(old).then(() => clients.claim()));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline")));
  } else if (kept.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
"""


async def _offline(visit: Visit) -> web.Response:
    return visit.html("offline.html", me=None)  # kept by the browser: nobody is named
