"""How an ad looks in an article: reserved room, print, screen readers, text direction."""

import pytest
from playwright.async_api import Browser

from ads import slot
from ads.ad import Ad, Card
from ads.ad.shape import KINDS, PLACEMENTS
from ads.slot import style
from proxy.frame.share import sharer_line
from proxy.frame.style import sheet
from proxy.page import Article
from tests import pages
from tests.browser import hostile

pytestmark = pytest.mark.asyncio(loop_scope="session")

PICTURE = "0123456789abcdef01234567" + "4b0" + "276"
SHIFTED = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) sum += entry.value;
    }).observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 300);
})"""
# Label and advertiser: how large each is shown, in each slot.
NAMED = """() => [...document.querySelectorAll('note-card')].map(host =>
    [...host.querySelectorAll('.v:not([hidden]) .l, .v:not([hidden]) .n')].map(each => {
        const {width, height} = each.getBoundingClientRect();
        return [each.innerText, width > 10 && height > 10
            && each.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})];
    }))"""
SIDES = """() => [...document.querySelectorAll('note-card .t')].map(each => {
    const range = document.createRange();
    range.selectNodeContents(each);
    const text = range.getBoundingClientRect(), box = each.getBoundingClientRect();
    return Math.abs(text.right - box.right) < Math.abs(text.left - box.left) ? 'right' : 'left';
})"""


# What an advertiser wrote, where marks that stack could leave its line for the label's.
LOOSE = """() => [...document.querySelectorAll('note-card .v:not([hidden]) *')].filter(each => {
    const says = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!says || each.matches('.l, .m')) return false;
    for (let at = each; at && at.localName !== 'note-card'; at = at.parentElement)
        if (getComputedStyle(at).overflowY !== 'visible') return false;
    return true;
}).map(each => each.outerHTML)"""


# How high a line of each ad's text is on the glass of the phone.
ON_GLASS = """() => [...document.querySelectorAll('note-card .n, note-line .w')].map(each =>
    each.getBoundingClientRect().height * visualViewport.scale)"""


def an_ad(kind: str, **fields: object) -> Ad:
    card = Card(person="Mei Lin", phone="+44 1", wechat="m")
    given = {"body": "", "image": PICTURE, "placements": PLACEMENTS, "card": card}
    return pages.an_ad(kind, **(given | fields))


async def opened(browser: Browser, stage: hostile.Stage, ad: Ad, inside: str = "", **options):
    made = hostile.compiled(hostile.article(inside))
    assert made
    context = await browser.new_context(viewport={"width": 390, "height": 800}, **options)
    page = await context.new_page()
    await page.goto(stage.put(made, "two", ad), wait_until="load")
    return page


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_moves_when_an_ads_picture_comes_or_does_not(browser, kind: str) -> None:
    async with hostile.stage() as stage:
        page = await opened(browser, stage, an_ad(kind))
        assert await page.evaluate(SHIFTED) == 0
        await page.context.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_label_and_advertiser_show_without_scripts_and_in_print(browser, kind: str) -> None:
    async with hostile.stage() as stage:
        page = await opened(browser, stage, an_ad(kind), java_script_enabled=False)
        for media in ("screen", "print"):
            await page.emulate_media(media=media)
            shown = await page.evaluate(NAMED)
            assert shown == [[["Ad", True], ["Half Hill Tea", True]]] * 4
        assert await page.evaluate(LOOSE) == []
        await page.context.close()


async def test_an_ad_is_not_squeezed_in_a_column_that_is_too_low(browser) -> None:
    low = "<style>:has(> note-card){display:flex;flex-direction:column;height:200px}</style>"
    async with hostile.stage() as stage:
        page = await opened(browser, stage, an_ad("text"), low, java_script_enabled=False)
        shown = await page.evaluate(NAMED)
        assert shown == [[["Ad", True], ["Half Hill Tea", True]]] * 4
        heights = "() => [...document.querySelectorAll('note-card')].map(e => e.offsetHeight)"
        assert min(await page.evaluate(heights)) >= 40
        await page.context.close()


async def test_an_ad_keeps_room_in_a_column_that_shrinks_to_its_longest_word(browser) -> None:
    ad = slot.html(
        an_ad("text"), "middle", language="en", share="", channel="", pages_origin="", live=False
    )
    column = f"<style>{style.first(slot.STYLE)}</style><div style=width:min-content>{ad}</div>"
    page = await browser.new_page()
    await page.set_content(column)
    assert await page.evaluate("document.querySelector('note-card').offsetWidth") >= 240
    await page.close()


@pytest.mark.parametrize(
    ("window", "column", "left", "width"),
    [
        (390, "", 16, 358),
        (390, "margin:0 8px", 8, 374),
        (390, "margin:0 20px", 20, 350),
        (390, "width:600px", 0, 390),
        (390, "display:flex;flex-direction:column;align-items:center;margin:0 20px", 20, 350),
        (390, "display:grid;justify-items:center;margin:0 20px", 20, 350),
        (1280, "", 240, 800),  # wider than text is read
    ],
)
async def test_an_ad_is_as_wide_as_the_text_and_never_from_edge_to_edge(
    browser, window: int, column: str, left: int, width: int
) -> None:
    ad = slot.html(
        an_ad("text"), "middle", language="en", share="", channel="", pages_origin="", live=False
    )
    page = await browser.new_page(viewport={"width": window, "height": 800})
    await page.set_content(
        f"<!DOCTYPE html><style>{style.first(slot.STYLE)}body{{margin:0}}</style>"
        f"<div style='{column}'><p style='width:100%'>Words</p>{ad}</div>"
    )
    box = await page.locator("note-card").bounding_box()
    assert (box["x"], box["width"]) == (left, width)
    await page.close()


async def test_an_ad_in_a_script_from_right_to_left_stands_at_the_right(browser) -> None:
    async with hostile.stage() as stage:
        ad = an_ad("text", title="آخر قطفة", placements=("top",))
        page = await opened(browser, stage, ad, "<style>html{direction:rtl}</style>")
        assert await page.evaluate(SIDES) == ["right"]
        await page.context.close()
        page = await opened(browser, stage, an_ad("text", placements=("top",)))
        assert await page.evaluate(SIDES) == ["left"]
        await page.context.close()


async def test_an_ad_is_a_named_group_whose_links_and_buttons_take_the_focus(browser) -> None:
    async with hostile.stage() as stage:
        page = await opened(browser, stage, an_ad("card", placements=("top",)))
        group = page.get_by_role("group", name="Ad, Half Hill Tea")
        await group.get_by_role("link", name="Call").focus()
        reached = []
        for _ in range(3):
            reached.append(await page.evaluate("document.activeElement.innerText"))
            await page.keyboard.press("Tab")
        assert reached == ["Call", "Copy WeChat ID", "See more"]
        await page.context.close()


async def test_an_ad_is_readable_on_a_phone_that_shrinks_a_page_for_desktops(browser) -> None:
    async with hostile.stage() as stage:
        page = await opened(browser, stage, an_ad("text"), is_mobile=True)
        assert await page.evaluate("innerWidth") == 980, "the article names no viewport"
        assert min(await page.evaluate(ON_GLASS)) > 12
        await page.context.close()


@pytest.mark.parametrize("wide", [360, 700])
async def test_who_passed_a_page_along_is_read_whole_beside_a_long_name_of_its_site(
    browser, wide: int
) -> None:
    page = await with_line(browser, wide, "Donaukurier für Verwaltungsangelegenheiten")
    cut = "e => Math.max(e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth)"
    assert await page.locator("[data-passalong=sharer]").evaluate(cut) <= 0
    assert (await page.locator("note-line").bounding_box())["height"] <= 48
    await page.close()


async def test_our_words_stand_before_a_sites_name_from_right_to_left(browser) -> None:
    page = await with_line(browser, 1280, "صحيفة الشرق")
    name, ours = page.locator(".n"), page.locator(".n .m")
    assert (await ours.bounding_box())["x"] == (await name.bounding_box())["x"]
    await page.close()


async def with_line(browser, wide: int, site: str):
    """An empty page below the line that says who passed it along."""
    article = Article(title="Tea", source_url="https://a.example/tea", site=site)
    line = sharer_line(article, sharer="Mei Lin", advertiser="Half Hill Tea")
    page = await browser.new_page(viewport={"width": wide, "height": 500})
    await page.set_content(f"<!DOCTYPE html><style>{sheet(dark=False)}</style>{line}")
    return page
