"""What the API answers, as structs: the OpenAPI document takes its schemas from them."""

from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from ads.accounts import Account, Key, Locale, Role, Scope, Session
from ads.ad import Ad
from ads.ad.shape import Card, Kind, Label, Placement, Review, State, Variant
from ads.clock import Timestamp, timestamp
from ads.picture import Picture


class AdView(msgspec.Struct, frozen=True, kw_only=True):
    """An ad. `image` is a picture's id or empty; `version` grows with every change.

    One whose `review` waits or was refused is shown to nobody, whatever its state.
    """

    id: str
    version: Annotated[int, Meta(ge=1)]
    name: str
    advertiser: str
    kind: Kind
    title: str
    body: str
    image: str
    button: str
    target: str
    placements: tuple[Placement, ...]
    label: Label
    card: Card
    variants: tuple[Variant, ...]
    fallback: str | None
    state: State
    review: Review
    created_at: Timestamp
    updated_at: Timestamp


class IdentityView(msgspec.Struct, frozen=True):
    """Who advertises, in law; "" is not told."""

    legal_name: str
    registration: str
    address: str
    contact: str
    paid_by: str


class AccountView(msgspec.Struct, frozen=True):
    """An account. `name` is what readers see as the sharer.

    The ads of a `newcomer` wait for the operator; `identity` goes on record with each of one's ads.
    """

    id: str
    email: str
    name: str
    locale: Locale
    time_zone: str
    role: Role
    newcomer: bool
    identity: IdentityView
    created_at: Timestamp


class KeyView(msgspec.Struct, frozen=True):
    """An API key, without its secret; one of the scope `read` changes nothing."""

    id: str
    label: str
    scope: Scope
    created_at: Timestamp


class NewKeyView(KeyView, frozen=True):
    """A new API key; `key` is told this once."""

    key: str


class SessionView(msgspec.Struct, frozen=True):
    """A browser that is signed in."""

    id: str
    label: str
    created_at: Timestamp
    expires_at: Timestamp


class PictureView(msgspec.Struct, frozen=True):
    """An uploaded picture, as it is served; sides in pixels."""

    id: str
    url: str
    width: int
    height: int


def ad(shown: Ad) -> AdView:
    """An ad as its owner sees it."""
    values = {name: getattr(shown, name) for name in AdView.__struct_fields__}
    times = {"created_at": timestamp(shown.created_at), "updated_at": timestamp(shown.updated_at)}
    return AdView(**{**values, **times})


def account(shown: Account) -> AccountView:
    """An account as its owner sees it."""
    values = {name: getattr(shown, name) for name in AccountView.__struct_fields__}
    identity = IdentityView(**msgspec.structs.asdict(shown.identity))
    return AccountView(
        **{**values, "identity": identity, "created_at": timestamp(shown.created_at)}
    )


def key(shown: Key) -> KeyView:
    """An API key in a list."""
    return KeyView(shown.id, shown.label, shown.scope, timestamp(shown.created_at))


def new_key(shown: Key, text: str) -> NewKeyView:
    """A new API key with its secret."""
    return NewKeyView(**msgspec.structs.asdict(key(shown)), key=text)


def session(shown: Session) -> SessionView:
    """A session in a list."""
    made, over = timestamp(shown.created_at), timestamp(shown.expires_at)
    return SessionView(shown.id, shown.label, made, over)


def picture(shown: Picture, pages_origin: str) -> PictureView:
    """A picture with its address."""
    return PictureView(shown.id, f"{pages_origin}/m/{shown.id}", shown.width, shown.height)


def answer(body: Any, status: int = 200, **headers: str) -> web.Response:
    """A JSON response; `headers` with _ for -."""
    response = web.Response(
        status=status, body=msgspec.json.encode(body), content_type="application/json"
    )
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response
