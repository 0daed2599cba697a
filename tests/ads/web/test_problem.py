"""Errors on the wire."""

import asyncio
import gc
import json
import logging
import weakref

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from redis.exceptions import ConnectionError as StoreGone
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as StoreSlow

from ads.errors import Problem
from ads.web import problem


async def answered(error: Exception) -> web.StreamResponse:
    async def handler(_request: web.Request) -> web.StreamResponse:
        raise error

    return await problem.middleware(make_mocked_request("GET", "/"), handler)


def told(response: web.StreamResponse) -> dict[str, object]:
    return dict(json.loads(response.body))


@pytest.mark.parametrize("code", sorted(Problem.STATUS))
async def test_every_code_has_its_status_and_form(code: str) -> None:
    response = await answered(Problem(code))
    assert response.status == Problem.STATUS[code]
    assert response.content_type == "application/problem+json"
    assert set(told(response)) == {"type", "title", "status", "code", "detail"}
    assert told(response)["code"] == code
    assert ("Retry-After" in response.headers) == (response.status in (429, 503))


@pytest.mark.parametrize(
    "error",
    [
        StoreGone("x"),
        StoreSlow("x"),
        ResponseError("OOM command not allowed"),
        ResponseError("MISCONF errors writing to the AOF"),
    ],
)
async def test_a_store_that_cannot_serve_is_said_to_be_away(error: Exception) -> None:
    response = await answered(error)
    assert (response.status, told(response)["code"]) == (503, "store_unavailable")


@pytest.mark.parametrize("error", [KeyError("secret"), ResponseError("WRONGTYPE secret")])
async def test_what_nobody_foresaw_is_logged_and_shows_nothing(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = await answered(error)
    assert (response.status, told(response)["code"]) == (500, "internal")
    assert "secret" not in json.dumps(told(response))
    assert "secret" in caplog.text


async def test_redirects_pass() -> None:
    with pytest.raises(web.HTTPFound):
        await answered(web.HTTPFound("/signin"))


class Sent:
    """What a client has sent."""


@pytest.mark.parametrize("error", [Problem("malformed"), ConnectionResetError("Connection lost")])
async def test_an_error_that_was_answered_holds_nothing_of_what_was_sent(error: Exception) -> None:
    kept: list[weakref.ref[Sent]] = []

    async def handler(_request: web.Request) -> web.StreamResponse:
        sent = Sent()
        kept.append(weakref.ref(sent))
        elsewhere: asyncio.Future[web.StreamResponse] = asyncio.get_running_loop().create_future()
        elsewhere.set_exception(error)
        return await elsewhere  # a cycle: the future has the error, which has this frame and future

    gc.disable()  # it would run at any time
    try:
        await problem.middleware(make_mocked_request("POST", "/"), handler)
        assert kept[0]() is None
    finally:
        gc.enable()


async def test_a_client_that_leaves_writes_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        await answered(ConnectionResetError("Connection lost"))
    assert caplog.text == ""
