"""The API of one's own account, called over HTTP."""

import pytest

from tests.ads.web.calling import Calling


async def test_a_field_that_cannot_be_changed_is_named(api: Calling) -> None:
    answer = await api("PATCH", "/account", {"role": "owner", "name": ""})
    told = await answer.json(content_type=None)
    assert (answer.status, {e["field"] for e in told["errors"]}) == (422, {"role", "name"})


async def test_a_key_is_made_told_once_and_revoked(api: Calling) -> None:
    answer = await api("POST", "/account/keys", {"label": "cli"})
    made = await answer.json()
    assert answer.status == 201
    assert (await api("GET", "/account", key=made["key"])).status == 200
    listed = (await (await api("GET", "/account/keys")).json())["items"]
    assert {key["label"] for key in listed} == {"cli", "test"}
    assert "key" not in listed[0]
    assert await api.code("DELETE", f"/account/keys/{made['id']}", key=api.yours) == "not_found"
    assert (await api("DELETE", f"/account/keys/{made['id']}")).status == 204
    assert await api.code("GET", "/account", key=made["key"]) == "unauthorized"


async def test_a_repeated_call_makes_one_key_and_tells_it_again(api: Calling) -> None:
    headers = {"Idempotency_Key": "k1"}
    first = await api("POST", "/account/keys", {"label": "cli"}, headers=headers)
    again = await api("POST", "/account/keys", {"label": "cli"}, headers=headers)
    assert (again.status, await again.json()) == (201, await first.json())
    other = await api("POST", "/account/keys", {"label": "other"}, headers=headers)
    assert other.status == 409
    theirs = await api("POST", "/account/keys", {"label": "cli"}, headers=headers, key=api.yours)
    assert (await theirs.json())["key"] != (await first.json())["key"]


@pytest.mark.parametrize("body", [{}, {"label": ""}, {"label": 5}, {"label": "x", "scope": "some"}])
async def test_a_key_has_a_label_and_a_scope_and_nothing_else(api: Calling, body: object) -> None:
    assert await api.code("POST", "/account/keys", body) == "invalid"


async def test_keys_come_in_pages(api: Calling) -> None:
    for n in range(4):
        await api("POST", "/account/keys", {"label": str(n)})
    seen = [key["label"] for key in await api.pages("/account/keys")]
    assert sorted(seen) == ["0", "1", "2", "3", "test"]


async def test_sessions_are_listed_and_ended(api: Calling) -> None:
    token = await api.accounts.new_session("mei", "Firefox")
    (session,) = (await (await api("GET", "/account/sessions")).json())["items"]
    assert session["label"] == "Firefox"
    path = f"/account/sessions/{session['id']}"
    assert await api.code("DELETE", path, key=api.yours) == "not_found"
    assert (await api("DELETE", path)).status == 204
    assert await api.accounts.by_session(token) is None
