"""The calls of `/account`."""

from ads.accounts import LABEL_MAX, LOCALES, NAME_MAX, SCOPES, identity
from ads.web.openapi.parts import (
    Json,
    Paths,
    choice,
    in_json,
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
    change = "Change name, locale, time zone, or who advertises in law (replaced as a whole)"
    made = linked(in_json("The key.", "NewKeyView", Location="Its address."), "revokeKey", key="id")
    make = "Make an API key; it is told this once"
    keys, sessions = "One's API keys, without their secrets", "Browsers that are signed in"
    return {
        "/api/v1/account": {
            "get": operation("readAccount", "One's account", own),
            "patch": operation("changeAccount", change, own, body="AccountPatch"),
        },
        "/api/v1/account/keys": {
            "post": operation("createKey", make, made, status=201, body="NewKey"),
            "get": listing("listKeys", keys, "KeyPage"),
        },
        "/api/v1/account/keys/{key}": {"delete": removal("revokeKey", "Make a key worthless")},
        "/api/v1/account/sessions": {"get": listing("listSessions", sessions, "SessionPage")},
        "/api/v1/account/sessions/{session}": {
            "delete": removal("endSession", "Sign a browser out")
        },
    }
