"""`passalong purge` reaches workers and edges through the journal."""

import pytest
from redis.asyncio import Redis

from tests.contract.kit import until, world
from tests.edge.kit import Origin, serving
from tests.proxy.cli.conftest import Command
from tests.service import Service


def test_keys_given_by_hand_and_all_shares_reach_the_edge(service: Service) -> None:
    edge = Origin()
    with serving(edge):
        service.settings["purge_urls"] = f"http://127.0.0.1:{edge.port}/"
        with world(service) as w:
            shares = [w.share()["id"] for _ in range(3)]
            edge.others.clear()
            told = service.command("purge", "share:byhand", "ad:byhand")
            assert (told.returncode, told.stdout) == (0, "2 keys for 1 edges\n")
            assert service.command("purge", "--all").stdout == "3 keys for 1 edges\n"
            wanted = {"share:byhand", "ad:byhand", *(f"share:{each}" for each in shares)}

            def heard() -> bool:
                sent = [asked.headers["xkey-purge"] for asked in edge.others]
                return wanted <= set(" ".join(sent).split())

            until(heard, str(edge.others))


def test_an_edge_is_purged_before_a_command_ends(
    redis: Redis, passalong: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert redis  # an empty store
    edge = Origin()
    with serving(edge):
        monkeypatch.setenv("PASSALONG_PURGE_URLS", f"http://127.0.0.1:{edge.port}/")
        assert passalong("purge", "share:byhand") == (0, "1 keys for 1 edges\n")
        assert [asked.headers["xkey-purge"] for asked in edge.others] == ["share:byhand"]


def test_bad_keys_are_bad_usage(service: Service) -> None:
    for words in ((), ("account:1",), ("share:1", "--all")):
        told = service.command("purge", *words)
        assert told.returncode == 2
        assert len(told.stderr.splitlines()) == 1
