import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from ads.events.limits import ADDRESS
from tests.ads.web.receiving import AT, HOP, HUMAN, ID, PARENT, TICKET, Here, serving

OPEN: dict[str, Any] = {"v": 1, "t": TICKET, "i": ID, "n": HOP, "p": PARENT, "k": "open"}
TEXT = {"Content-Type": "text/plain;charset=UTF-8", "User-Agent": HUMAN, "Origin": "null"}


async def send(here: Here, sent: Any, **headers: str) -> ClientResponse:
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    named = TEXT | {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await here.http.post("/e", data=body, headers=named)
    assert answer.headers["Access-Control-Allow-Origin"] == "*", "a sandboxed page can read it"
    assert "Set-Cookie" not in answer.headers
    return answer


async def test_an_event_is_on_disk_when_it_is_answered_204(here: Here) -> None:
    answer = await send(here, OPEN)
    assert (answer.status, await answer.read()) == (204, b"")
    (kept,) = here.kept()
    assert (kept.at, kept.share, kept.ad, kept.version) == (AT, "share23456ab", "ad23456abcde", 3)
    assert (kept.k, kept.i, kept.o, kept.n, kept.p) == ("open", ID, ID, HOP, PARENT)
    assert (kept.refused, kept.device) == ("", "desktop")


async def test_a_body_that_hides_its_size_is_cut_off(here: Here) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    answer = await here.http.post("/e", data=chunks(), headers=TEXT)
    assert answer.status == 413


async def test_a_body_that_unpacks_to_too_much_is_cut_off(here: Here) -> None:
    bomb = zlib.compress(b" " * 10_000_000)
    assert len(bomb) < 65_536
    answer = await send(here, bomb, Content_Encoding="deflate")
    assert answer.status == 413


@pytest.mark.parametrize("forged", ["", "forged", "票", "\ud800" * 3, TICKET[:-2], "A" * 5_000])
async def test_an_event_with_a_bad_ticket_is_acknowledged_and_belongs_to_nobody(
    here: Here, forged: str
) -> None:
    status = (await send(here, [OPEN | {"t": forged}, OPEN])).status
    if forged.startswith("\ud800"):
        assert status == 400  # half a surrogate pair is no JSON text
        return
    assert status == 204
    assert [kept.refused for kept in here.kept()] == [""]
    assert here.tally["passalong_events", "bad_ticket"] == 1


async def test_without_limits_nothing_is_refused_by_rate(tmp_path: Path) -> None:
    async with serving(tmp_path, limits=False) as here:
        for _ in range(ADDRESS.burst // 32 + 10):
            assert (await send(here, [OPEN] * 32)).status == 204
        assert {kept.refused for kept in here.kept()} == {""}


async def test_a_body_that_cannot_be_unpacked_is_malformed(here: Here) -> None:
    assert (await send(here, b"no deflate", Content_Encoding="deflate")).status == 400


async def test_no_address_and_no_user_agent_is_written_to_disk(here: Here, tmp_path: Path) -> None:
    await send(here, OPEN)
    (path,) = await asyncio.to_thread(lambda: list(tmp_path.glob("*.spool")))
    data = path.read_bytes()
    assert b"share23456ab" in data
    assert b"127.0.0.1" not in data
    assert b"Firefox" not in data


async def test_a_page_may_ask_before_it_sends_json(here: Here) -> None:
    asked = {"Origin": "null", "Access-Control-Request-Method": "POST"}
    answer = await here.http.options("/e", headers=asked)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"


async def test_many_calls_at_once_are_all_kept_once(tmp_path: Path) -> None:
    async with serving(tmp_path, limits=False) as here:
        ids = [f"{n:016}" for n in range(300)]
        answers = await asyncio.gather(*(send(here, OPEN | {"i": each}) for each in ids))
        assert {answer.status for answer in answers} == {204}
        assert sorted(kept.i for kept in here.kept()) == ids
