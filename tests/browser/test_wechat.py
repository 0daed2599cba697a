"""A link that is forwarded in WeChat: the app gets the page's card, with the reader's own link."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.client import listening, passed_along
from tests.proxy.wechat.api import APP_ID, SECRET, Api, vouched
from tests.service import Service

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLS = ["updateAppMessageShareData", "updateTimelineShareData"]
# The app injects its bridge before the page's scripts run, or later.
BRIDGE = """(() => {
    const invoke = async (call, told, heard) => {
        const held = await appHears(call, told, location.href);
        heard({ NAME: `${call}:${held ? "ok" : "fail"}` });
    };
    const put = () => {
        window.WeixinJSBridge = { invoke };
        document.dispatchEvent(new Event("WeixinJSBridgeReady"));
    };
    if (LATE) addEventListener("load", () => setTimeout(put)); else put();
})()"""


@pytest.mark.parametrize(
    ("late", "said", "by_opened"),
    [("false", "errMsg", False), ("true", "err_msg", True)],
    ids=["android", "ios"],
)
async def test_the_app_hears_the_card_from_a_page_that_the_account_vouches_for(
    service: Service, browser: Browser, late: str, said: str, by_opened: bool
) -> None:
    there, heard = Api(), asyncio.Queue[tuple[str, dict[str, Any]]]()
    async with listening(there.app()) as api:
        account = {"wechat_app_id": APP_ID, "wechat_secret": SECRET, "wechat_api": api}
        service.settings |= account
        service.start()
        async with passed_along(service) as (_, _, share, _):
            opened = f"{share['url']}?h=ABabcdefghij"

            async def hears(call: str, told: dict[str, Any], here: str) -> bool:
                held = vouched(told, opened if by_opened else here)
                if held:
                    heard.put_nowait((call, told))
                return held

            page = await browser.new_page()
            await page.expose_function("appHears", hears)
            await page.add_init_script(BRIDGE.replace("LATE", late).replace("NAME", said))
            await page.goto(opened)
            calls = [await asyncio.wait_for(heard.get(), 30) for _ in range(3)]
            own = await page.evaluate("document.querySelector('link[rel=canonical]').href")
            await page.close()
    assert [call for call, _ in calls] == ["preVerifyJSAPI", *CALLS]
    assert calls[0][1]["verifyJsApiList"] == CALLS
    for _, told in calls[1:]:
        assert told["link"] == own != opened
        assert told["title"] == share["card"]["title"]
        assert "Half Hill Tea" in told["desc"]
        assert told["imgUrl"].startswith("http")


async def test_without_an_account_a_page_speaks_to_no_app(
    service: Service, browser: Browser
) -> None:
    service.start()
    async with passed_along(service) as (_, _, share, _):
        page = await browser.new_page()
        heard: list[str] = []
        await page.expose_function("appHears", lambda call, *_: heard.append(call))
        await page.add_init_script(BRIDGE.replace("LATE", "false").replace("NAME", "errMsg"))
        async with page.expect_request(lambda request: request.url.endswith("/e")):
            await page.goto(share["url"])
        await page.close()
    assert not heard
