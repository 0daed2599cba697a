"""The OpenAPI document describes exactly what the routes do."""

import re
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from redis.asyncio import Redis

from ads.errors import Problem
from ads.web import account, ads, events, openapi, pictures, reports
from proxy.errors import SourceProblem
from proxy.web import openapi as described
from proxy.web import operator_api, shares_api
from tests.ads.web.calling import calling

NOTHING: Any = None
STORES: Any = SimpleNamespace(accounts=None)
DOCUMENT = openapi.document(described.paths(), described.schemas(), "1")


def named(routes: Iterable[web.RouteDef]) -> set[tuple[str, str]]:
    """(method, path) of each route, without patterns in the path."""
    return {(route.method.lower(), re.sub(r":[^/]*\}", "}", route.path)) for route in routes}


CALLS = [
    (method, path, call)
    for path, methods in DOCUMENT["paths"].items()
    for method, call in methods.items()
]


def refs(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            else:
                yield from refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from refs(inner)


def test_every_route_is_described_and_every_description_has_its_route() -> None:
    mounted = [
        *account.routes(accounts=NOTHING, secret_key=b""),
        *ads.routes(accounts=NOTHING, ads=NOTHING, idempotency=NOTHING),
        *pictures.routes(accounts=NOTHING, pictures=NOTHING, idempotency=NOTHING, pages_origin=""),
        *shares_api.routes(
            accounts=NOTHING, publisher=NOTHING, idempotency=NOTHING, pages_origin=""
        ),
        *reports.routes(accounts=NOTHING, reports=NOTHING),
        *events.routes(accounts=NOTHING, export=NOTHING),
        *operator_api.routes(STORES, NOTHING),
    ]
    assert {(method, path) for method, path, _ in CALLS} == named(mounted)


def test_every_reference_leads_somewhere_and_every_schema_is_used() -> None:
    schemas = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert set(refs(DOCUMENT)) == schemas


def inside(value: object) -> Iterator[dict[str, Any]]:
    """Every object of the document, however deep."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from inside(inner)


def test_the_words_of_a_choice_stay_apart_as_names_in_a_clients_language() -> None:
    for found in inside(DOCUMENT):
        words = [re.sub(r"\W+", "_", word).upper() for word in found.get("enum", ()) if word]
        assert len(words) == len(set(words)), words


def test_what_a_field_chooses_among_has_names() -> None:
    for found in inside(DOCUMENT):
        if chooser := found.get("discriminator"):
            named = set(chooser["mapping"].values())
            assert named == {choice["$ref"] for choice in found["oneOf"]}


def test_every_call_has_a_name_of_its_own() -> None:
    names = [call["operationId"] for _, _, call in CALLS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("method", "path", "call"), CALLS)
def test_the_parameters_of_a_path_are_those_in_it(
    method: str, path: str, call: dict[str, Any]
) -> None:
    described_ones = {p["name"] for p in call.get("parameters", ()) if p["in"] == "path"}
    assert described_ones == set(re.findall(r"\{(\w+)\}", path))


@pytest.mark.parametrize(("method", "path", "call"), CALLS)
def test_answers_have_the_contracts_statuses(method: str, path: str, call: dict[str, Any]) -> None:
    good = {"get": "200", "post": "201", "patch": "200", "delete": "204"}[method]
    assert [status for status in call["responses"] if status < "300"] == [good]
    for status, response in call["responses"].items():
        if status >= "400":
            assert list(response["content"]) == ["application/problem+json"]
        waits = status in ("424", "429", "502", "503", "504")
        assert ("Retry-After" in response.get("headers", {})) == waits


@pytest.mark.parametrize("path", ["/api/v1/shares", "/api/v1/preview"])
def test_publishing_names_the_status_of_every_reason(path: str) -> None:
    told = {int(status) for status in DOCUMENT["paths"][path]["post"]["responses"]}
    publishing = set(SourceProblem.STATUS) - set(Problem.STATUS)
    assert {SourceProblem.STATUS[code] for code in publishing} <= told
    assert {409, 413, 422, 429, 503} <= told


async def test_the_document_is_served_to_anyone(redis: Redis) -> None:
    async with calling(redis) as api:
        answer = await api.http.get("/api/openapi.json")
        assert answer.status == 200
        assert (await answer.json())["openapi"] == "3.1.0"
