"""Bodies of requests about shares, judged field by field. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec

from ads import picture_id, text
from ads.errors import Faults, Problem, Rule, choice, fields_of, invalid
from proxy.page import MODES, Card, Mode
from proxy.shares import RIGHTS, STATES, Rights

URL_MAX = 8192
ID_MAX = 64
CHANNEL_MAX = 64
TITLE_MAX = 300
DESCRIPTION_MAX = 1000
IMAGE_MAX = 2048


class PublishRequest(msgspec.Struct, frozen=True):
    """What is to be published; `mode` None: the operator's default; `card` "": the article's."""

    url: str
    ad: str
    channel: str = ""
    mode: Mode | None = None
    rights: Rights | None = None
    card: Card = Card()


def parse(data: object) -> PublishRequest:
    """A body of POST /shares. Raises Problem("invalid") with every fault."""
    return PublishRequest(**_judged(data, _RULES, required=("url", "ad")))


def parse_preview(data: object) -> PublishRequest:
    """A body of POST /preview. Raises Problem("invalid") with every fault."""
    rules = {name: _RULES[name] for name in ("url", "ad", "mode")}
    return PublishRequest(**_judged(data, rules, required=("url", "ad")))


def parse_patch(data: object) -> dict[str, object]:
    """A body of PATCH /shares/{share}: the changed fields. Raises Problem("invalid").

    `card` becomes a dict of the card's changed fields.
    """
    rules = {name: _RULES[name] for name in ("ad", "channel", "mode", "rights")}
    card = _or_none(_words, dict.fromkeys(_CARD_RULES, ""))
    return _judged(data, rules | {"state": _choice(STATES), "card": card}, required=())


def _judged(data: object, rules: Mapping[str, Rule], required: Iterable[str]) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise Problem("invalid", "The body is not a JSON object.")
    faults = Faults()
    for name in required:
        if name not in data:
            faults.note(name, "required", "It is missing.")
    faults.unknown(data, tuple(rules))
    values = faults.judged(data, rules)
    faults.refuse()
    return values


def _text(longest: int, *, empty: bool = True) -> Rule:
    def rule(value: object, field: str) -> str:
        if not isinstance(value, str):
            raise invalid(field, "type", "It is not text.")
        if len(value) > longest:
            raise invalid(field, "length", f"At most {longest} characters.")
        cleaned = text.clean(value)
        if cleaned is None or not (empty or cleaned):
            raise invalid(field, "text", "One line of text.")
        return cleaned

    return rule


def _link(value: object, field: str) -> str:
    # Text that is no link at all is refused by `proxy.links`, as `bad_url`.
    if not isinstance(value, str):
        raise invalid(field, "type", "It is not text.")
    if len(value) > URL_MAX:
        raise invalid(field, "length", f"At most {URL_MAX} characters.")
    return value


def _choice(options: Sequence[str]) -> Rule:
    return lambda value, field: choice(value, options, field)


def _image(value: object, field: str) -> str:
    image = cast(str, _text(IMAGE_MAX)(value, field))
    if not image or picture_id.valid(image):
        return image
    try:
        parts = urlsplit(image)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme in ("http", "https") and parts.hostname and not parts.username:
        return image
    raise invalid(field, "format", "An https address or the id of an uploaded picture.")


def _or_none(rule: Rule, none: object) -> Rule:
    """The rule for a field that may be null, which gives `none`."""
    return lambda value, field: none if value is None else rule(value, field)


_CARD_RULES: dict[str, Rule] = {
    "title": _or_none(_text(TITLE_MAX), ""),
    "description": _or_none(_text(DESCRIPTION_MAX), ""),
    "image": _or_none(_image, ""),
}


_words = partial(fields_of, _CARD_RULES)
_RULES: dict[str, Rule] = {
    "url": _link,
    "ad": _text(ID_MAX, empty=False),
    "channel": _or_none(_text(CHANNEL_MAX), ""),
    "mode": _or_none(_choice(MODES), None),
    "rights": _or_none(_choice(RIGHTS), None),
    "card": _or_none(lambda value, field: Card(**_words(value, field)), Card()),
}
