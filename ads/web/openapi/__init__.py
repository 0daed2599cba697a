"""`GET /api/openapi.json`: what the API takes and answers, true to the routes beside it.

Calls of `accounts`, `ads` and `reports`, written in `parts`.
"""

from collections.abc import Mapping

import msgspec
from aiohttp import web

from ads.errors import Problem
from ads.web.openapi import accounts, ads, reports
from ads.web.openapi.parts import TEXT, Json, Paths, completed, record

PATH = "/api/openapi.json"


def document(paths: Paths, schemas: Mapping[str, Json], version: str) -> Json:
    """The whole document; `paths` and `schemas` are those of the article's side."""
    calls = {**paths, **accounts.paths(), **ads.paths(), **reports.paths()}
    own = {**accounts.schemas(), **ads.schemas(), **reports.schemas()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Passalong",
            "version": version,
            "description": "Brand an article with an ad, pass it along, follow every forward.",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": completed(calls),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _problem(), **schemas, **own},
        },
    }


def routes(described: Json) -> list[web.RouteDef]:
    """The document itself; it needs no key."""
    body = msgspec.json.encode(described)

    async def serve(_request: web.Request) -> web.Response:
        headers = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
        return web.Response(body=body, content_type="application/json", headers=headers)

    return [web.get(PATH, serve)]


def _problem() -> Json:
    """RFC 9457, with our code. Codes that the article's side adds are in its calls' text."""
    fault = record({"field": TEXT, "code": TEXT, "detail": TEXT})
    known = ", ".join(sorted(Problem.STATUS))
    return record(
        {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "code": TEXT | {"description": f"Stable: {known}, and those of publishing."},
            "detail": TEXT,
            "errors": {"type": "array", "items": fault},
        },
        ("type", "title", "status", "code", "detail"),
    )
