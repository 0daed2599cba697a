"""A reader's identity: the hop id in the address, across reloads, profiles and both sandboxes."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page

from ads.events import hops
from tests.browser.origin import SHARE, Origin

pytestmark = pytest.mark.asyncio(loop_scope="session")
SILENT = "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"


def in_address(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["h"][0]


async def arrived(origin: Origin, page: Page, opens: int) -> dict[str, Any]:
    await origin.until(lambda: len(origin.of("open")) == opens)
    return origin.of("open")[-1]


@pytest.fixture(params=[False, True], ids=["own origin", "strict sandbox"])
def sandboxed(request: pytest.FixtureRequest, origin: Origin) -> Origin:
    origin.strict = request.param
    return origin


async def test_a_first_reader_gets_an_id_of_depth_one_in_the_address(sandboxed, visit) -> None:
    page = await visit()
    [opened] = sandboxed.of("open")
    assert hops.depth(opened["n"]) == 1
    assert opened["p"] == ""
    assert opened["o"] == opened["i"]
    assert opened["t"] == "ticket-1"
    assert in_address(page) == opened["n"]


async def test_a_forwarded_link_makes_a_child_of_the_reader_who_forwarded_it(
    sandboxed, visit
) -> None:
    first = await visit()
    await visit(in_address(first))
    parent, child = sandboxed.of("open")
    assert hops.depth(child["n"]) == 2
    assert child["p"] == parent["n"]
    assert hops.fits(child["n"], child["p"])


async def test_a_reload_and_a_way_back_make_no_new_reader(sandboxed, visit) -> None:
    page = await visit("ABbbbbbbbbbb")
    first = sandboxed.of("open")[0]
    await page.reload()
    again = await arrived(sandboxed, page, 2)
    await page.goto(f"{sandboxed.url}/blank")
    await page.go_back()
    back = await arrived(sandboxed, page, 3)
    assert {(o["n"], o["p"]) for o in (first, again, back)} == {(first["n"], "ABbbbbbbbbbb")}
    assert len({o["i"] for o in (first, again, back)}) == 3


async def test_another_visit_from_the_first_link_makes_no_new_reader(origin, visit) -> None:
    page = await visit()
    await page.goto(origin.link())
    await arrived(origin, page, 2)
    await page.goto(origin.link("ABcccccccccc"))
    await arrived(origin, page, 3)
    assert len({(o["n"], o["p"]) for o in origin.of("open")}) == 1


@pytest.mark.parametrize("why", ["strict sandbox", "not to be tracked"])
async def test_without_any_memory_a_reload_keeps_the_id_and_its_parent(
    origin, visit, profile, why: str
) -> None:
    origin.strict = why == "strict sandbox"
    context = await profile()
    if not origin.strict:
        await context.add_init_script(SILENT)
    page = await visit("ABbbbbbbbbbb", context)
    await page.evaluate("location.hash = 'part'")  # the state is its own
    await page.reload()
    again, first = await arrived(origin, page, 2), origin.of("open")[0]
    assert (again["n"], again["p"]) == (first["n"], "ABbbbbbbbbbb")


async def test_a_page_that_did_not_come_at_first_makes_a_child_when_it_does(
    sandboxed, profile
) -> None:
    page = await (await profile()).new_page()
    sandboxed.away = True
    await page.goto(sandboxed.link("ABbbbbbbbbbb"))
    sandboxed.away = False
    await page.reload()
    opened = await arrived(sandboxed, page, 1)
    assert (hops.depth(opened["n"]), opened["p"]) == (2, "ABbbbbbbbbbb")


@pytest.mark.parametrize(
    ("link", "depth", "parent"),
    [
        ("short", 1, ""),
        ("AAaaaaaaaaaa", 1, ""),
        ("AB%20aaaaaaaaa", 1, ""),
        ("QAaaaaaaaaaa", 1, ""),
        ("P_aaaaaaaaaa", 1023, "P_aaaaaaaaaa"),
        ("P-aaaaaaaaaa", 1023, "P-aaaaaaaaaa"),
        ("ABaaaaaaaaaa", 2, "ABaaaaaaaaaa"),
        ("ABaaaaaaaaaa).", 2, "ABaaaaaaaaaa"),
        ("ABaaaaaaaaaa%EF%BC%8C%E7%9C%8B", 2, "ABaaaaaaaaaa"),
        ("ABaaaaaaaaaaa", 1, ""),
    ],
)
async def test_what_the_link_carries_decides_depth_and_parent(
    origin, visit, link: str, depth: int, parent: str
) -> None:
    await visit(link)
    [opened] = origin.of("open")
    assert (hops.depth(opened["n"]), opened["p"]) == (depth, parent)


async def test_other_parameters_stay_in_the_address_but_not_in_the_readers_own_link(
    origin, visit
) -> None:
    page = await visit("ABaaaaaaaaaa&p=anothers&from=timeline#part")
    own = origin.of("open")[0]["n"]
    assert page.url.endswith(f"?h={own}&from=timeline#part")
    canonical = await page.locator("link[rel=canonical]").get_attribute("href")
    assert canonical == origin.link(own)


async def test_a_copy_on_a_disk_hands_on_the_page_and_not_itself(origin, profile, tmp_path) -> None:
    (tmp_path / "saved.html").write_text(origin.html())
    page = await (await profile()).new_page()
    await page.goto(f"{tmp_path.as_uri()}/saved.html")
    own = (await arrived(origin, page, 1))["n"]
    canonical = await page.locator("link[rel=canonical]").get_attribute("href")
    assert canonical == origin.link(own)


async def test_a_reader_who_asks_not_to_be_tracked_leaves_nothing_in_storage(
    origin, visit, profile
) -> None:
    context = await profile()
    await context.add_init_script(SILENT)
    page = await visit(context=context)
    assert await page.evaluate("localStorage.length") == 0
    await page.goto(origin.link())
    await arrived(origin, page, 2)
    one, two = origin.of("open")
    assert one["n"] != two["n"]


async def test_others_are_remembered_under_the_share(origin, visit) -> None:
    page = await visit()
    kept = await page.evaluate(f"localStorage.getItem('passalong-{SHARE}')")
    assert kept.split(" ") == [origin.of("open")[0]["n"], ""]


async def test_a_browser_taken_out_of_the_count_says_so_in_every_event(
    origin, visit, profile
) -> None:
    context = await profile()
    page = await context.new_page()
    await page.goto(f"{origin.url}/blank")
    await page.evaluate("localStorage.setItem('passalong-self', '1')")
    page = await visit(context=context)
    await page.locator("note-card a").click()
    await origin.until(lambda: origin.of("tap") and origin.clicks)
    assert "i" not in origin.clicks[0], "the link alone would count"
    await page.evaluate("dispatchEvent(new Event('pagehide'))")
    await origin.until(lambda: origin.of("read"))
    assert {event["self"] for event in origin.events} == {1}


async def test_nothing_happens_while_the_page_is_hidden(origin, profile) -> None:
    page = await (await profile(still=True)).new_page()
    hidden = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true})"
    await page.add_init_script(hidden % "true")
    await page.goto(origin.link())
    await page.clock.run_for(5000)
    assert "h=" not in page.url
    assert not origin.events
    await page.evaluate(hidden % "false")
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    await page.clock.run_for(1)
    await origin.until(lambda: origin.of("open"))
    assert "h=" in page.url
    assert len(origin.of("open")) == 1
