"""Report, ledger and spread on screen: sentences, charts' numbers and their tables agree."""

import asyncio
import json
import re
from contextlib import AsyncExitStack

import aiohttp
import pytest

from ads.accounts import Account
from ads.web.console.report import carriers, live
from proxy.publish import PublishRequest
from tests.console.conftest import Browser, Console
from tests.console.reading import Reading, shared

pytestmark = pytest.mark.timeout(60)


def _facts(page: str, name: str) -> list[dict[str, object]]:
    block = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page)
    bars: list[dict[str, object]] = json.loads(block[1])["bars"]
    return bars


def _rows(page: str, name: str) -> list[list[str]]:
    table = page[page.index(f'id="{name}"') :]
    table = table[: table.index("</table>")]
    return [
        re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in re.findall(r"<tr>(.*?)</tr>", table)[1:]
    ]


async def test_the_report_answers_in_sentences_and_its_tables_hold_the_charts_numbers(
    member: Browser, console: Console
) -> None:
    reading = await shared(console)
    first = reading.opens("", "top", "end")
    second = reading.opens(first, "top", depth=2)
    reading.opens(second, depth=3)
    await reading.fold()
    for path in (f"/ads/{reading.share.ad}", f"/shares/{reading.share.id}"):
        answer, page = await member.get(f"{path}/report")
        assert answer.status == 200
        text = re.sub(r"<[^>]+>", "", page)
        assert "3 readers. The ad was seen 3 times, and not tapped." in text
        assert "Yes. In 2 of 3 opens it was on screen for a full second." in text
        assert "No open could be measured" in text
        assert "2 of 3 readers came by a forward. The longest chain is 3 hops." in text
        assert page.count("<figure") >= 2
        hops = _facts(page, "hops-facts")
        assert [(h["label"], h["readers"]) for h in hops] == [("1", 1), ("2", 1), ("3", 1)]
        assert [row[:2] for row in _rows(page, "hops-rows")] == [["1", "1"], ["2", "1"], ["3", "1"]]
        days = _facts(page, "bars-facts")
        assert sum(int(str(d["opens"])) for d in days) == 3
        assert sum(int(str(d["seen"])) for d in days) == 2
        assert [[str(d["label"]), str(d["opens"]), str(d["seen"])] for d in days] == _rows(
            page, "bars-rows"
        )
        assert days[-1]["unfinished"] is True
        assert text.count("Ad seen, top") == 2, "the legend and the table name the place alike"


async def test_nobody_yet_is_said_for_each_question(member: Browser, console: Console) -> None:
    reading = await shared(console)
    _, page = await member.get(f"/shares/{reading.share.id}/report")
    for said in ("Nobody has opened it yet.", "Too early to say.", "It is still at your link."):
        assert said in page
    _, page = await member.get(f"/shares/{reading.share.id}/spread")
    assert "Nobody has opened it yet." in page
    _, page = await member.get(f"/ads/{reading.share.ad}/ledger")
    assert "Nothing was received." in page


async def test_the_ledgers_parts_sum_to_what_was_received(
    member: Browser, console: Console
) -> None:
    reading = await shared(console)
    first = reading.opens("", "top")
    reading.event("open", first, "", "x" * 20, refused="bot")
    reading.event("tap", first, "", "y" * 20, s="top")
    reading.items.append(reading.items[0]._replace(sequence=len(reading.items) + 1))
    await reading.fold()
    _, page = await member.get(f"/ads/{reading.share.ad}/ledger")
    line = page[page.index('<dl class="sum">') :]
    parts = [int(n) for n in re.findall(r"<dd[^>]*>(\d+)</dd>", line)[:5]]
    assert parts == [5, 2, 1, 1, 1]
    assert "It adds up" in page


async def test_a_small_spread_is_the_whole_tree(member: Browser, console: Console) -> None:
    reading = await shared(console)
    first = reading.opens()
    child = reading.opens(first, depth=2)
    lost = reading.opens(f"AB{'z' * 10}", depth=3)
    await reading.fold()
    _, page = await member.get(f"/shares/{reading.share.id}/spread")
    tree = page[page.index("Your link") :]
    assert tree.index(first[2:6]) < tree.index(child[2:6])
    assert lost[2:6] in tree
    assert "2 hops deep" in page or "3 hops deep" in page


async def test_reports_begin_with_the_ad_that_was_shared_last(
    member: Browser, console: Console, mei: Account
) -> None:
    _, page = await member.get("/reports")
    assert "Make your ad once" in page
    draft = await console.ad(mei)
    answer, _ = await member.get("/reports")
    assert answer.url.path == f"/ads/{draft.id}/report"
    reading = await shared(console)
    await console.ad(mei, name="Not shared yet")
    answer, _ = await member.get("/reports")
    assert answer.url.path == f"/ads/{reading.share.ad}/report"


async def test_what_has_nothing_beside_it_is_not_too_early_to_compare(
    member: Browser, console: Console
) -> None:
    reading = await shared(console)
    early, alone = "Too early to say.", "Nothing to compare"
    for readers, said, unsaid in ((99, early, alone), (1, alone, early)):
        for _ in range(readers):
            reading.opens("", "top")
        await reading.fold()
        _, page = await member.get(f"/shares/{reading.share.id}/report")
        block = page[page.index('id="best"') :].partition("</section>")[0]
        assert said in block
        assert unsaid not in block


async def test_a_list_of_shares_shows_readers_hops_and_taps(
    member: Browser, console: Console
) -> None:
    reading = await shared(console)
    reading.opens(reading.opens(), depth=2)
    await reading.fold()
    _, page = await member.get("/shares")
    assert "<b>2</b><small>readers · 2 hops</small>" in page


async def test_who_carries_it_and_what_becomes_of_an_open_are_told(
    member: Browser, console: Console
) -> None:
    reading = await shared(console)
    first = reading.opens("", "top")
    for _ in range(3):
        reading.opens(first, depth=2)
    await reading.fold()
    _, page = await member.get(f"/ads/{reading.share.ad}/report")
    text = re.sub(r"<[^>]+>", "", page)
    assert "1 of your first readers set off half of everyone who came by a forward." in text
    assert f'class="code">{first[2:6]}<' in page
    assert "most of all" not in text or "of its readers" in text
    assert _rows(page, "funnel-rows") == [
        ["1", "1", "1", "0", "0", "0"],
        ["2", "3", "0", "0", "0", "0"],
    ]
    drawn = page[page.index('class="funnel"') : page.index('id="funnel-rows"')]
    assert re.findall(r"<b>([^<]+)</b>", drawn) == ["4", "1", "0", "0", "0"]
    widths = re.findall(r'<rect x="([\d.]+)%" width="([\d.]+)%"', drawn)
    assert widths == [("0.0", "25.0"), ("25.0", "75.0"), ("0.0", "25.0")]
    assert "There is nothing earlier to compare it with." in text


async def test_carriers_are_told_some_shares_at_a_time(
    member: Browser, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carriers, "SHARES_READ", 1)
    most = await shared(console)
    owner = await console.parts.stores.accounts.by_email("mei@halfhill.example")
    assert owner
    request = PublishRequest(f"{console.source}/tea", most.share.ad, channel="Poster")
    fewer = Reading(console, await console.parts.publisher.publish(owner, request))
    first = {each.share.id: each.opens() for each in (most, fewer)}
    for reading, readers in ((most, 3), (fewer, 1)):
        for _ in range(readers):
            reading.opens(first[reading.share.id], depth=2)
        await reading.fold()
    path = f"/ads/{most.share.ad}/report"
    for asked, told, other in (
        ("0", most, "carried=1"),
        ("1", fewer, "carried=0"),
        ("9", fewer, ""),
    ):
        _, page = await member.get(f"{path}?carried={asked}")
        block = page[page.index('id="carries"') :]
        block = block[: block.index("</section>")]
        assert re.findall(r'class="code">([^<]+)<', block) == [first[told.share.id][2:6]]
        assert other in block
        assert f"Shares {2 - (told is most)} to {2 - (told is most)} of 2" in block


async def test_the_days_on_the_screen_or_any_other_dimension_are_exported(
    member: Browser, console: Console
) -> None:
    reading = await shared(console)
    reading.opens(reading.opens("", "top"), depth=2)
    await reading.fold()
    answer, text = await member.get(f"/ads/{reading.share.ad}/report.csv?range=all")
    assert answer.content_type == "text/csv"
    header, row, *_ = text.splitlines()
    assert header.startswith("\ufeffkey,opens"), "Excel knows by that what its letters are"
    assert row.split(",")[1] == "2"
    _, text = await member.get(f"/ads/{reading.share.ad}/report.csv?by=depth")
    assert [row.split(",")[:3] for row in text.splitlines()[1:]] == [
        ["1", "1", "1"],
        ["2", "1", "1"],
    ]
    answer, text = await member.get(f"/ads/{reading.share.ad}/report.csv?by=what")
    assert answer.status == 422


async def test_every_event_is_handed_out_to_its_owner_alone(
    member: Browser, stranger: Browser, console: Console
) -> None:
    reading = await shared(console)
    path = f"/ads/{reading.share.ad}/events.jsonl"
    answer, _ = await member.get(path)
    assert (answer.status, answer.content_type) == (200, "application/x-ndjson")
    answer, _ = await stranger.get(path)
    assert answer.status == 404


async def test_a_stream_says_when_the_figures_change(member: Browser, console: Console) -> None:
    reading = await shared(console)
    url = f"{console.url}/ads/{reading.share.ad}/report/live"
    async with member.session.get(url) as answer:
        assert answer.content_type == "text/event-stream"
        first = await _event(answer)
        reading.opens()
        await reading.fold()
        assert await _event(answer) != first
        console.parts.live.close()
        assert b"event" not in await answer.content.read(), "a service that ends lets go at once"


async def _event(answer: aiohttp.ClientResponse) -> bytes:
    async with asyncio.timeout(20):
        while True:
            line = await answer.content.readline()
            assert line, "the stream ended without an event"
            if line.startswith(b"data: "):
                return line


async def test_no_account_takes_all_live_streams_and_those_given_up_are_free_again(
    member: Browser, stranger: Browser, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.2)
    reading = await shared(console)
    url = f"{console.url}/ads/{reading.share.ad}/report/live"
    others = await console.ad(await _jo(console))
    async with (
        aiohttp.ClientSession(
            cookie_jar=member.session.cookie_jar, connector=aiohttp.TCPConnector(limit=0)
        ) as many,
        AsyncExitStack() as streams,
    ):
        held = [
            await streams.enter_async_context(many.get(url)) for _ in range(live.STREAMS_OF_ONE)
        ]
        assert {answer.status for answer in held} == {200}
        async with many.get(url) as refused:
            assert (refused.status, refused.headers["Retry-After"]) == (429, "30")
        async with stranger.session.get(f"{console.url}/ads/{others.id}/report/live") as answer:
            assert answer.status == 200, "the rest is for others"
        held[0].close()

        async def free() -> bool:
            async with many.get(url) as again:
                return again.status == 200

        async with asyncio.timeout(20):
            while not await free():  # noqa: ASYNC110 - nothing tells that a stream was given up
                await asyncio.sleep(0.05)


async def _jo(console: Console) -> Account:
    found = await console.parts.stores.accounts.by_email("jo@halfhill.example")
    assert found
    return found
