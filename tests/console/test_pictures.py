"""Pictures of an ad in a real browser: dropped, pasted, cropped, taken with a phone."""

import pytest
from playwright.async_api import Browser, expect

from ads import picture_id
from ads.accounts import Account
from tests.console.conftest import Console
from tests.console.people import on_both_screens

pytestmark = pytest.mark.timeout(120)

# Drops or pastes a picture of 40 by 20 pixels, by an event of the page.
CARRIES = """async () => {
  const canvas = new OffscreenCanvas(40, 20);
  canvas.getContext("2d").fillRect(0, 0, 40, 20);
  const data = new DataTransfer();
  data.items.add(new File([await canvas.convertToBlob()], "tea.png", {type: "image/png"}));
  const options = {bubbles: true, cancelable: true};
  return %s;
}"""
DROPPED = """document.querySelector("[data-drop]").dispatchEvent(
    new DragEvent("drop", {dataTransfer: data, ...options}))"""
PASTED = """document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, ...options}))"""


async def test_a_picture_dropped_on_the_field_shows_in_the_ad_at_once(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console, "/ads/new?kind=banner"):
        await page.evaluate(CARRIES % DROPPED)
        stage = page.frame_locator("iframe.slot-stage")
        await expect(stage.locator("#slot img").first).to_be_attached()
        whole = await page.locator('#ad [name="image"]').input_value()
        assert picture_id.size(whole) == (40, 20)
        await page.get_by_role("button", name="Crop").first.click()
        await page.get_by_role("button", name="1 : 1", exact=True).click()
        await page.get_by_role("group", name="Drag the picture").press("ArrowRight")
        await page.get_by_role("button", name="Use this part").click()
        await expect(page.locator('#ad [name="image"]').first).not_to_have_value(whole)
        assert picture_id.size(await page.locator('#ad [name="image"]').first.input_value()) == (
            20,
            20,
        )
        await page.get_by_role("button", name="Remove").first.click()
        await expect(stage.locator("#slot img")).to_have_count(0)


# A photograph of 12 million bytes, as a phone makes it.
PHOTOGRAPH = """async () => {
  const canvas = new OffscreenCanvas(2400, 1200), noise = new Uint32Array(2400 * 1200);
  for (let at = 0, x = 1; at < noise.length; at++) noise[at] = x = Math.imul(x, 1664525) + 1;
  const pixels = new ImageData(new Uint8ClampedArray(noise.buffer), 2400, 1200);
  canvas.getContext("2d", {alpha: false}).putImageData(pixels, 0, 0);
  const once = await canvas.convertToBlob({type: "image/jpeg", quality: 1});
  const data = new DataTransfer(), rest = new Blob([new Uint8Array(12e6 - once.size)]);
  data.items.add(new File([once, rest], "tea.jpg", {type: "image/jpeg"}));
  const options = {bubbles: true, cancelable: true};
  return %s;
}"""


async def test_a_photograph_that_is_too_large_to_be_sent_is_sent_smaller(
    window: Browser, console: Console, mei: Account
) -> None:
    page, _ = (await on_both_screens(window, console))[0]
    await page.goto(f"{console.url}/ads/new?kind=banner")
    await page.evaluate(PHOTOGRAPH % DROPPED)
    stage = page.frame_locator("iframe.slot-stage")
    await expect(stage.locator("#slot img").first).to_be_attached()
    assert picture_id.size(await page.locator('#ad [name="image"]').input_value()) == (2000, 1000)


async def test_a_picture_pasted_anywhere_in_the_editor_is_uploaded_and_shown(
    window: Browser, console: Console, mei: Account
) -> None:
    for page, _ in await on_both_screens(window, console, "/ads/new?kind=banner"):
        await page.get_by_label("Title").first.focus()
        assert await page.evaluate(CARRIES % PASTED) is False, "nothing else is done with it"
        stage = page.frame_locator("iframe.slot-stage")
        await expect(stage.locator("#slot img").first).to_have_attribute("width", "40")
        kept = await page.locator('#ad [name="image"]').input_value()
        picture = await console.parts.stores.pictures.get(kept)
        assert picture
        assert picture_id.size(kept) == (40, 20)
        thumb = page.locator("[data-thumb] img").first
        await expect(thumb).to_be_visible()
        await expect(thumb).to_have_js_property("naturalWidth", 40)
        field = page.locator('#ad input[type="file"]').first
        taken = (await field.get_attribute("accept") or "").split(",")
        assert "image/jpeg" in taken, "what a phone's camera makes"
        assert all(each.startswith("image/") for each in taken), (
            "a phone offers its camera for these"
        )
        assert await field.get_attribute("capture") is None, "and its gallery beside it"
