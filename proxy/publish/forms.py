"""What a request about shares may say: bodies judged field by field. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import cast
from urllib.parse import urlsplit

import msgspec

from ads import picture_id, text
from ads.errors import FieldError, Problem
from proxy.page import MODES, Card, Mode
from proxy.shares import RIGHTS, STATES, Rights

URL_MAX = 8192
ID_MAX = 64
CHANNEL_MAX = 64
TITLE_MAX = 300
DESCRIPTION_MAX = 1000
IMAGE_MAX = 2048


class PublishRequest(msgspec.Struct, frozen=True):
    """What somebody wants published. `mode` None is the operator's default; `card` "" are none."""

    url: str
    ad: str
    channel: str = ""
    mode: Mode | None = None
    rights: Rights | None = None
    card: Card = Card()


def parse(data: object) -> PublishRequest:
    """A body of POST /shares. Raises Problem("invalid") with every fault."""
    values = _judged(data, _RULES, required=("url", "ad"))
    return PublishRequest(**values)  # type: ignore[arg-type]  # the rules made the types


def parse_preview(data: object) -> PublishRequest:
    """A body of POST /preview. Raises Problem("invalid") with every fault."""
    rules = {name: _RULES[name] for name in ("url", "ad", "mode")}
    values = _judged(data, rules, required=("url", "ad"))
    return PublishRequest(**values)  # type: ignore[arg-type]  # the rules made the types


def parse_patch(data: object) -> dict[str, object]:
    """A body of PATCH /shares/{share}: the changed fields. Raises Problem("invalid").

    `card` becomes a dict of the card's changed fields.
    """
    rules = {name: _RULES[name] for name in ("ad", "channel", "mode", "rights")}
    card = _or_none(_words, dict.fromkeys(_CARD_RULES, ""))
    return _judged(data, rules | {"state": _choice(STATES), "card": card}, required=())


Rule = Callable[[object], object]


class _Fault(Exception):
    """A field that cannot be used: the error's code and its sentence."""

    def __init__(self, code: str, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.code, self.detail, self.field = code, detail, field


def _judged(data: object, rules: Mapping[str, Rule], required: Iterable[str]) -> dict[str, object]:
    if not isinstance(data, dict):
        raise Problem("invalid", "The body is not a JSON object.")
    body = cast(dict[str, object], data)
    values: dict[str, object] = {}
    faults = [_error(name, "required", "It is missing.") for name in required if name not in body]
    for name, value in body.items():
        try:
            values[name] = rules.get(name, _unknown)(value)
        except _Fault as fault:
            field = f"{name}.{fault.field}" if fault.field else name
            faults.append(_error(field, fault.code, fault.detail))
    if faults:
        raise Problem("invalid", "Some fields cannot be used.", errors=faults)
    return values


def _error(field: str, code: str, detail: str) -> FieldError:
    return {"field": field, "code": code, "detail": detail}


def _unknown(_value: object) -> object:
    raise _Fault("unknown", "There is no such field.")


def _text(longest: int, *, empty: bool = True) -> Rule:
    def rule(value: object) -> str:
        if not isinstance(value, str):
            raise _Fault("type", "It is not text.")
        if len(value) > longest:
            raise _Fault("length", f"At most {longest} characters.")
        cleaned = text.clean(value)
        if cleaned is None or not (empty or cleaned):
            raise _Fault("text", "One line of text.")
        return cleaned

    return rule


def _link(value: object) -> str:
    # What is no link at all is `bad_url`, and that is for `proxy.links` to say.
    if not isinstance(value, str):
        raise _Fault("type", "It is not text.")
    if len(value) > URL_MAX:
        raise _Fault("length", f"At most {URL_MAX} characters.")
    return value


def _choice(options: tuple[str, ...], *, empty: bool = False) -> Rule:
    def rule(value: object) -> object:
        if value in options or (empty and value is None):
            return value
        raise _Fault("choice", f"One of {', '.join(options)}.")

    return rule


def _image(value: object) -> str:
    image = cast(str, _text(IMAGE_MAX)(value))
    if not image or picture_id.valid(image):
        return image
    try:
        parts = urlsplit(image)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme in ("http", "https") and parts.hostname and not parts.username:
        return image
    raise _Fault("format", "An https address or the id of an uploaded picture.")


def _or_none(rule: Rule, none: object) -> Rule:
    """The rule for a field that may be null: as if it were missing."""
    return lambda value: none if value is None else rule(value)


_CARD_RULES: dict[str, Rule] = {
    "title": _or_none(_text(TITLE_MAX), ""),
    "description": _or_none(_text(DESCRIPTION_MAX), ""),
    "image": _or_none(_image, ""),
}


def _card(value: object) -> Card:
    return Card(**_words(value))


def _words(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _Fault("type", "It is not an object.")
    fields: dict[str, str] = {}
    for name, part in cast(dict[str, object], value).items():
        try:
            fields[name] = cast(str, _CARD_RULES.get(name, _unknown)(part))
        except _Fault as fault:
            raise _Fault(fault.code, fault.detail, name) from None
    return fields


_RULES: dict[str, Rule] = {
    "url": _link,
    "ad": _text(ID_MAX, empty=False),
    "channel": _or_none(_text(CHANNEL_MAX), ""),
    "mode": _choice(MODES, empty=True),
    "rights": _choice(RIGHTS, empty=True),
    "card": _or_none(_card, Card()),
}
