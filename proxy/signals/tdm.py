"""/.well-known/tdmrep.json: the rule of it that speaks of a page (pure, W3C TDMRep)."""

import msgspec
from protego import Protego

FILE = "/.well-known/tdmrep.json"
MAX_RULES = 200


class TdmRule(msgspec.Struct, frozen=True, rename="kebab"):
    """One entry of tdmrep.json (W3C TDMRep)."""

    location: str
    tdm_reservation: int


def parse(body: bytes) -> tuple[TdmRule, ...]:
    """The rules of a file; one that is broken has none."""
    try:
        return tuple(msgspec.json.decode(body, type=list[TdmRule])[:MAX_RULES])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ()


def reserved(rules: tuple[TdmRule, ...], url: str) -> bool | None:
    """What the first rule that fits says, None if none does (TDMRep: the first in sequence)."""
    for rule in rules:
        if _fits(rule.location, url):
            return rule.tdm_reservation == 1
    return None


def _fits(location: str, url: str) -> bool:
    """TDMRep borrows robots.txt's patterns, so its parser matches them."""
    if any(ord(char) < 0x20 for char in location):
        return False
    return not Protego.parse(f"user-agent: *\ndisallow: {location}").can_fetch(url, "*")
