"""An operator lists what there is, and pauses an ad, without the console."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ads import ad as rules
from ads.booking import Booking
from ads.store import connect, keys
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from proxy.page import Article
from proxy.shares import Share
from proxy.store import schema
from proxy.store.shares import ShareStore
from proxy.stores import no_pictures
from tests.client import AD
from tests.proxy.cli.conftest import Command

SHARES = 250
"""More than one read returns."""


@pytest.fixture
def command(valkey_url: str, passalong: Command) -> Command:
    """Run `passalong` on a store with two accounts; the second has an ad and many shares."""
    asyncio.run(_filled(valkey_url))
    return passalong


async def _filled(url: str) -> None:
    redis = connect(url)
    await redis.flushall()
    await Accounts(redis).create("boss@example.org", "Boss", "a sentence to remember")
    mei = await Accounts(redis).create("mei@example.org", "Mei", "a sentence to remember")
    ad = await Ads(redis, Changes(redis), no_pictures).create(mei.id, rules.parse(AD))
    shares, bookings = ShareStore(redis), Bookings(redis, Changes(redis))
    article = Article(source_url="https://news.example/a")
    for n in range(SHARES):
        name = f"share{n:06}"
        made = Share(
            id=name, owner=mei.id, ad=ad.id, article_id="a", article=article, created_at=n + 1
        )
        await shares.put(made)
        await bookings.put(
            Booking(share=name, owner=mei.id, ad=ad.id, channel="", created_at=n + 1)
        )
    await redis.aclose()


def test_accounts_ads_and_shares_are_listed_whole_and_newest_first(command: Command) -> None:
    assert [line.split()[2] for line in command("list", "accounts")[1].splitlines()] == [
        "mei@example.org",
        "boss@example.org",
    ]
    assert "Autumn oolong" in command("list", "ads")[1]
    assert command("list", "ads", "--of", "boss@example.org") == (0, "")
    listed = command("list", "shares", "--of", "mei@example.org")[1].splitlines()
    assert [line.split()[1] for line in listed] == [f"share{n:06}" for n in range(SHARES)][::-1]
    assert listed[0].endswith("https://news.example/a")
    assert command("list", "shares", "--of", "nobody@example.org")[0] == 2


def test_who_reads_no_further_than_the_first_lines_is_told_of_no_fault(command: Command) -> None:
    for what in ("accounts", "shares"):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [sys.executable, "-m", "proxy", "list", what],
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (0, b"")


def test_an_ad_rests_and_shows_again(command: Command) -> None:
    ad = command("list", "ads")[1].split()[1]
    assert command("ad", "pause", ad) == (0, f"{ad}: paused.\n")
    assert command("ad", "pause", ad)[0] == 0
    assert command("list", "ads")[1].split()[2] == "paused"
    assert command("ad", "resume", ad) == (0, f"{ad}: active.\n")
    assert command("list", "ads")[1].split()[2] == "active"
    assert command("ad", "pause", "nothing")[0] == 2


def test_a_store_of_another_version_is_left_alone(
    command: Command, valkey_url: str, tmp_path: Path
) -> None:
    async def written(number: int) -> None:
        redis = connect(valkey_url)
        await redis.set(keys.SCHEMA, number)
        await redis.aclose()

    asyncio.run(written(schema.VERSION - 1))
    code, said = command("list", "accounts")
    assert code == 1
    assert "start the service that wrote it" in said
    assert command("backup", str(tmp_path / "kept"))[0] == 0


@pytest.mark.parametrize("words", [("list", "ads"), ("backup", "kept.tar"), ("takedown", "log")])
def test_where_nothing_was_ever_kept_a_command_says_so_and_begins_no_store(
    passalong: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PASSALONG_REDIS_URL", "")
    monkeypatch.chdir(tmp_path)
    code, said = passalong(*words)
    assert code == 1
    assert "nothing is kept here; PASSALONG_DATA_DIR" in said
    assert not (tmp_path / "store").exists()
