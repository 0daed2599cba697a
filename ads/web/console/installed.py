"""What makes the console an app on a phone: manifest, icons, a page for when it is offline."""

import asyncio
import io
import json
from functools import cache

from aiohttp import web
from PIL import Image, ImageDraw

from ads.i18n import gettext
from ads.web.console.desk import Desk, Visit
from ads.web.console.words import marked

SIZES = (192, 512)
_BACK, _LAKE, _EMBER = "#F3F6F5", "#0B5563", "#DB6730"
_NAME = marked("Share any article with your own ad in it, and follow every forward, hop by hop.")


def routes(desk: Desk) -> list[web.RouteDef]:
    """GET /manifest.webmanifest, /icon-{size}.png, /sw.js, /offline."""
    return [
        web.get("/manifest.webmanifest", desk.anyone(manifest)),
        web.get("/icon-{size:192|512}.png", _icon),
        web.get("/sw.js", desk.anyone(_worker)),
        web.get("/offline", desk.anyone(_offline)),
    ]


async def manifest(visit: Visit) -> web.Response:
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
            {"src": f"/icon-{n}.png", "sizes": f"{n}x{n}", "type": "image/png", "purpose": purpose}
            for n in SIZES
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


async def _icon(request: web.Request) -> web.Response:
    body = await asyncio.to_thread(icon, int(request.match_info["size"]))
    headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=body, content_type="image/png", headers=headers)


@cache
def icon(size: int) -> bytes:
    """The mark on the ground of the console; its middle 60 % hold it, as masks want."""
    fine = 4 * size
    image = Image.new("RGB", (fine, fine), _BACK)
    draw = ImageDraw.Draw(image)
    unit, base = fine / 100, fine * 0.6
    for left, right, high in ((24, 52, 15), (52, 73, 11)):
        box = (left * unit, base - high * unit, right * unit, base + high * unit)
        draw.arc(box, 180, 360, fill=_LAKE, width=round(4.2 * unit))
    for x, radius, colour in ((24, 5.6, _LAKE), (52, 4.4, _LAKE), (74, 3.6, _EMBER)):
        around = radius * unit
        draw.ellipse(
            (x * unit - around, base - around, x * unit + around, base + around), fill=colour
        )
    out = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


async def _worker(visit: Visit) -> web.Response:
    """The service worker: it keeps the offline page and its sheet, and nothing of anybody."""
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
