"""The API of ads, called over HTTP."""

import asyncio

import pytest

from tests.ads.web.calling import AD, Calling


async def made(api: Calling, **fields: object) -> dict[str, object]:
    answer = await api("POST", "/ads", {**AD, **fields})
    assert answer.status == 201
    return await answer.json()


async def test_an_ad_is_made_read_changed_and_deleted(api: Calling) -> None:
    answer = await api("POST", "/ads", AD)
    ad = await answer.json()
    assert answer.status == 201
    assert answer.headers["Location"] == f"/api/v1/ads/{ad['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert {name: ad[name] for name in AD} == AD
    assert (ad["version"], ad["placements"], ad["state"]) == (1, ["top", "end"], "active")
    assert not {"owner", "history"} & set(ad)

    assert await (await api("GET", f"/ads/{ad['id']}")).json() == ad
    answer = await api("PATCH", f"/ads/{ad['id']}", {"title": "Coffee"})
    changed = await answer.json()
    assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
    assert (changed["title"], changed["version"]) == ("Coffee", 2)
    assert (await (await api("GET", "/ads")).json()) == {"items": [changed], "next": None}

    answer = await api("DELETE", f"/ads/{ad['id']}")
    assert (answer.status, await answer.read()) == (204, b"")
    assert await api.code("GET", f"/ads/{ad['id']}") == "not_found"
    assert await api.code("DELETE", f"/ads/{ad['id']}") == "not_found"


async def test_another_accounts_ad_is_not_there(api: Calling) -> None:
    ad = await made(api)
    path = f"/ads/{ad['id']}"
    assert await api.code("GET", path, key=api.yours) == "not_found"
    assert await api.code("PATCH", path, {"title": "x"}, key=api.yours) == "not_found"
    assert await api.code("DELETE", path, key=api.yours) == "not_found"
    assert (await (await api("GET", "/ads", key=api.yours)).json())["items"] == []


@pytest.mark.parametrize("key", ["", "pal_wrong", "x" * 500])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/ads"),
        ("GET", "/ads"),
        ("PATCH", "/ads/x"),
        ("POST", "/pictures"),
        ("GET", "/account"),
        ("POST", "/account/keys"),
        ("GET", "/account/sessions"),
    ],
)
async def test_without_a_good_key_there_is_nothing(
    api: Calling, key: str, method: str, path: str
) -> None:
    answer = await api(method, path, key=key)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


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


async def test_faults_are_told_by_field(api: Calling) -> None:
    answer = await api("POST", "/ads", {"name": "n", "kind": "text", "colour": "red"})
    told = await answer.json(content_type=None)
    assert (answer.status, told["code"]) == (422, "invalid")
    assert {e["field"] for e in told["errors"]} == {"colour"}
    answer = await api("POST", "/ads", {"name": "n", "kind": "text"})
    told = await answer.json(content_type=None)
    assert {e["field"] for e in told["errors"]} == {"advertiser", "title"}


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"{", "application/json", "malformed"),
        (b"", "application/json", "malformed"),
        (b"\xff", "application/json", "malformed"),
        (b'{"name":"\\ud800"}', "application/json", "malformed"),
        (b"[" * 100_000, "application/json", "malformed"),
        (b"[]", "application/json", "invalid"),
        (b"null", "application/json", "invalid"),
        (b"{}", "text/plain", "unsupported_media_type"),
        (b" " * 300_000, "application/json", "too_big"),
    ],
)
async def test_a_body_that_is_no_ad_is_refused(
    api: Calling, body: bytes, kind: str, code: str
) -> None:
    for method, path in (("POST", "/ads"), ("PATCH", f"/ads/{(await made(api))['id']}")):
        told = await api.code(method, path, data=body, headers={"Content_Type": kind})
        assert told == code


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=", "cursor=x", "cursor=%00", "cursor=é"]
)
async def test_a_page_that_cannot_be_is_refused(api: Calling, query: str) -> None:
    assert await api.code("GET", f"/ads?{query}") == "invalid"


async def test_a_list_comes_in_pages(api: Calling) -> None:
    names = [(await made(api, name=str(n)))["name"] for n in range(5)]
    assert [ad["name"] for ad in await api.pages("/ads")] == names[::-1]


@pytest.mark.parametrize("path", ["/ads/%00", "/ads/a%20b", "/ads/%ED%A0%80", "/ads/x/y", "/adz"])
async def test_what_has_no_address_is_not_found(api: Calling, path: str) -> None:
    assert await api.code("GET", path) == "not_found"


async def test_another_method_is_told_which_ones_there_are(api: Calling) -> None:
    answer = await api("PUT", "/ads")
    assert (answer.status, (await answer.json(content_type=None))["code"]) == (
        405,
        "method_not_allowed",
    )
    assert set(answer.headers["Allow"].split(",")) == {"GET", "HEAD", "POST"}


# --- Idempotency-Key ------------------------------------------------------------------------------


async def test_the_same_key_with_the_same_body_makes_one_ad(api: Calling) -> None:
    headers = {"Idempotency_Key": "k1"}
    first = await api("POST", "/ads", AD, headers=headers)
    again = await api("POST", "/ads", AD, headers=headers)
    assert (again.status, await again.read()) == (201, await first.read())
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert len((await (await api("GET", "/ads")).json())["items"]) == 1


async def test_the_same_key_at_once_makes_one_ad(api: Calling) -> None:
    headers = {"Idempotency_Key": "k1"}
    answers = await asyncio.gather(*(api("POST", "/ads", AD, headers=headers) for _ in range(6)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert len((await (await api("GET", "/ads")).json())["items"]) == 1


async def test_the_same_key_with_another_body_is_refused(api: Calling) -> None:
    headers = {"Idempotency_Key": "k1"}
    await api("POST", "/ads", AD, headers=headers)
    assert await api.code("POST", "/ads", {**AD, "title": "x"}, headers=headers) == "conflict"


async def test_a_key_is_its_accounts_own(api: Calling) -> None:
    headers = {"Idempotency_Key": "k1"}
    await api("POST", "/ads", AD, headers=headers)
    answer = await api("POST", "/ads", {**AD, "title": "x"}, headers=headers, key=api.yours)
    assert answer.status == 201


async def test_a_refused_call_leaves_its_key_unused(api: Calling) -> None:
    headers = {"Idempotency_Key": "k1"}
    assert await api.code("POST", "/ads", {}, headers=headers) == "invalid"
    assert (await api("POST", "/ads", AD, headers=headers)).status == 201


@pytest.mark.parametrize("key", ["x" * 256, "a b", "ü"])
async def test_a_key_has_a_form(api: Calling, key: str) -> None:
    assert await api.code("POST", "/ads", AD, headers={"Idempotency_Key": key}) == "invalid"
