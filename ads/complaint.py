"""A reader's or publisher's report of a page to whoever runs this Passalong. Pure."""

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from ads import text
from ads.accounts.access import Rate
from ads.clock import MINUTE
from ads.errors import choice

Reason = Literal["false", "label", "rights", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)
WORDS_MAX = 2000
LINE_MAX = 300
# For an address: enough for a person who reports several pages, too little for a script.
RATE = Rate(burst=10, every_ms=MINUTE)


class Complaint(msgspec.Struct, frozen=True):
    """A report; `page` is a share's id or an address as given; `at` in ms; "": not given."""

    id: str
    at: int
    page: str
    reason: Reason
    words: str = ""
    contact: str = ""


def parse(complaint_id: str, at: int, data: Mapping[str, str]) -> Complaint:
    """The complaint in a form's fields. Raises Problem("invalid") without a reason."""
    return Complaint(
        id=complaint_id,
        at=at,
        page=_text(data.get("share", ""), LINE_MAX),
        reason=choice(data.get("reason"), REASONS, "reason"),
        words=_text(data.get("words", ""), WORDS_MAX, lines=True),
        contact=_text(data.get("contact", ""), LINE_MAX),
    )


def _text(value: str, longest: int, *, lines: bool = False) -> str:
    """Cut and cleaned rather than refused: a complaint should not need a second try."""
    return text.mended(value[:longest], lines=lines)
