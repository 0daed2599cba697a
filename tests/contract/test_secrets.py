"""No secret is in a line of output, a process list, a metric or an answer."""

from pathlib import Path

import pytest

from ads.store import connect
from proxy.run.store import url
from tests.contract.kit import World, ask

PASSWORD = "a sentence that nobody prints"


def everything_said(w: World) -> str:
    """The service's output, and what others on the machine see of its processes."""
    lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in w.service.members()]
    return "\n".join([*w.service.output, *lines])


def test_nothing_that_opens_a_door_is_printed_listed_measured_or_told(w: World) -> None:
    made = w.account.ok("POST", "/account/keys", {"label": "till"}, 201)["key"]
    signing = (w.service.data_dir / "secret.key").read_text().strip()
    share = w.share()
    ticket = w.facts(share)["ticket"]
    wrong = {"Authorization": f"Bearer {made}x", "Cookie": f"passalong={made}"}
    answers = [
        ask(f"{w.service.console}/api/v1/ads", headers=wrong),
        ask(f"{w.service.console}/api/v1/ads/{made}", headers=wrong),
        ask(f"{w.service.console}/join?token={made}"),
        ask(f"{w.service.pages}/s/{made}"),
        ask(f"{w.service.pages}/e", "POST", f'{{"t":"{ticket}"}}'.encode()),
        w.account.ask("POST", "/account/keys", {"label": made, "scope": made}),
    ]
    assert {answer.status for answer in answers} <= {200, 400, 401, 404, 410, 415, 422}
    said = everything_said(w)
    for secret in (made, w.account.key, signing, ticket):
        assert secret not in said
    told = "".join(answer.text + str(answer.headers) for answer in answers)
    for secret in (w.account.key, signing):
        assert secret not in told


@pytest.mark.parametrize("name", ["secret.key", "lock", "spool", "store", "."])
def test_what_is_in_the_data_directory_is_its_owners_alone(w: World, name: str) -> None:
    assert (w.service.data_dir / name).stat().st_mode & 0o077 == 0


async def test_the_store_holds_no_key_as_it_is_used(w: World) -> None:
    redis = connect(url(w.service.data_dir))
    names = [name async for name in redis.scan_iter("*", count=1000)]
    assert names
    assert not [name for name in names if w.account.key.encode() in name]
    await redis.aclose()
