"""TXT records, from a name server on loopback."""

from collections.abc import Iterator

import pytest

from proxy.signals.records import texts
from tests.nameserver import Silence, name_server

RECORDS = {"example.com": ['"v=spf1 -all"', '"passalong=" "none"'], "empty.example.com": []}


def says(name: str, _kind: str) -> list[str] | None:
    """The records in RECORDS; no answer for names that begin with `silent`."""
    if name.startswith("silent"):
        raise Silence
    return RECORDS.get(name)


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine asks this name server."""
    with name_server(says) as server:
        made = server.resolver()
        monkeypatch.setattr("dns.asyncresolver.Resolver", lambda: made)
        yield


async def test_the_texts_of_a_name_are_told_whole() -> None:
    assert sorted(await texts("example.com") or ()) == ["passalong=none", "v=spf1 -all"]


@pytest.mark.parametrize("name", ["absent.example.com", "empty.example.com"])
async def test_a_name_without_texts_says_nothing(name: str) -> None:
    assert list(await texts(name) or ()) == []
    assert await texts(name) is not None


async def test_a_silent_name_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proxy.signals.records.SECONDS", 0.2)
    assert await texts("silent.example.com") is None


async def test_the_name_servers_that_the_machine_has_by_then_are_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    with name_server(says) as before, name_server(says) as now:
        machines = iter((before.resolver(), now.resolver()))
        monkeypatch.setattr("dns.asyncresolver.Resolver", lambda: next(machines))
        for server in (before, now):
            assert await texts("example.com")
            assert server.asked == ["example.com TXT"]


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "." * 300, "a..b"])
async def test_a_name_that_is_none_is_nobodys(name: str) -> None:
    assert await texts(name) is None
