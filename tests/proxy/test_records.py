"""TXT records, from a name server on loopback."""

from collections.abc import Iterator

import pytest

from proxy.signals.records import Records
from tests.nameserver import Silence, name_server

TEXTS = {"example.com": ['"v=spf1 -all"', '"passalong=" "none"'], "empty.example.com": []}


def says(name: str, _kind: str) -> list[str] | None:
    """The records in TEXTS; no answer for names that begin with `silent`."""
    if name.startswith("silent"):
        raise Silence
    return TEXTS.get(name)


@pytest.fixture
def records() -> Iterator[Records]:
    with name_server(says) as server:
        yield Records(server.resolver())


async def test_the_texts_of_a_name_are_told_whole(records: Records) -> None:
    assert sorted(await records.texts("example.com") or ()) == ["passalong=none", "v=spf1 -all"]


@pytest.mark.parametrize("name", ["absent.example.com", "empty.example.com"])
async def test_a_name_without_texts_says_nothing(records: Records, name: str) -> None:
    assert list(await records.texts(name) or ()) == []
    assert await records.texts(name) is not None


async def test_a_silent_name_server_is_given_up(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.signals.records.SECONDS", 0.2)
    assert await records.texts("silent.example.com") is None


async def test_the_name_servers_that_the_machine_has_by_then_are_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with name_server(says) as before, name_server(says) as now:
        machines = iter((before.resolver(), now.resolver()))
        monkeypatch.setattr("dns.asyncresolver.Resolver", lambda: next(machines))
        records = Records()
        for server in (before, now):
            assert await records.texts("example.com")
            assert server.asked == ["example.com TXT"]


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "." * 300, "a..b"])
async def test_a_name_that_is_none_is_nobodys(records: Records, name: str) -> None:
    assert await records.texts(name) is None
