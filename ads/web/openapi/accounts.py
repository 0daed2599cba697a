"""The calls of `/account`."""

from ads.accounts import LABEL_MAX, LOCALES, NAME_MAX, SCOPES, identity
from ads.web.openapi.parts import (
    IDEMPOTENCY_KEY,
    Json,
    Paths,
    choice,
    in_json,
    json_body,
    line,
    linked,
    listing,
    operation,
    page_of,
    record,
    ref,
    removal,
    structs,
    time_zone,
)
from ads.web.views import AccountView, KeyView, NewKeyView, SessionView


def schemas() -> dict[str, Json]:
    """The schemas that these calls name."""
    scope = choice(SCOPES) | {"default": "all"}
    known = record(dict.fromkeys(identity.FIELDS, line(identity.LONGEST)), ())
    patch = {
        "name": line(NAME_MAX, needed=True),
        "locale": choice(LOCALES),
        "time_zone": time_zone(),
        "identity": known,
    }
    return {
        **structs(AccountView, KeyView, NewKeyView, SessionView),
        "AccountPatch": record(patch, ()),
        "NewKey": record({"label": line(LABEL_MAX, needed=True), "scope": scope}, ("label",)),
        "KeyPage": page_of(ref("KeyView")),
        "SessionPage": page_of(ref("SessionView")),
    }


def paths() -> Paths:
    """The calls."""
    own = in_json("One's account.", "AccountView")
    return {
        "/api/v1/account": {
            "get": operation("readAccount", "One's account", {200: own}),
            "patch": operation(
                "changeAccount",
                "Change name, locale, time zone, or who advertises in law (replaced as a whole)",
                {200: own},
                body=json_body(ref("AccountPatch")),
            ),
        },
        "/api/v1/account/keys": _keys(),
        "/api/v1/account/keys/{key}": {"delete": removal("revokeKey", "Make a key worthless")},
        "/api/v1/account/sessions": {
            "get": listing("listSessions", "Browsers that are signed in", "SessionPage")
        },
        "/api/v1/account/sessions/{session}": {
            "delete": removal("endSession", "Sign a browser out")
        },
    }


def _keys() -> dict[str, Json]:
    made = in_json("The key.", "NewKeyView", Location="Its address.")
    return {
        "post": operation(
            "createKey",
            "Make an API key; it is told this once",
            {201: linked(made, "revokeKey", key="id")},
            (409,),
            parameters=[IDEMPOTENCY_KEY],
            body=json_body(ref("NewKey")),
        ),
        "get": listing("listKeys", "One's API keys, without their secrets", "KeyPage"),
    }
