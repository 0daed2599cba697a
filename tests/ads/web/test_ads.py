"""The API of ads, called over HTTP."""

import asyncio
import json

import pytest

from tests.ads.web.calling import AD, Calling


async def made(api: Calling, **fields: object) -> dict[str, object]:
    answer = await api("POST", "/ads", {**AD, **fields})
    assert answer.status == 201
    return await answer.json()


@pytest.mark.parametrize(
    ("if_match", "status"),
    [('"2"', 200), ("*", 200), ('"1", "2"', 200), ('"1"', 412), ('W/"2"', 412), ("2", 412)],
)
async def test_a_change_can_be_bound_to_a_version(api: Calling, if_match: str, status: int) -> None:
    ad = await made(api)
    await api("PATCH", f"/ads/{ad['id']}", {"title": "two"})
    answer = await api(
        "PATCH", f"/ads/{ad['id']}", {"title": "three"}, headers={"If_Match": if_match}
    )
    assert answer.status == status


async def test_of_two_that_change_the_same_version_one_is_told_so(api: Calling) -> None:
    ad = await made(api)
    calls = [
        api("PATCH", f"/ads/{ad['id']}", {"title": str(n)}, headers={"If_Match": '"1"'})
        for n in range(4)
    ]
    assert sorted(a.status for a in await asyncio.gather(*calls)) == [200, 412, 412, 412]


@pytest.mark.parametrize("path", ["/ads/%00", "/ads/a%20b", "/ads/%ED%A0%80", "/ads/x/y", "/adz"])
async def test_what_has_no_address_is_not_found(api: Calling, path: str) -> None:
    assert await api.code("GET", path) == "not_found"


# --- Idempotency-Key ------------------------------------------------------------------------------


async def test_the_same_key_at_once_makes_one_ad(api: Calling) -> None:
    headers = {"Idempotency_Key": "k1"}
    answers = await asyncio.gather(*(api("POST", "/ads", AD, headers=headers) for _ in range(6)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert len((await (await api("GET", "/ads")).json())["items"]) == 1


async def test_a_key_knows_a_body_that_is_written_otherwise(api: Calling) -> None:
    for written in (json.dumps(AD), json.dumps(dict(reversed(AD.items())), indent=1)):
        headers = {"Idempotency_Key": "k1", "Content_Type": "application/json"}
        assert (await api("POST", "/ads", data=written, headers=headers)).status == 201
    assert len(await api.pages("/ads")) == 1


@pytest.mark.parametrize("key", ["x" * 256, "a b", "ü"])
async def test_a_key_has_a_form(api: Calling, key: str) -> None:
    assert await api.code("POST", "/ads", AD, headers={"Idempotency_Key": key}) == "invalid"
