"""The console origin's API on loopback, with a real store, and two accounts that call it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import msgspec
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from ads.accounts import Account
from ads.ad import Ad
from ads.errors import Problem
from ads.store import keys, records
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.changes import Changes
from ads.store.idempotency import Idempotency
from ads.store.pictures import Pictures
from ads.web import account, ads, openapi, pictures, problem

AD = {"name": "Spring", "advertiser": "Acme Tea", "kind": "text", "title": "Tea"}
SECRET = b"s" * 32
ORIGIN = "http://127.0.0.1:8080"


async def no_copies(url: str) -> str:
    raise Problem("not_found", f"Nothing at {url}.")


class Calling:
    """A client of the API; `mine` and `yours` are API keys of two accounts."""

    def __init__(self, redis: Redis, http: TestClient[Any, Any]) -> None:
        self.redis = redis
        self.http = http
        self.accounts = Accounts(redis)
        self.mine = self.yours = ""

    async def sign_up(self, name: str) -> str:
        """Make an account without hashing a password, which is slow; returns its API key."""
        made = Account(name, f"{name}@example.org", name.title(), "-", created_at=1_800_000_000_000)
        await records.save(self.redis, keys.ACCOUNT.format(account=name), made)
        return await self.accounts.new_key(name, "test")

    async def __call__(
        self, method: str, path: str, json: Any = None, *, key: str | None = None, **more: Any
    ) -> ClientResponse:
        """A call below /api/v1, with `mine` unless another key (or "" for none) is given."""
        headers = {name.replace("_", "-"): value for name, value in more.pop("headers", {}).items()}
        used = self.mine if key is None else key
        if used:
            headers["Authorization"] = f"Bearer {used}"
        return await self.http.request(method, f"/api/v1{path}", json=json, headers=headers, **more)

    async def pages(self, path: str, limit: int = 2) -> list[Any]:
        """All items of a list, page by page."""
        found: list[Any] = []
        query: str | None = f"limit={limit}"
        while query:
            page = await (await self("GET", f"{path}?{query}")).json()
            assert len(page["items"]) <= limit
            found += page["items"]
            query = page["next"] and f"limit={limit}&cursor={page['next']}"
        return found

    async def code(self, *args: Any, **kwargs: Any) -> str:
        """The code of the problem that a call answers."""
        answer = await self(*args, **kwargs)
        told = await answer.json(content_type=None)
        assert answer.content_type == "application/problem+json", (answer.status, told)
        assert told["status"] == answer.status == Problem.STATUS[told["code"]]
        return str(told["code"])


def application(redis: Redis) -> web.Application:
    """The console origin's routes of ads, composed as in the service."""
    accounts, kept = Accounts(redis), Pictures(redis)
    remembered = Idempotency(redis)
    app = web.Application(middlewares=[problem.middleware])
    app.add_routes(
        [
            *account.routes(accounts=accounts, secret_key=SECRET),
            *ads.routes(
                accounts=accounts, ads=Ads(redis, Changes(redis), no_copies), idempotency=remembered
            ),
            *pictures.routes(
                accounts=accounts, pictures=kept, idempotency=remembered, pages_origin=ORIGIN
            ),
            *pictures.page_routes(pictures=kept),
            *openapi.routes(openapi.document({}, {}, "1")),
        ]
    )
    return app


async def made_ad(redis: Redis, name: str, owner: str, at: int) -> None:
    """Store an ad with this id and name, made at `at` (ms)."""
    made = Ad(id=name, owner=owner, name=name, advertiser="Acme", kind="text", created_at=at)
    record = msgspec.msgpack.encode(made)
    await redis.hset(keys.AD.format(ad=name), mapping={"at": 1, "current": record, "1": record})


def calling(redis: Redis) -> AbstractAsyncContextManager[Calling]:
    """The API, served during the block."""
    return served(redis, application(redis))


@asynccontextmanager
async def served(redis: Redis, app: web.Application) -> AsyncIterator[Calling]:
    async with TestClient(TestServer(app)) as http:
        client = Calling(redis, http)
        client.mine = await client.sign_up("mei")
        client.yours = await client.sign_up("bo")
        yield client
