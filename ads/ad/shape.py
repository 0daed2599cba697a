"""The ad's structs, as the API names their fields and as the store keeps them (a leaf)."""

from typing import Literal, TypeVar, get_args

import msgspec

from ads.accounts.identity import Identity

Kind = Literal["banner", "text", "card", "qr", "call"]
Placement = Literal["top", "middle", "end", "sticky"]
Label = Literal["auto", "Ad", "广告"]
State = Literal["active", "paused", "ended"]
Verdict = Literal["passed", "waiting", "refused"]

KINDS: tuple[Kind, ...] = get_args(Kind)
PLACEMENTS: tuple[Placement, ...] = get_args(Placement)
LABELS: tuple[Label, ...] = get_args(Label)
STATES: tuple[State, ...] = get_args(State)


class Card(msgspec.Struct, frozen=True):
    """A business card; "" is left out."""

    person: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""
    wechat: str = ""


class CardOverride(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a variant changes of the business card; None leaves it."""

    person: str | None = None
    role: str | None = None
    phone: str | None = None
    email: str | None = None
    wechat: str | None = None


class Variant(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the versions that readers are split over; None leaves the ad's own field."""

    id: str
    weight: int
    advertiser: str | None = None
    title: str | None = None
    body: str | None = None
    image: str | None = None
    button: str | None = None
    card: CardOverride = CardOverride()


class Review(msgspec.Struct, frozen=True):
    """Whether an ad may be shown: `waiting` for the operator to look, or `refused` and why."""

    state: Verdict = "passed"
    why: str = ""


class AdFields(msgspec.Struct, frozen=True, kw_only=True):
    """What an owner says about an ad, but for its state.

    `image` is a picture's id, or (not saved yet) an http(s) URL to copy it from; "" for none.
    """

    name: str
    advertiser: str
    kind: Kind
    title: str = ""
    body: str = ""
    image: str = ""
    button: str = ""
    target: str = ""
    placements: tuple[Placement, ...] = ("top", "end")
    label: Label = "auto"
    card: Card = Card()
    variants: tuple[Variant, ...] = ()
    fallback: str | None = None


class AdDraft(AdFields, frozen=True, kw_only=True):
    """What the owner says about an ad: every field judged, defaults filled in."""

    state: State = "active"


class Ad(AdFields, frozen=True, kw_only=True):
    """An ad as stored: a draft's fields, whose it is, and which version this is. Times in ms.

    `history` has what it stood as by the time from which it held, oldest first. A deleted ad keeps
    its record (pages already forwarded follow its fallback) with the state `deleted`. `identity` is
    whose ad this version was.
    """

    id: str
    owner: str
    version: int = 1
    state: Literal["active", "paused", "ended", "deleted"] = "active"
    created_at: int = 0
    updated_at: int = 0
    history: tuple[tuple[int, str], ...] = ()
    review: Review = Review()
    identity: Identity = Identity()

    @property
    def standing(self) -> str:
        """What its history says: the owner's state, unless the operator's verdict stops it."""
        stopped = self.state == "active" and self.review.state != "passed"
        return self.review.state if stopped else self.state

    @property
    def runs(self) -> bool:
        """Whether readers may see it."""
        return self.standing == "active"


SomeAd = TypeVar("SomeAd", bound=AdFields)
OVERRIDES = ("advertiser", "title", "body", "image", "button")


def overridden(ad: SomeAd, variant: Variant) -> SomeAd:
    """The ad as the variant has it."""
    values = {name: getattr(variant, name) for name in OVERRIDES}
    changed = {name: value for name, value in values.items() if value is not None}
    card = {k: v for k, v in msgspec.structs.asdict(variant.card).items() if v is not None}
    merged = msgspec.structs.replace(ad.card, **card)
    return msgspec.structs.replace(ad, **changed, card=merged)


def draft_of(ad: Ad) -> AdDraft:
    """What the owner said about the ad."""
    values = msgspec.structs.asdict(ad)
    return AdDraft(**{name: values[name] for name in AdDraft.__struct_fields__})


def phone(target: str, card: Card) -> str:
    """The number that a `call` ad shows: the target's, else the card's."""
    return target[4:] if target.lower().startswith("tel:") else card.phone
