"""The rules for single fields of an ad: a value in, the cleaned value out, or a fault. Pure."""

import re
from collections.abc import Callable, Mapping

import ada_url

from ads import picture_id, text
from ads.ad import target as targets
from ads.errors import Faults

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


def line(value: object, field: str, faults: Faults, longest: int, *, lines: bool = False) -> str:
    """One line of text (several with `lines`), at most `longest` code points, "" allowed."""
    if not isinstance(value, str):
        faults.note(field, "type", "It is a text.")
        return ""
    if len(value) > longest:
        faults.note(field, "too_long", f"At most {longest} characters.")
        return ""
    cleaned = text.clean(value, lines=lines)
    if cleaned is None:
        faults.note(field, "text", "It holds a control or direction character.")
    return cleaned or ""


def visible(value: object, field: str, faults: Faults, longest: int) -> str:
    """A line of text that a reader can see."""
    before = len(faults)
    cleaned = line(value, field, faults, longest)
    if len(faults) == before and not text.visible(cleaned):
        faults.note(field, "required", "It is needed.")
    return cleaned


def choice(value: object, field: str, faults: Faults, allowed: tuple[str, ...]) -> str:
    """One of a few words."""
    if isinstance(value, str) and value in allowed:
        return value
    faults.note(field, "choice", f"One of {', '.join(allowed)}.")
    return allowed[0]


def image(value: object, field: str, faults: Faults) -> str:
    """A picture's id, an http(s) URL to copy it from, or ""."""
    cleaned = line(value, field, faults, IMAGE_MAX)
    if cleaned and not picture_id.valid(cleaned) and not _web(cleaned):
        faults.note(field, "image", "An https:// address of a picture, or an uploaded one's id.")
    return cleaned


def _web(value: str) -> bool:
    try:
        url = ada_url.URL(value)
    except ValueError:
        return False
    return url.protocol in ("http:", "https:") and not url.username and not url.password


def target(value: object, field: str, faults: Faults) -> str:
    """An address that the ad leads to, or ""."""
    cleaned = line(value, field, faults, targets.TARGET_MAX)
    problem = targets.fault(cleaned) if cleaned else ""
    if problem:
        faults.note(field, "target", problem)
    return cleaned


def placements(value: object, field: str, faults: Faults, allowed: tuple[str, ...]) -> list[str]:
    """One to four places, each once, in the order given."""
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        faults.note(field, "type", "A list of one place or more.")
        return []
    if len(set(value)) < len(value) or not set(value) <= set(allowed):
        faults.note(field, "choice", f"Each once, of {', '.join(allowed)}.")
    return list(value)


def whole(value: object, field: str, faults: Faults, low: int, high: int) -> int:
    """A whole number within bounds; true and false are none, 2.0 is one (JSON has one kind)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    faults.note(field, "range", f"A whole number, {low} to {high}.")
    return low


def identifier(value: object, field: str, faults: Faults) -> str:
    """A variant's id."""
    if isinstance(value, str) and re.fullmatch(VARIANT_ID, value):
        return value
    faults.note(field, "format", "1 to 16 of A-Z, a-z, 0-9, _ and -.")
    return ""


def texts(
    data: Mapping[str, object], rules: Mapping[str, int], at: str, faults: Faults
) -> dict[str, str]:
    """The lines of `rules` (name -> longest) that `data` has."""
    return {
        name: line(data[name], f"{at}{name}", faults, longest)
        for name, longest in rules.items()
        if name in data
    }


Rule = Callable[[object, str, Faults], object]
