"""A reader of a page from a plain http source sees its pictures, under the real policy."""

import re

from playwright.async_api import ConsoleMessage

from tests.chromium import chromium
from tests.pages import ARTICLE
from tests.proxy.pictures.conftest import World, drawn

DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
PICTURES = f"""
<p><img id="plain" src="/plain.png" width="60" height="40"></p>
<p><img id="lazy" data-src="/lazy.png" src="{DOT}"></p>
<p><img id="set" src="/small.png" srcset="/set.png 1x, /set.png 2x"></p>
<p><picture><source srcset="/source.png"><img id="source" src="/small.png"></picture></p>
<p id="behind" style="background:url(/behind.png)">The pan.</p>
<p><img id="broken" src="/none.png" alt="a pan over a fire"></p>
"""
PAGE = ARTICLE.replace("</article>", f"{PICTURES}</article>").replace(
    "<title>", '<meta property="og:image" content="/lead.png"><title>'
)
NAMES = ("plain", "lazy", "small", "set", "source", "behind", "lead")
SHOWN = """async () => {
    const pictures = [...document.querySelectorAll('article img[id]')];
    for (const each of pictures) each.loading = 'eager';
    await Promise.all(pictures.map(each => each.decode().catch(() => 0)));
    return Object.fromEntries(pictures.map(each => [each.id, each.naturalWidth]));
}"""


async def test_every_picture_shows_and_nothing_is_refused(world: World) -> None:
    for name in NAMES:
        world.site.files[f"/{name}.png"] = "image/png", drawn()
    world.site.files["/tea"] = "text/html", PAGE.encode()
    share = await world.publish("/tea")
    refused: list[str] = []
    reached: set[str] = set()

    def heard(said: ConsoleMessage) -> None:
        if re.search("Refused|violates|Content Security", said.text):
            refused.append(said.text)

    async with chromium() as browser:
        page = await browser.new_page()
        page.on("console", heard)
        page.on("request", lambda request: reached.add(request.url))
        await page.goto(world.link(share), wait_until="load")
        shown = await page.evaluate(SHOWN)
        card = await page.get_attribute('meta[property="og:image"]', "content")
    assert shown == {"plain": 60, "lazy": 60, "set": 60, "source": 60, "broken": 0}
    assert not refused
    assert world.ours("/behind.png") in reached
    assert card == world.ours("/lead.png")
    assert all(url.startswith((world.pages, "data:")) for url in reached)


async def test_a_pages_bytes_are_the_same_until_the_keys_change(world: World) -> None:
    world.site.files["/tea"] = "text/html", PAGE.encode()
    share = await world.publish("/tea")
    stored = await world.parts.stores.articles.page(share.article_id, "full")
    assert stored
    segments = b"".join(stored.page.segments).decode()
    assert f"{world.site.url}/plain.png" in segments
    assert "/i/" not in segments
    async with world.http.get(world.link(share)) as one:
        text = await one.text()
    assert text.count(world.ours("/plain.png")) == 1
    async with world.http.get(
        world.link(share), headers={"If-None-Match": one.headers["ETag"]}
    ) as two:
        assert two.status == 304


async def test_the_console_shows_the_cards_picture_as_well(world: World) -> None:
    world.site.files["/tea"] = "text/html", PAGE.encode()
    share = await world.publish("/tea")
    session = await world.parts.stores.accounts.new_session(share.owner)
    console = world.parts.config.ads.console_origin
    async with world.http.get(f"{console}/shares", cookies={"passalong": session}) as answer:
        assert world.ours("/lead.png") in await answer.text()
