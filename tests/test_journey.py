"""Read this first: all that a new user does, in a real browser with the real service.

The printed link makes an account; an article is pasted with an ad, previewed and published; two
people read it, the second by the link that the first one copied; the report shows both.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from playwright.async_api import Page, expect

from tests.chromium import DESK, Reader, chromium, person
from tests.client import AD, Client, origin, until
from tests.commands import process
from tests.pages import ARTICLE
from tests.service import Service


async def make_account(page: Page, link: str) -> None:
    await page.goto(link)
    await page.get_by_label("Your name").fill("Mei Lin")
    await page.get_by_label("Email").fill("mei@example.com")
    await page.get_by_label("Password", exact=True).fill("a hillside in late autumn")
    await page.get_by_role("button", name="Make account").click()
    await expect(page.get_by_role("heading", name="What will you pass along?")).to_be_visible()


async def make_ad(page: Page) -> None:
    await page.get_by_role("link", name="Make an ad").first.click()
    await page.locator('label.kind:has(input[value="text"])').click()
    for label in ("Advertiser", "Title", "Button"):
        await page.get_by_label(label).first.fill(str(AD[label.lower()]))
    await page.get_by_label("Text", exact=True).last.fill(AD["body"])
    await page.get_by_label("Where it leads").fill(AD["target"])
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Last pick of the year").first).to_be_visible()


async def paste(page: Page, console: str, url: str) -> str:
    """Preview and publish an article; returns the link to forward."""
    await page.goto(console)
    await page.get_by_label("Link to an article").fill(f"Look at this! {url}")
    await page.keyboard.press("Enter")
    shown = page.frame_locator("iframe")
    await expect(shown.locator('[data-slot="top"]')).to_contain_text("Half Hill Tea")
    await expect(shown.locator('[data-slot="end"]')).to_contain_text("Ad")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("heading", name="Ready to pass along")).to_be_visible()
    return await page.locator("[data-link], input[readonly]").first.input_value()


async def copied_link(reader: Reader) -> str:
    await reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    async with reader.page.expect_event(
        "requestfinished", lambda r: "/e" in r.url and '"share"' in (r.post_data or "")
    ):
        await reader.page.get_by_role("button", name="Copy my link").click()
    return str(await reader.page.evaluate("navigator.clipboard.readText()"))


@asynccontextmanager
async def api(page: Page, service: Service) -> AsyncIterator[Client]:
    """The API of the same account, with a key made in Settings."""
    await page.goto(f"{service.console}/settings")
    await page.locator("#keys input[name=label]").fill("journey")
    await page.locator("#keys form").first.get_by_role("button").click()
    key = await page.locator("#keys .key").inner_text()
    async with aiohttp.ClientSession() as http:
        yield Client(service, http, key.strip())


async def everything_counted(client: Client, share: str) -> None:
    async def folded() -> bool:
        report = await client.call("GET", f"/shares/{share}/report")
        return bool(report["totals"]["opens"] == 5 and report["totals"]["shares"] == 1)

    await until(folded, "five visits and one forward are counted")


async def the_figures_are_right(client: Client, share: str) -> None:
    """Two readers opened the page five times: reloading and returning makes no new reader."""
    report = await client.call("GET", f"/shares/{share}/report?by=depth")
    assert (report["totals"]["readers"], report["totals"]["forwarded_readers"]) == (2, 1)
    assert [(r["key"], r["readers"], r["opens"]) for r in report["rows"]] == [
        ("1", 1, 4),
        ("2", 1, 1),
    ]
    slots = (await client.call("GET", f"/shares/{share}/report?by=slot"))["rows"]
    assert {row["key"] for row in slots} == {"top", "end"}
    assert sum(row["views"] for row in slots) == report["totals"]["views"] >= 2
    spread = await client.call("GET", f"/shares/{share}/spread")
    assert (spread["width_by_depth"], spread["orphans"]) == ([1, 1, 1], 0)
    (ad,) = (await client.call("GET", "/ads"))["items"]
    ledger = await client.ledger(ad["id"])
    sums = (sum(ledger[part].values()) for part in ("counted", "refused"))
    assert ledger["received"] == sum(sums) + ledger["repeated"] + ledger["pending"]
    assert not any(ledger["refused"].values()), ledger


async def test_an_article_is_branded_read_forwarded_and_reported(service: Service) -> None:
    service.begin = process  # as a new user's shell begins it
    service.start()
    async with chromium() as browser, origin({"/oolong": ARTICLE}) as publisher:
        owner = await (await person(browser)).new_page()
        await make_account(owner, service.first_link())
        await make_ad(owner)
        link = await paste(owner, service.console, f"{publisher}/oolong")

        first = Reader(await (await person(browser)).new_page())
        await first.opens(link)
        await expect(first.page.get_by_text("Mei Lin passed this along")).to_be_visible()
        assert await first.page.title() == "What the last oolong tastes like", "no script of theirs"
        for slot in ("top", "end"):
            await first.looks_at(slot)
        forwarded = await copied_link(first)
        assert forwarded.startswith(f"{link}?h=")

        second = Reader(await (await person(browser, viewport=DESK)).new_page())
        await second.opens(forwarded)
        assert second.page.url != forwarded, "the second reader has a hop of their own"

        await first.again("reload")
        await first.page.goto("about:blank")
        await first.again("go_back")
        await first.opens(link)

        share = link.rsplit("/", 1)[1]
        async with api(owner, service) as client:
            await everything_counted(client, share)
            await the_figures_are_right(client, share)

        await owner.set_viewport_size(DESK)
        await owner.goto(f"{service.console}/shares/{share}/report")
        told = await owner.locator("main").inner_text()
        assert "2 readers" in told
        assert "1 of 2 readers came by a forward" in told
        assert await owner.locator("figure svg").count() >= 2, "over time, and by depth"
