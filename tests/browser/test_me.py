"""/me keeps the flag that the reader's script looks for, in a real browser under its own policy."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from proxy import cdn
from proxy.web import me
from tests.browser.conftest import Profile
from tests.client import listening

pytestmark = pytest.mark.asyncio(loop_scope="session")
FLAG = "localStorage.getItem('passalong-self')"


@pytest_asyncio.fixture(loop_scope="session", params=["two hosts", "one host"])
async def site(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, bool]]:
    """The page's address, and whether its sandbox allows storage."""
    app, guards = web.Application(), dict[str, str]()

    async def guard(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(guards)

    app.router.add_get("/me", me.show)
    app.on_response_prepare.append(guard)
    host = "127.0.0.1" if request.param == "one host" else "localhost"
    async with listening(app) as url:
        config = cdn.CdnConfig(f"http://{host}", url, "", me.script_hash())
        guards.update(cdn.guards(config, "me"))
        yield url, request.param == "two hosts"


async def test_opening_it_sets_the_flag_and_the_button_takes_it_back(
    site: tuple[str, bool], profile: Profile
) -> None:
    url, keeps = site
    page = await (await profile()).new_page()
    await page.goto(f"{url}/me")
    if not keeps:
        assert "This browser keeps nothing for us" in await page.inner_text("body")
        return
    assert "This browser is not counted" in await page.inner_text("body")
    assert await page.evaluate(FLAG) == "1"
    await page.click("button[name=in] >> visible=true")
    assert "This browser is counted" in await page.inner_text("body")
    assert await page.evaluate(FLAG) is None
