"""The words that an OpenAPI document is written in (3.1), as small functions. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

import msgspec

from ads import picture_id, text
from ads.web.idempotency import PATTERN as KEY_PATTERN
from ads.web.paging import CURSOR, LIMIT, LIMIT_MAX

Json = dict[str, Any]
Paths = dict[str, dict[str, Json]]

REF = "#/components/schemas/{name}"
PROBLEM: Json = {"$ref": REF.format(name="Problem")}
ID: Json = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
TEXT: Json = {"type": "string"}
TIME: Json = {"type": "string", "format": "date-time"}
HOUR: Json = TIME | {
    "pattern": "^(19[7-9]|2[01][0-9])[0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:00:00(\\.0+)?Z$",
    "description": "RFC 3339, on the hour, UTC.",
}
# An uploaded picture's id, an address to copy it from, or nothing.
IMAGE_PATTERN = f"^$|{picture_id.PATTERN}|^https?://[^/?#@\\s]"

_IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
    "description": "Remembered 24 hours: the same key with the same request answers the same; "
    "409 for another request, or while the first is still running.",
}
_CHANGING = frozenset({"post", "put", "patch", "delete"})
_OF_BODIES = (400, 413, 415, 422)
_MEANINGS = {
    400: "The request cannot be read.",
    401: "No API key, or not a valid one.",
    403: "Refused.",
    404: "There is no such object, or it is another account's.",
    409: "It conflicts with what is there, or the same Idempotency-Key is being worked on.",
    410: "It has ended.",
    412: "If-Match does not name the current version.",
    413: "Too big.",
    415: "The body is of a kind that is not taken here.",
    422: "A field, or a query parameter, cannot be used; `errors` says which.",
    424: "The source refused.",
    429: "Too many requests; Retry-After says when to try again.",
    500: "Something went wrong on our side.",
    502: "The source cannot be reached.",
    503: "The store cannot be reached just now; Retry-After says when to try again.",
    504: "The source takes too long.",
}
_LATER = "Seconds until the source may be asked again, if it is spared until then."
_WAITS = dict.fromkeys((429, 503), "Seconds to wait.") | dict.fromkeys((424, 502, 504), _LATER)


def ref(name: str) -> Json:
    """A schema by its name."""
    return {"$ref": REF.format(name=name)}


def line(longest: int, *, needed: bool = False, pattern: str = "") -> Json:
    """One line of text; `needed`: with something to see in it."""
    rule = pattern or (text.VISIBLE_PATTERN if needed else text.LINE_PATTERN)
    return {"type": "string", "maxLength": longest, "pattern": rule}


def nullable(schema: Json) -> Json:
    """What may be null as well, which says as much as a missing field."""
    return {**schema, "type": [schema["type"], "null"]}


def time_zone(*, needed: bool = True) -> Json:
    """An IANA name. No enum: clients made from one cannot tell `GMT+0` from `GMT-0` by name."""
    known = "|".join(sorted({"UTC", *available_timezones()})).replace("+", "[+]")
    return {"type": "string", "pattern": f"^({known}){'' if needed else '?'}$"}


def choice(options: Sequence[str]) -> Json:
    """One of a few words."""
    return {"type": "string", "enum": list(options)}


def record(properties: Mapping[str, Json], required: Sequence[str] | None = None) -> Json:
    """An object with these fields and no other; by default all of them are there."""
    needed = list(properties) if required is None else list(required)
    return {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
    }


def page_of(item: Json) -> Json:
    """A list's page."""
    following = {"type": ["string", "null"], "description": "The cursor of the next page."}
    return record({"items": {"type": "array", "items": item}, "next": following})


def in_query(name: str, schema: Json, description: str = "") -> Json:
    """A parameter of the query; it may be missing."""
    return {"name": name, "in": "query", "schema": schema, "description": description}


def paging(pattern: str = CURSOR, usual: int | None = LIMIT) -> list[Json]:
    """`limit`, `usual` without one, and `cursor`."""
    limit = {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX}
    limit |= {} if usual is None else {"default": usual}
    cursor = {"type": "string", "pattern": pattern}
    return [in_query("limit", limit), in_query("cursor", cursor, "The `next` of the page before.")]


def answers(description: str, content: Mapping[str, Json] | None = None, **headers: str) -> Json:
    """A response; `headers` are name (with _ for -) and meaning."""
    response: Json = {"description": description}
    if content:
        response["content"] = {kind: {"schema": schema} for kind, schema in content.items()}
    if headers:
        response["headers"] = {
            name.replace("_", "-"): {"description": meaning, "schema": {"type": "string"}}
            for name, meaning in headers.items()
        }
    return response


def in_json(description: str, schema: str, **headers: str) -> Json:
    """An answer in JSON whose schema has this name."""
    return answers(description, {"application/json": ref(schema)}, **headers)


def linked(response: Json, operation: str, **parameters: str) -> Json:
    """The response with what leads on from it: an operation, and where its parameters stand."""
    found = {name: f"$response.body#/{field}" for name, field in parameters.items()}
    link = {"operationId": operation, "parameters": found}
    return response | {"links": {operation: link}}


def _in_json(schema: str) -> Json:
    return {"required": True, "content": {"application/json": {"schema": ref(schema)}}}


def operation(
    name: str,
    summary: str,
    answer: Json,
    *bad: int,
    status: int = 200,
    parameters: Sequence[Json] = (),
    body: str | Json = "",
) -> Json:
    """One call; what follows from its path and method goes without saying (`completed`).

    `body` is the name of a JSON body's schema, or a whole request body.
    """
    responses = {str(status): answer}
    for each in sorted({*bad, *(_OF_BODIES if body else ()), 401, 500, 503}):
        responses[str(each)] = refusal(each)
    described: Json = {"operationId": name, "summary": summary, "responses": responses}
    if parameters:
        described["parameters"] = list(parameters)
    if body:
        described["requestBody"] = _in_json(body) if isinstance(body, str) else body
    return described


def listing(name: str, summary: str, page: str, *bad: int) -> Json:
    """The call of a list that comes in pages."""
    return operation(name, summary, in_json("Newest first.", page), 422, *bad, parameters=paging())


def removal(name: str, summary: str, *bad: int, parameters: Sequence[Json] = ()) -> Json:
    """The call that takes something away."""
    return operation(name, summary, answers("Gone."), *bad, status=204, parameters=parameters)


def completed(paths: Paths) -> Paths:
    """What follows from a call's path and method, in every call.

    It takes the ids in its path, one of which may be nobody's. What changes something may be
    refused to a key that only reads, and what makes something can be repeated.
    """
    for path, calls in paths.items():
        ids = [
            {"name": name, "in": "path", "required": True, "schema": ID}
            for name in re.findall(r"{(\w+)}", path)
        ]
        for method, call in calls.items():
            repeated = [_IDEMPOTENCY_KEY] if method == "post" else []
            if parameters := [*ids, *call.get("parameters", ()), *repeated]:
                call["parameters"] = parameters
            known = {404: bool(ids), 403: method in _CHANGING, 409: bool(repeated)}
            for status in (status for status, may_be in known.items() if may_be):
                call["responses"].setdefault(str(status), refusal(status))
    return paths


def refusal(status: int) -> Json:
    """A problem document with this status."""
    headers = {"Retry_After": _WAITS[status]} if status in _WAITS else {}
    return answers(_MEANINGS[status], {"application/problem+json": PROBLEM}, **headers)


def structs(*kinds: type[msgspec.Struct]) -> dict[str, Json]:
    """The schemas of structs, and of those inside them, by name."""
    _, components = msgspec.json.schema_components(kinds, ref_template=REF)
    return {
        name: {k: v for k, v in each.items() if k != "title"} for name, each in components.items()
    }
