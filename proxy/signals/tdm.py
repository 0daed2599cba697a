"""/.well-known/tdmrep.json: which of its rules applies to a page (pure, W3C TDMRep)."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
from protego import Protego

FILE = "/.well-known/tdmrep.json"
MAX_RULES = 200


class TdmRule(msgspec.Struct, frozen=True, rename="kebab"):
    """One entry of tdmrep.json (W3C TDMRep)."""

    location: str
    tdm_reservation: int


def parse(body: bytes) -> tuple[TdmRule, ...]:
    """The rules of a file without broken ones; a broken file has none."""
    try:
        rules = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=list[Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()
    return tuple(rule for each in rules[:MAX_RULES] for rule in _rule(each))


def _rule(entry: object) -> Iterator[TdmRule]:
    with suppress(msgspec.ValidationError):
        # Not strict: "1" instead of 1 is a reservation, too.
        yield msgspec.convert(entry, TdmRule, strict=False)


def reserved(rules: tuple[TdmRule, ...], url: str) -> bool | None:
    """The word of the first rule that matches, None if none does (TDMRep: first in sequence)."""
    for rule in rules:
        if _fits(rule.location, url):
            return rule.tdm_reservation == 1
    return None


def _fits(location: str, url: str) -> bool:
    """Whether a rule's location matches; TDMRep has robots.txt's patterns, and so its parser."""
    if any(ord(char) < 0x20 for char in location):
        return False
    return not Protego.parse(f"user-agent: *\ndisallow: {location}").can_fetch(url, "*")
