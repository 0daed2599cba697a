"""Every console address that names an object, visited by another account."""

import re

import pytest

from proxy import routes
from tests.console.conftest import Browser, Console, token
from tests.console.reading import shared

pytestmark = pytest.mark.timeout(60)

NAMED = re.compile(r"\{(\w+)[^/]*?\}(?=[/.]|$)")
FORM = {"state": "paused", "title": "Taken over", "why": "x", "version": "1", "name": "x"}


async def test_to_another_tenant_and_to_nobody_no_object_is_there(
    member: Browser, stranger: Browser, console: Console
) -> None:
    reading = await shared(console)
    own = {"ad": reading.share.ad, "share": reading.share.id}
    walked = 0
    _, page = await stranger.get("/settings")
    form = FORM | {"csrf": token(page)}
    async with type(stranger.session)() as nobody:
        for route in routes.screens(console.parts):
            names = NAMED.findall(route.path)
            if not own.keys() & set(names):
                continue
            walked += 1
            path = NAMED.sub(lambda m: own.get(m[1], "svg"), route.path)
            data = None if route.method == "GET" else form
            asked = {"data": data, "headers": stranger.headers, "allow_redirects": False}
            url = console.url + path
            async with stranger.session.request(route.method, url, **asked) as answer:
                assert answer.status == 404, (route.method, path)
            async with nobody.request(route.method, url, **asked) as answer:
                assert answer.status in (303, 401, 403), (route.method, path)
                assert answer.headers.get("Location", "/signin").startswith("/signin")
    assert walked > 25
    ad = await console.parts.stores.ads.get(own["ad"])
    share = await console.parts.stores.shares.get(own["share"])
    assert (ad.title != FORM["title"], ad.state, share.state) == (True, "active", "active")
