"""`passalong takedown`: one command ends or lowers; what is in force, and who did it, is listed."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from ads.clock import now_ms
from ads.complaint import Complaint
from ads.store import connect
from ads.store.accounts import Accounts
from ads.store.complaints import Complaints
from proxy.shares import Share
from proxy.store.published import Published
from proxy.store.shares import ShareStore
from tests.proxy.cli.conftest import Command


@pytest.fixture
def command(
    valkey_url: str, passalong: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Run `passalong takedown` on a store with a share, its account, another one, and a report."""
    asyncio.run(_filled(valkey_url))
    (tmp_path / "list").write_text("card press.example by contract")
    monkeypatch.setenv("PASSALONG_PUBLISHERS_FILE", str(tmp_path / "list"))
    return partial(passalong, "takedown")


async def _filled(url: str) -> None:
    redis = connect(url)
    await redis.flushall()
    await Accounts(redis).create("boss@example.org", "Boss", "a sentence to remember")
    await Accounts(redis).create("mei@example.org", "Mei", "a sentence to remember")
    await ShareStore(redis).put(Share(id="share23456ab", owner="mei", ad="ad", article_id="a"))
    said = Complaint("c1", now_ms(), "share23456ab", "rights", "It is mine.", "me@example.org")
    await Complaints(redis).put(said)
    await redis.aclose()


def test_each_of_them_is_ended_listed_and_lifted(command: Command) -> None:
    assert "It is mine." in command("reports")[1]
    link = "https://pages.example/s/share23456ab?h=AAabc"
    assert command("share", link, "--why", "Theirs.", "--law") == (0, "share23456ab: ended.\n")
    assert command("share", link, "--allow", "card", "--why", "Theirs.") == (
        0,
        "share23456ab: card.\n",
    )
    assert command("source", "news.example/a", "--allow", "card", "--why", "Asked.")[0] == 0
    assert command("account", "MEI@example.org", "--why", "Spam.")[0] == 0
    assert command("list")[1].splitlines() == [
        "card    news.example/a  Asked.",
        "card    press.example/  by contract",
    ]
    for kind, what in (("share", "share23456ab"), ("source", "news.example/a")):
        assert command("lift", kind, what, "--why", "Settled.")[0] == 0
    assert command("lift", "account", "mei@example.org", "--why", "Sorry.")[0] == 0
    trail = command("log")[1].splitlines()
    assert len(trail) == 7
    assert trail[-1].endswith("command line  share share23456ab: ended  Theirs. (law)")


async def _published(url: str, origin: str) -> None:
    redis = connect(url)
    await Published(redis).add(origin, "article", "full", now_ms())
    await redis.aclose()


def test_a_host_is_told_to_be_one_that_nothing_is_published_from(
    valkey_url: str, command: Command
) -> None:
    asyncio.run(_published(valkey_url, "https://www.news.example:8443"))
    for site, said in (("news.example:8443/a", "Published pages"), ("news.exmaple", "Nothing")):
        assert f"none. {said}" in command("source", site, "--why", "Asked.")[1]
    assert "none    news.example/a  Asked." in command("list")[1].splitlines()


WRONG = {
    ("share", "nothing"): "not_found",
    ("source", "a b"): "invalid",
    ("source", "https://news.example/story?id=5"): "invalid",
    ("account", "who@example.org"): "not_found",
    ("account", "boss@example.org"): "forbidden",
    ("lift", "source", "news.example"): "not_found",
    ("lift", "source", "a b"): "invalid",
}


def test_what_cannot_be_done_is_said_in_one_line(command: Command) -> None:
    for words, said in WRONG.items():
        code, told = command(*words, "--why", "So.")
        assert code == 2
        assert told.startswith(f"passalong: {said}: ")
        assert told.count("\n") == 1
