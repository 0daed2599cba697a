"""The account's signature: the ticket is fetched once, and only pages of ours are signed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from redis.asyncio import Redis

from proxy.config import ConfigError, load
from proxy.parts import Parts
from proxy.store import keys
from proxy.wechat import Account, RefusedError
from proxy.wechat.signature import signed
from proxy.wechat.tickets import MENDED, asked
from tests.client import listening
from tests.proxy.wechat.api import APP_ID, SECRET, TICKET, Api, vouched
from tests.worker import serving


@pytest.fixture
async def api() -> AsyncIterator[tuple[Api, Account]]:
    api = Api()
    async with listening(api.app()) as url:
        yield api, Account(APP_ID, SECRET, url)


def settings(account: Account) -> dict[str, str]:
    return {
        "wechat_app_id": account.app_id,
        "wechat_secret": account.secret,
        "wechat_api": account.api,
        "wechat_proof": "aB3xY9",
    }


async def word(parts: Parts, url: str) -> tuple[int, dict[str, str]]:
    origin = parts.config.ads.pages_origin
    async with aiohttp.request("POST", f"{origin}/w", data=url.encode()) as answer:
        assert answer.headers["Cache-Control"].startswith("no-store")
        return answer.status, dict(await answer.json(content_type=None))


def test_a_signature_is_that_of_the_documentation() -> None:
    url = "http://mp.weixin.qq.com?params=value"
    said = signed(APP_ID, TICKET, url, "Wm3WZYTPz0wzccnW", 1414587457)
    assert said["verifySignature"] == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


async def test_the_account_vouches_for_a_page_by_a_ticket_that_all_workers_have_asked_for_once(
    redis: Redis, tmp_path: Path, api: tuple[Api, Account]
) -> None:
    there, account = api
    given = settings(account)
    async with (
        serving(redis, tmp_path / "1", account.api, **given) as one,
        serving(redis, tmp_path / "2", account.api, **given) as two,
    ):
        urls = [f"{parts.config.ads.pages_origin}/s/tea?h=a&b=茶" for parts in (one, two)]
        turns = [(one, urls[0]), (two, urls[1])] * 5
        answers = await asyncio.gather(*(word(parts, url) for parts, url in turns))
    assert all(status == 200 for status, _ in answers)
    assert all(vouched(said, url) for (_, said), (_, url) in zip(answers, turns, strict=True))
    assert there.asked == ["token", "ticket"]
    # It is renewed before it expires, as WeChat checks a signature a moment later.
    assert 0 < await redis.ttl(keys.wechat_ticket(APP_ID)) <= there.seconds - 600


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://elsewhere.example/s/tea",
        "{origin}/e",
        "{origin}.example/s/a",
    ],
)
async def test_it_vouches_for_no_address_but_our_pages(
    redis: Redis, tmp_path: Path, api: tuple[Api, Account], url: str
) -> None:
    there, account = api
    async with serving(redis, tmp_path, account.api, **settings(account)) as parts:
        status, said = await word(parts, url.replace("{origin}", parts.config.ads.pages_origin))
    assert (status, said["code"], there.asked) == (400, "malformed", [])


async def test_a_refusal_is_told_with_what_mends_it_and_not_asked_for_again_at_once(
    redis: Redis, tmp_path: Path, api: tuple[Api, Account], caplog: pytest.LogCaptureFixture
) -> None:
    there, account = api
    there.refusal = {"errcode": 40164, "errmsg": "invalid ip 203.0.113.9, not in whitelist"}
    async with serving(redis, tmp_path, account.api, **settings(account)) as parts:
        page = f"{parts.config.ads.pages_origin}/s/tea"
        answers = [await word(parts, page) for _ in range(3)]
    assert [(status, said["code"]) for status, said in answers] == 3 * [(503, "store_unavailable")]
    assert there.asked == ["token"]
    assert "invalid ip 203.0.113.9" in caplog.text
    assert MENDED[40164] in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("text", ["<html>", "{}", pytest.param("9" * 70_000, id="long")])
async def test_what_is_no_answer_is_a_refusal(text: str) -> None:
    async def say(_: web.Request) -> web.Response:
        return web.Response(text=text)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", say)
    async with listening(app) as url:
        with pytest.raises(RefusedError):
            await asked(Account(APP_ID, SECRET, url))
    with pytest.raises(RefusedError, match="does not answer"):
        await asked(Account(APP_ID, SECRET, url))  # the port is closed now


async def test_the_owner_of_the_host_is_shown_by_the_file_that_wechat_gave(
    redis: Redis, tmp_path: Path, api: tuple[Api, Account]
) -> None:
    _, account = api
    async with serving(redis, tmp_path, account.api, **settings(account)) as parts:
        origin = parts.config.ads.pages_origin
        async with aiohttp.ClientSession() as http:
            async with http.get(f"{origin}/MP_verify_aB3xY9.txt") as answer:
                assert (answer.status, await answer.text()) == (200, "aB3xY9")
            async with http.get(f"{origin}/MP_verify_another.txt") as answer:
                assert answer.status == 404


async def test_without_an_account_nothing_of_it_is_there(redis: Redis, tmp_path: Path) -> None:
    async with serving(redis, tmp_path, "http://127.0.0.1:1") as parts:
        origin = parts.config.ads.pages_origin
        async with aiohttp.ClientSession() as http:
            for method, path in (("POST", "/w"), ("GET", "/w"), ("GET", "/MP_verify_.txt")):
                async with http.request(method, origin + path) as answer:
                    assert answer.status == 404


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"wechat_secret": ""}, "PASSALONG_WECHAT_SECRET"),
        ({"wechat_proof": "MP_verify_a.txt"}, "PASSALONG_WECHAT_PROOF"),
        ({"wechat_api": "api.weixin.qq.com"}, "PASSALONG_WECHAT_API"),
    ],
)
def test_half_an_account_is_a_fault(tmp_path: Path, more: dict[str, str], fault: str) -> None:
    given = settings(Account(APP_ID, SECRET)) | more
    with pytest.raises(ConfigError, match=fault):
        load({}, data_dir=tmp_path, **given)
