"""Compiling in other processes: results, and what a bad page costs others."""

import asyncio
import io
import multiprocessing
from collections.abc import AsyncIterator
from typing import cast

import pytest
from PIL import Image

from ads.errors import Problem
from ads.tally import Tally
from proxy.errors import SourceProblem
from proxy.fairness import on_behalf_of
from proxy.page import Mode
from proxy.pool import CompilePool, ShrinkPool
from proxy.rights import Signals
from proxy.source import Source
from tests.contract.kit import until
from tests.pages import ARTICLE

LOGIN = '<form><input type="password"><button>Log in</button></form>'


def source(page: str) -> Source:
    return Source("https://tea.example/a", page.encode(), "text/html; charset=utf-8")


@pytest.fixture
async def pool() -> AsyncIterator[CompilePool]:
    made = CompilePool(Tally())
    yield made
    made.close()


def processes() -> set[int | None]:
    return {child.pid for child in multiprocessing.active_children()}


async def test_a_refusal_keeps_its_code_and_the_process_goes_on(pool: CompilePool) -> None:
    assert (await pool.compile(source(ARTICLE), "full", Signals())).mode == "full"
    before = processes()
    with pytest.raises(SourceProblem) as refused:
        await pool.compile(source(LOGIN), "full", Signals())
    assert refused.value.code == "login_required"
    assert (await pool.compile(source(ARTICLE), "reader", Signals())).mode == "reader"
    assert processes() == before


async def test_what_nobody_foresaw_costs_its_page_and_is_in_the_log(
    pool: CompilePool, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(SourceProblem) as refused:
        await pool.compile(source(ARTICLE), cast(Mode, "of nobody"), Signals())
    assert refused.value.code == "not_an_article"
    assert "a page could not be compiled" in caplog.text
    assert (await pool.compile(source(ARTICLE), "full", Signals())).mode == "full"


async def test_whose_pages_are_many_waits_behind_them_and_keeps_nobody_waiting(
    pool: CompilePool,
) -> None:
    done: list[str] = []

    async def one(who: str) -> None:
        with on_behalf_of(who):
            await pool.compile(source(ARTICLE), "full", Signals())
        done.append(who)

    await asyncio.gather(*map(one, ["many", "many", "many", "many", "one"]))
    assert done == ["many", "one", "many", "many", "many"]


async def test_a_killed_process_costs_its_own_page_and_not_those_that_wait(
    pool: CompilePool, caplog: pytest.LogCaptureFixture
) -> None:
    long = ARTICLE.replace("</article>", "<p>x</p>" * 150_000 + "</article>")
    before = processes()
    fatal = asyncio.create_task(pool.compile(source(long), "full", Signals()))
    waiting = asyncio.create_task(pool.compile(source(ARTICLE), "full", Signals()))
    await asyncio.to_thread(until, lambda: processes() != before)
    for child in multiprocessing.active_children():
        if child.pid not in before:
            child.kill()
    with pytest.raises(SourceProblem) as refused:
        await fatal
    assert refused.value.code == "not_an_article"
    assert "took its process with it" in caplog.text
    assert (await waiting).mode == "full"


async def test_a_process_that_is_killed_while_it_has_nothing_to_do_costs_no_page(
    pool: CompilePool,
) -> None:
    before = processes()
    assert (await pool.compile(source(ARTICLE), "full", Signals())).mode == "full"
    for child in multiprocessing.active_children():
        if child.pid not in before:
            child.kill()
    await asyncio.to_thread(until, lambda: pool._cell._executor._broken)  # type: ignore[union-attr]
    assert (await pool.compile(source(ARTICLE), "full", Signals())).mode == "full"


async def test_a_members_picture_is_made_beside_the_worker_and_its_refusal_keeps_its_code() -> None:
    pool, before = ShrinkPool(), processes()
    try:
        out = io.BytesIO()
        Image.new("RGB", (40, 20)).save(out, "PNG")
        assert (await pool.encode(out.getvalue())).width == 40
        [made] = processes() - before
        for data, code in ((b"no picture", "unsupported_media_type"), (bytes(9 << 20), "too_big")):
            with pytest.raises(Problem) as refused:
                await pool.encode(data)
            assert refused.value.code == code
        assert processes() - before == {made}
    finally:
        pool.close()
