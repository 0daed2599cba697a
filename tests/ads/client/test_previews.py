"""A link posted in a busy chat is fetched by hundreds of machines, none of which is a reader."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ads.ids import new_id
from tests.ads.client.test_robots import CHROME, PREVIEWS
from tests.ads.web.receiving import HOP, PARENT, TICKET, Here, serving


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    async with serving(tmp_path, limits=False) as worker:
        yield worker


async def beacon(here: Here, **headers: str) -> int:
    """An open as the page's script sends it."""
    event = {"v": 1, "t": TICKET, "i": new_id() * 2, "n": HOP, "p": PARENT, "k": "open"}
    named = {"User-Agent": CHROME, "Content-Type": "text/plain;charset=UTF-8"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await here.http.post("/e", data=json.dumps(event), headers=named)
    return answer.status


async def test_a_storm_of_previews_gives_no_open(here: Here) -> None:
    storm = [beacon(here, User_Agent=agent) for agent in PREVIEWS for _ in range(5)]
    assert set(await asyncio.gather(*storm)) == {204}
    assert {kept.refused for kept in here.kept()} == {"bot"}
    assert len(here.kept()) == len(storm)


async def test_a_page_fetched_ahead_gives_no_open_and_the_same_beacon_of_a_person_does(
    here: Here,
) -> None:
    assert await beacon(here, Sec_Purpose="prefetch") == 204
    assert await beacon(here) == 204
    assert [kept.refused for kept in here.kept()] == ["prefetch", ""]


def test_serving_a_page_can_count_nothing() -> None:
    """GET and HEAD of /s/ with a browser's name, as X and WeChat send them, leave no event."""
    counting = ("ads.spool", "ads.receiver", "ads.events.verdict", "ads.fold")
    script = f"import sys, proxy.web.pages; print([m for m in {counting} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert told.stdout.split() == [b"[]"]
