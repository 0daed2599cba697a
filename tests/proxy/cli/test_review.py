"""`passalong review` and `passalong archive`: ads are reviewed and recorded by command."""

import asyncio
import json
from pathlib import Path

import pytest

from ads.ad import parse
from ads.store import connect
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.changes import Changes
from tests.client import AD
from tests.proxy.cli.conftest import Command

PASSWORD = "a sentence to remember"


@pytest.fixture
def ad(valkey_url: str) -> str:
    return asyncio.run(_filled(valkey_url))


@pytest.fixture
def command(ad: str, passalong: Command) -> Command:
    """Runs `passalong` on a store with an operator, a newcomer, and one ad of hers."""
    return passalong


async def _filled(url: str) -> str:
    redis = connect(url)
    await redis.flushall()
    await Accounts(redis).create("boss@example.org", "Boss", PASSWORD)
    jo = await Accounts(redis).sign_up("open", "jo@example.org", "Jo", PASSWORD)
    made = await Ads(redis, Changes(redis), _no_picture).create(jo.id, parse(AD))
    await redis.aclose()
    return made.id


async def _no_picture(url: str) -> str:
    raise AssertionError(url)


def test_an_ad_is_listed_judged_and_on_record(command: Command, ad: str, tmp_path: Path) -> None:
    told = command("review", "list")[1]
    assert told.split()[:2] == [f"{ad}/1", "jo@example.org"]
    assert all(AD[word] in told for word in ("advertiser", "title", "body", "button", "target"))
    assert command("review", "refuse", f"{ad}/1", "--why", "No.") == (0, f"{ad}: refused.\n")
    code, told = command("review", "pass", f"{ad}/1")
    assert (code, "precondition_failed" in told) == (2, True), "it was changed since"
    assert command("review", "pass", ad) == (0, f"{ad}: passed.\n")
    assert command("review", "list") == (0, "None waits.\n")
    file = tmp_path / "ads.jsonl"
    assert command("archive", "-o", str(file)) == (0, "")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(line["ad"], line["standing"]) for line in lines] == [
        (ad, "waiting"),
        (ad, "refused"),
        (ad, "active"),
    ]
    acts = command("takedown", "log")[1]
    assert f"ad {ad}: passed" in acts
    assert f"ad {ad}: refused  No." in acts


def test_an_account_is_vouched_for(command: Command) -> None:
    assert command("review", "vouch", "JO@example.org") == (0, "jo@example.org: vouched for.\n")
    assert command("review", "list") == (0, "None waits.\n")


@pytest.mark.parametrize(
    "words", [("pass", "none"), ("refuse", "none", "--why", "x"), ("vouch", "x@y.example")]
)
def test_what_there_is_not_is_refused(command: Command, words: tuple[str, ...]) -> None:
    code, told = command("review", *words)
    assert (code, told.startswith("passalong: not_found: ")) == (2, True)
