"""A hostile page's rules reach nothing of ours; and all of ours is small."""

import gzip

import pytest

from ads.ad import Card
from proxy.frame import style
from proxy.frame.script import source
from tests.pages import an_ad

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = """
* { color: red !important; font: 40px/3 cursive !important; float: left !important;
    margin: 30px !important; padding: 9px !important; text-transform: uppercase !important; }
*::before, *::after { content: "HOSTILE" !important; display: block !important; }
*::first-letter { font-size: 90px !important; float: left !important; }
*::scroll-button(*) { content: "HOSTILE" !important; display: block !important;
    position: absolute !important; inset: -900px !important; background: red !important; }
#a #b, note-card, span, b, a, img, button { display: none !important; }
body * { width: 7px !important; max-height: 5px !important; opacity: .1 !important; }
body > * { transform: rotate(9deg) !important; filter: blur(3px) !important; }
[data-slot], [class] { visibility: hidden !important; position: absolute !important; }
.k, .t, .d, .c, .l, .n { display: none !important; background: lime !important; }
span { letter-spacing: 1em !important; animation: spin 1s infinite !important; }
button, a { pointer-events: none !important; border: 9px solid !important;
    -webkit-user-modify: read-write !important; }
html { direction: rtl; writing-mode: vertical-rl; color-scheme: dark; }
body { column-count: 3; text-align: right; line-height: 9; letter-spacing: 4px; zoom: 1; }
p, section, h2 { display: none !important; columns: 3 !important; }
"""
# More specific than our rules, and in layers, where important rules win in reverse order.
MORE_HOSTILE = """
@layer { body * { display: none !important; color: red !important; } }
@layer first { note-card, note-card * { transform: rotate(9deg) !important; } }
note-card:not(#a):not(#b):not(#c):not(#d), note-card:not(#a#b):not(#c#d):not(#e) *,
note-line:not(#a#b#c#d), note-pass:not(#a#b#c#d):not(#e) * { all: revert !important; }
"""

# All computed values of all our elements and pseudo-elements, except those that depend on the room
# that the page's columns and margins leave.
CHANGED = """hostile => {
    const room = /^(width|height|inline-size|block-size|perspective-origin|transform-origin)$/;
    const sides = /^margin-(left|right|inline-start|inline-end)$/;
    const look = () => {
        const found = new Map();
        for (const host of document.querySelectorAll('note-card, note-line, note-pass'))
            for (const at of [host, ...host.querySelectorAll('*')])
                for (const pseudo of ['', '::before', '::after', '::first-letter',
                    '::scroll-button(down)']) {
                    const style = getComputedStyle(at, pseudo);
                    for (const name of style)
                        if (!room.test(name) && !(at === host && sides.test(name)))
                            found.set([host.localName, at.className, pseudo, name, found.size],
                                style[name]);
                }
        return [...found];
    };
    const before = look();
    const sheet = document.createElement('style');
    sheet.textContent = hostile;
    document.head.append(sheet);
    const after = look();
    return [before.length, before.flatMap(([key, value], at) =>
        after[at][1] == value ? [] : [[...key.slice(0, 4), value, after[at][1]]])];
}"""


KINDS = [("banner", HOSTILE), ("text", HOSTILE), ("card", MORE_HOSTILE), ("qr", HOSTILE),
         ("call", HOSTILE + MORE_HOSTILE)]  # fmt: skip


@pytest.mark.parametrize(("kind", "hostile"), KINDS, ids=[kind for kind, _ in KINDS])
async def test_a_hostile_sheet_changes_no_computed_value(
    origin, visit, kind: str, hostile: str
) -> None:
    card = Card(person="Mei Lin", role="Buyer", phone="+44 1", wechat="m")
    origin.ad = an_ad(kind, image="0" * 24 + "4b0276", card=card)
    origin.slots = ("top", "sticky")
    page = await visit(still=True, reduced_motion="reduce")
    await page.clock.run_for(4000)
    looked_at, changed = await page.evaluate(CHANGED, hostile)
    assert looked_at > 5000
    assert not changed[:20]


async def test_the_hostile_sheet_is_hostile_to_what_is_not_ours(origin, profile) -> None:
    origin.style = HOSTILE
    page = await (await profile()).new_page()
    await page.goto(origin.link())
    assert await page.locator("body > p").first.is_hidden()


async def test_no_part_of_ours_is_wider_than_the_window(origin, profile) -> None:
    origin.slots = ("top", "end", "sticky")
    origin.ad = an_ad(
        "card", card=Card(person="A" * 80, role="x" * 120, phone="1", wechat="w" * 64)
    )
    page = await (await profile()).new_page()
    await page.goto(origin.link())
    for width in (320, 390, 768, 1280):
        await page.set_viewport_size({"width": width, "height": 640})
        assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_the_share_block_is_as_wide_in_a_column_that_centres_its_parts(
    origin, profile
) -> None:
    origin.style = "body { margin: 0; display: flex; flex-direction: column; align-items: center }"
    page = await (await profile(viewport={"width": 390, "height": 640})).new_page()
    await page.goto(origin.link())
    assert (await page.locator("note-pass").bounding_box())["width"] == 390


async def test_the_code_waits_closed_until_somebody_opens_it(origin, profile) -> None:
    page = await (await profile()).new_page()
    await page.goto(origin.link())
    details = page.locator("note-pass details")
    assert (await details.bounding_box())["height"] < 60
    await details.locator("summary").click()
    assert (await details.bounding_box())["height"] > 200


async def test_no_font_of_the_page_takes_the_word_out_of_the_label(origin, profile) -> None:
    named = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "PingFang SC", "sans-serif")
    source = 'local("Noto Sans CJK SC"), local("Noto Serif CJK SC"), local("DejaVu Sans")'
    face = "@font-face {{ font-family: '{}'; size-adjust: 0%; src: {} }}"
    origin.style = "".join(face.format(name, source) for name in named)
    origin.language = "zh"
    page = await (await profile()).new_page()
    await page.goto(origin.link())
    label = page.locator("note-card .l")
    assert await label.text_content() == "广告"
    assert (await label.bounding_box())["width"] > 30


async def test_no_room_for_a_fixed_header_is_left_above_our_line(origin, profile) -> None:
    origin.style = "html { margin-top: 46px !important } #x, body { padding: 60px 8px }"
    page = await (await profile()).new_page()
    await page.goto(origin.link())
    assert (await page.locator("note-line").bounding_box())["y"] == 0


@pytest.mark.parametrize(
    ("page_dark", "expected"), [(True, "rgb(28, 31, 30)"), (False, "rgb(255, 255, 255)")]
)
async def test_an_ad_is_dark_only_where_the_page_is(origin, profile, page_dark, expected) -> None:
    origin.dark = page_dark
    page = await (await profile(color_scheme="dark")).new_page()
    await page.goto(origin.link())
    shown = page.locator("note-card")
    assert await shown.evaluate("at => getComputedStyle(at).backgroundColor") == expected


async def test_the_script_is_below_two_and_a_half_kilobytes_and_all_of_ours_below_eight() -> None:
    assert len(gzip.compress(source().encode(), 9)) < 2560
    assert len(gzip.compress((source() + style.sheet(dark=True)).encode(), 9)) < 8000
