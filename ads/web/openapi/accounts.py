"""The calls of `/account`."""

from zoneinfo import available_timezones

from ads import identity
from ads.accounts import LABEL_MAX, LOCALES, NAME_MAX, SCOPES
from ads.web.openapi.parts import (
    Json,
    Paths,
    answers,
    choice,
    idempotency_key,
    in_path,
    json_body,
    line,
    linked,
    operation,
    page_of,
    paging,
    record,
    ref,
    structs,
)
from ads.web.views import AccountView, KeyView, NewKeyView, SessionView


def schemas() -> dict[str, Json]:
    """The schemas that these calls name."""
    zone = choice(sorted({"UTC", *available_timezones()}))
    scope = choice(SCOPES) | {"default": "all"}
    known = record(dict.fromkeys(identity.FIELDS, line(identity.LONGEST)), ())
    patch = {
        "name": line(NAME_MAX, needed=True),
        "locale": choice(LOCALES),
        "time_zone": zone,
        "identity": known,
    }
    return {
        **structs(AccountView, KeyView, NewKeyView, SessionView),
        "AccountPatch": record(patch, ()),
        "NewKey": record({"label": line(LABEL_MAX, needed=True), "scope": scope}, ("label",)),
        "KeyPage": page_of(ref("KeyView")),
        "SessionPage": page_of(ref("SessionView")),
    }


def _json(description: str, schema: str, **headers: str) -> Json:
    return answers(description, {"application/json": ref(schema)}, **headers)


def paths() -> Paths:
    """The calls."""
    own = _json("One's account.", "AccountView")
    return {
        "/api/v1/account": {
            "get": operation("readAccount", "One's account", {200: own}),
            "patch": operation(
                "changeAccount",
                "Change name, locale, time zone, or who advertises in law (replaced as a whole)",
                {200: own},
                (400, 413, 415, 422),
                body=json_body(ref("AccountPatch")),
            ),
        },
        "/api/v1/account/keys": _keys(),
        "/api/v1/account/keys/{key}": {
            "delete": operation(
                "revokeKey",
                "Make a key worthless",
                {204: answers("Gone.")},
                (404,),
                parameters=[in_path("key")],
            )
        },
        "/api/v1/account/sessions": {
            "get": operation(
                "listSessions",
                "Browsers that are signed in",
                {200: _json("Newest first.", "SessionPage")},
                (422,),
                parameters=paging(),
            )
        },
        "/api/v1/account/sessions/{session}": {
            "delete": operation(
                "endSession",
                "Sign a browser out",
                {204: answers("Gone.")},
                (404,),
                parameters=[in_path("session")],
            )
        },
    }


def _keys() -> dict[str, Json]:
    made = _json("The key.", "NewKeyView", Location="Its address.")
    return {
        "post": operation(
            "createKey",
            "Make an API key; it is told this once",
            {201: linked(made, "revokeKey", key="id")},
            (400, 409, 413, 415, 422),
            parameters=[idempotency_key()],
            body=json_body(ref("NewKey")),
        ),
        "get": operation(
            "listKeys",
            "One's API keys, without their secrets",
            {200: _json("Newest first.", "KeyPage")},
            (422,),
            parameters=paging(),
        ),
    }
