"""A branded page reads like the original: blocks keep order, width and style, without scripts."""

import sys
from collections.abc import AsyncIterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from proxy import render
from proxy.compiler import compile_page
from proxy.rights import Signals
from proxy.source import Source
from tests.browser.looks import Looks, looks

sys.path.append(str(Path(__file__).parents[2] / "ops/bench.d"))

import pages  # the pages of the corpus, as `ops/bench fidelity` reads them

from tests.pages import an_ad

pytestmark = pytest.mark.asyncio(loop_scope="session")
URL = "https://site.example/2026/story.html"
AD = an_ad(placements=("top", "middle", "end"))
PAGES = 30
# What a browser shows that is no article's: a form's own texts, a notice for old browsers.
KEPT = 0.9

TEXT = "The harvest came early this year, and with it the question of who would carry the baskets."
SHEET = """
body { margin: 0; font: 17px/1.6 Georgia, serif; background: #fffdf8; color: #222 }
.page { display: grid; grid-template-columns: minmax(0, 2fr) 1fr; gap: 32px; max-width: 960px }
.story > p { margin: 0 0 1.2em; text-align: justify } .story > p:first-of-type { font-size: 21px }
.story > p:nth-of-type(3) { color: #804000 } .story > * + * { padding-left: 2px }
.story h2 { font-variant: small-caps; float: none }
.story blockquote { border-left: 4px solid; width: 70% } aside { background: #eee; font-size: 13px }
table { width: 100%; border-collapse: collapse } td { padding: 4px }
.waits .story { opacity: 0 } .gone-until-loaded { visibility: hidden }
"""
SITE = f"""<!DOCTYPE html><html class="waits"><head><meta charset=utf-8><title>Harvest</title>
<link rel=stylesheet href=/site.css></head><body class="gone-until-loaded"><div class=page>
<main class=story>
<h1>Harvest</h1>{"".join(f"<p>{n}. {TEXT}</p>" for n in range(8))}<h2>Down to the valley</h2>
<blockquote>{TEXT} they said.</blockquote><table><tr><td>{TEXT} in May<td>{TEXT} in June</table>
{"".join(f"<p>{n}. {TEXT}</p>" for n in range(10, 18))}</main>
<aside><p>{TEXT} beside</p></aside></div>
<script>document.documentElement.className = document.body.className = ''</script></body></html>"""


@pytest_asyncio.fixture(loop_scope="session")
async def still(browser: Browser) -> AsyncIterator[Page]:
    """A tab without scripts."""
    context = await browser.new_context(
        viewport={"width": 1000, "height": 800}, java_script_enabled=False
    )
    yield await context.new_page()
    await context.close()


def branded(source: Source) -> bytes | None:
    page = compile_page(source, "full", Signals())
    return render.brand(page, AD) if page.mode == "full" else None


def same(original: Looks, ours: Looks) -> list[str]:
    """How blocks differ from the original's."""
    kept = [text for text in original.blocks if text in ours.blocks]
    found = [text for text in ours.blocks if text in original.blocks]
    faults = [] if kept == found else ["another order"]
    changed = [text for text in kept if original.blocks[text] != ours.blocks[text]]
    faults += [f"{t[:30]}: {original.blocks[t]} {ours.blocks[t]}" for t in changed]
    if len(kept) < KEPT * len(original.blocks) - 2:
        lost = [text[:30] for text in original.blocks if text not in ours.blocks]
        faults.append(f"lost {len(lost)} of {len(original.blocks)}: {lost[:5]}")
    return faults + ([] if original.mode == ours.mode else [ours.mode])


def styled(sample: pages.Sample) -> int:
    return sample.body.count(b"style=") + 5 * sample.body.count(b"<style")


@cache
def whole(corpus: Path) -> list[tuple[pages.Sample, bytes]]:
    """Of the pages in `full`, small ones with the most inline styles."""
    small = [s for s in pages.samples(corpus) if len(s.body) < 120_000]
    made = ((s, branded(s.source)) for s in sorted(small, key=styled, reverse=True))
    return list(islice(((s, page) for s, page in made if page is not None), PAGES))


@pytest.mark.parametrize("part", range(4))
async def test_corpus_pages_with_inline_styles_look_like_their_originals(
    still: Page, corpus: Path, part: int
) -> None:
    assert len(whole(corpus)) == PAGES
    faults = {}
    for sample, page in whole(corpus)[part::4]:
        charset = sample.row["charset"].partition("(")[0]
        original = await looks(still, URL, sample.body, charset)
        if found := same(original, await looks(still, URL, page, "utf-8")):
            faults[sample.name] = found
    assert not faults


async def test_a_site_with_its_own_sheets_looks_like_itself_and_shows_what_a_script_revealed(
    still: Page,
) -> None:
    sheets = {"/site.css": SHEET}
    shown = SITE.replace(' class="waits"', "").replace(' class="gone-until-loaded"', "")
    original = await looks(still, URL, shown.encode(), "utf-8", sheets)
    page = branded(Source(URL, SITE.encode()))
    assert page is not None
    assert len(original.blocks) >= 20
    assert same(original, await looks(still, URL, page, "utf-8", sheets)) == []


@pytest.mark.parametrize("waits", ["<img data-src=/a.gif", "<amp-img src=/a.gif"])
@pytest.mark.parametrize(("rule", "wide"), [("", 1000), ("img{max-width:none}", 1900)])
async def test_a_picture_that_waited_fits_where_the_page_says_nothing_of_it(
    still: Page, waits: str, rule: str, wide: int
) -> None:
    picture = f"<style>body{{margin:0}}{rule}</style>{waits} width=1900 height=900>"
    page = branded(Source(URL, SITE.replace("<h1>", f"{picture}<h1>").encode()))
    assert page is not None
    assert (await looks(still, URL, page, "utf-8")).wide == wide
