"""/api/v1/shares and /preview over HTTP, by the contract's section 3."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from redis.asyncio import Redis

from ads.ad import Ad, parse
from ads.store.accounts import Accounts
from tests.proxy.service.conftest import DRAFT, PAGES, Origin, Worker

SHARE_FIELDS = {
    "id",
    "url",
    "ad",
    "channel",
    "mode",
    "mode_reason",
    "slots",
    "slots_skipped",
    "article",
    "card",
    "rights",
    "created_at",
    "state",
}
ARTICLE_FIELDS = {
    "title",
    "site",
    "author",
    "published",
    "image",
    "language",
    "source_url",
    "fetched_at",
}
PATH = "/api/v1/shares"


class Client:
    """One account at the API."""

    def __init__(self, worker: Worker, key: str, ad: Ad, site: Origin) -> None:
        self.worker, self.key, self.ad = worker, key, ad
        self.body = {"url": f"{site.url}/tea", "ad": ad.id}

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        answer = await self.worker.api.request(
            method,
            path,
            json=body,
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )
        kind = answer.content_type
        return answer, (await answer.json() if kind.endswith("json") else await answer.read())


@pytest.fixture
async def client(worker: Worker, redis: Redis, site: Origin) -> Client:
    accounts = Accounts(redis)
    account = await accounts.create("a@example.org", "Ann", "a long password")
    key = await accounts.new_key(account.id, "test")
    ad = await worker.ads.create(account.id, parse(DRAFT))
    return Client(worker, key, ad, site)


async def test_a_share_has_the_contracts_fields(client: Client) -> None:
    answer, share = await client.call("POST", PATH, client.body | {"channel": "mail"})
    assert answer.status == 201
    assert set(share) == SHARE_FIELDS
    assert set(share["article"]) == ARTICLE_FIELDS
    assert share["url"] == f"{PAGES}/s/{share['id']}"
    assert share["slots"] == ["top", "middle", "end", "sticky"]
    assert (share["channel"], share["mode"], share["rights"]) == ("mail", "full", None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", share["created_at"])
    assert answer.headers["Location"] == f"{PATH}/{share['id']}"
    assert (await client.call("GET", f"{PATH}/{share['id']}"))[1] == share


async def test_the_slots_are_those_of_the_ad_as_it_is_now(client: Client) -> None:
    body = client.body | {"mode": "excerpt"}
    _, share = await client.call("POST", PATH, body)
    assert share["slots"] == ["top", "end"]
    assert set(share["slots_skipped"]) == {"middle", "sticky"}
    await client.worker.ads.change(client.ad.owner, client.ad.id, {"placements": ["end"]})
    _, share = await client.call("GET", f"{PATH}/{share['id']}")
    assert (share["slots"], share["slots_skipped"]) == (["end"], {})


async def test_a_preview_says_what_would_be_published(client: Client) -> None:
    answer, shown = await client.call("POST", "/api/v1/preview", client.body)
    assert answer.status == 201
    assert set(shown) == {
        "mode",
        "mode_reason",
        "article",
        "card",
        "slots",
        "slots_skipped",
        "page",
        "expires_at",
    }
    assert shown["page"].startswith(f"{PAGES}/p/")
    assert (await client.call("GET", PATH))[1]["items"] == []


async def test_the_link_comes_as_a_code_to_photograph(client: Client) -> None:
    _, share = await client.call("POST", PATH, client.body)
    svg, drawing = await client.call("GET", f"{PATH}/{share['id']}/qr.svg")
    assert svg.content_type == "image/svg+xml"
    assert drawing.lstrip().startswith((b"<?xml", b"<svg"))
    png, pixels = await client.call("GET", f"{PATH}/{share['id']}/qr.png")
    assert png.content_type == "image/png"
    with Image.open(BytesIO(pixels)) as picture:
        assert picture.width == picture.height >= 400


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", PATH, {"url": "nope", "ad": "AD"}, 400, "bad_url"),
        ("POST", PATH, {"url": "http://169.254.169.254/", "ad": "AD"}, 403, "blocked_address"),
        ("POST", PATH, {"url": "https://a.example/", "ad": "nobody"}, 422, "invalid"),
        ("POST", PATH, {"ad": "AD"}, 422, "invalid"),
        ("POST", PATH, [], 422, "invalid"),
        ("POST", "/api/v1/preview", {"url": "nope", "ad": "AD"}, 400, "bad_url"),
        ("GET", f"{PATH}/nothing", None, 404, "not_found"),
        ("PATCH", f"{PATH}/nothing", {}, 404, "not_found"),
        ("DELETE", f"{PATH}/nothing", None, 404, "not_found"),
        ("GET", f"{PATH}/nothing/qr.png", None, 404, "not_found"),
        ("GET", f"{PATH}?limit=101", None, 422, "invalid"),
    ],
)
async def test_refusals_are_problems_with_their_code(
    method: str, path: str, body: Any, status: int, code: str, client: Client
) -> None:
    if isinstance(body, dict) and body.get("ad") == "AD":
        body = body | {"ad": client.ad.id}
    answer, problem = await client.call(method, path, body)
    assert (answer.status, problem["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("path", [PATH, "/api/v1/preview"])
async def test_without_a_key_nothing_is_done(path: str, client: Client, site: Origin) -> None:
    client.key = "wrong"
    answer, problem = await client.call("POST", path, client.body)
    assert (answer.status, problem["code"]) == (401, "unauthorized")
    assert site.asked == []
