"""The rules for single fields of an ad: a value in, the cleaned value out. Pure.

Each raises Problem("invalid") that names the field.
"""

import re
from collections.abc import Mapping
from functools import partial

import ada_url

from ads import picture_id, text
from ads.ad import target as targets
from ads.ad.shape import PLACEMENTS
from ads.errors import Rule, invalid

# Generous caps on code points; what is advised (40 for a title, 120 for a text, as people see
# them) is the counter of the console's script, `weight` in `scripts/console/forms.ts`.
NAME_MAX = 120
LINE_MAX: Mapping[str, int] = {"advertiser": 80, "title": 120, "button": 40}
BODY_MAX = 600
CARD_MAX: Mapping[str, int] = {"person": 80, "role": 120, "phone": 40, "email": 254, "wechat": 64}
IMAGE_MAX = 2048
ID_MAX = 64
VARIANTS_MAX = 10
WEIGHT_MAX = 1000
VARIANT_ID = r"^[A-Za-z0-9_-]{1,16}$"


def line(value: object, field: str, longest: int, *, lines: bool = False) -> str:
    """One line of text (several with `lines`), at most `longest` code points, "" allowed."""
    if not isinstance(value, str):
        raise invalid(field, "type", "It is a text.")
    if len(value) > longest:
        raise invalid(field, "too_long", f"At most {longest} characters.")
    cleaned = text.clean(value, lines=lines)
    if cleaned is None:
        raise invalid(field, "text", "It holds a control or direction character.")
    return cleaned


def lines(longest: Mapping[str, int]) -> dict[str, Rule]:
    """The rules of these lines, by name."""
    return {name: partial(line, longest=most) for name, most in longest.items()}


def visible(value: object, field: str, longest: int) -> str:
    """A line of text that a reader can see."""
    cleaned = line(value, field, longest)
    if not text.visible(cleaned):
        raise invalid(field, "required", "It is needed.")
    return cleaned


def image(value: object, field: str) -> str:
    """A picture's id, an http(s) URL to copy it from, or ""."""
    cleaned = line(value, field, IMAGE_MAX)
    if cleaned and not picture_id.valid(cleaned) and not _web(cleaned):
        raise invalid(field, "image", "An https:// address of a picture, or an uploaded one's id.")
    return cleaned


def _web(value: str) -> bool:
    try:
        url = ada_url.URL(value)
    except ValueError:
        return False
    return url.protocol in ("http:", "https:") and not url.username and not url.password


def target(value: object, field: str) -> str:
    """An address that the ad leads to, or ""."""
    cleaned = line(value, field, targets.TARGET_MAX)
    problem = targets.fault(cleaned) if cleaned else ""
    if problem:
        raise invalid(field, "target", problem)
    return cleaned


def placements(value: object, field: str) -> list[str]:
    """One to four places, each once, in the order given."""
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise invalid(field, "type", "A list of one place or more.")
    if len(set(value)) < len(value) or not set(value) <= set(PLACEMENTS):
        raise invalid(field, "choice", f"Each once, of {', '.join(PLACEMENTS)}.")
    return list(value)


def weight(value: object, field: str) -> int:
    """A whole number within bounds; true and false are none, 2.0 is one (JSON has one kind)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= WEIGHT_MAX:
        return value
    raise invalid(field, "range", f"A whole number, 1 to {WEIGHT_MAX}.")


def identifier(value: object, field: str) -> str:
    """A variant's id."""
    if isinstance(value, str) and re.fullmatch(VARIANT_ID, value):
        return value
    raise invalid(field, "format", "1 to 16 of A-Z, a-z, 0-9, _ and -.")
