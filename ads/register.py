"""The lines of the ad register: each version, its owner and time, and each share of it. Pure.

The law may ask for them years later (China's Internet advertising measures, article 14: three years
from the day an ad was last shown; the Digital Services Act, article 39).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from ads.accounts.identity import Identity
from ads.ad import Ad, draft_of
from ads.booking import Booking
from ads.clock import timestamp

Line = Mapping[str, Any]
# A business card is about a person, a link card's title is the sharer's, the ad's name was never
# shown. The advertiser's identity stays: it was given for the record.
_PERSONAL = frozenset({"account", "article", "card", "image", "name"})


def of_versions(versions: Sequence[Ad], since: Identity | None = None) -> Iterator[Line]:
    """The lines of an ad's versions, oldest first; the newest holds `until` null.

    `since` is the advertiser's identity by now, for versions that were made before one was given.
    """
    for ad, following in zip(versions, [*versions[1:], None], strict=True):
        known = ad.identity if ad.identity != Identity() else since or Identity()
        yield {
            "record": "version",
            "ad": ad.id,
            "version": ad.version,
            "from": timestamp(ad.updated_at),
            "until": timestamp(following.updated_at) if following else None,
            "account": ad.owner,
            "standing": ad.standing,
            "identity": msgspec.structs.asdict(known),
            **msgspec.to_builtins(draft_of(ad)),
        }


def of_share(booked: Booking, ad: str) -> Iterator[Line]:
    """A line for each period in which a share carried this ad."""
    ended = booked.history[-1][0] if booked.state != "active" else None
    following = [*(at for at, _ in booked.ads[1:]), ended]
    for (at, carried), until in zip(booked.ads, following, strict=True):
        if carried == ad:
            yield {
                "record": "share",
                "ad": ad,
                "share": booked.share,
                "article": booked.title,
                "from": timestamp(at),
                "until": timestamp(until) if until else None,
            }


def impersonal(line: Line) -> Line:
    """The line that stays on record once the ad or share is forgotten, without personal data."""
    kept = {name: value for name, value in line.items() if name not in _PERSONAL}
    if line["record"] == "share":
        return {**kept, "forgotten": True}
    variants = [{k: v for k, v in each.items() if k not in _PERSONAL} for each in line["variants"]]
    web = line["target"].lower().startswith(("http://", "https://"))
    target = line["target"] if web else line["target"].partition(":")[0]
    return {**kept, "variants": variants, "target": target, "forgotten": True}


def last_day(ad: Ad) -> int | None:
    """When the ad was last shown (ms); None while it runs."""
    return None if ad.runs or not ad.history else ad.history[-1][0]


def written(lines: Iterable[Line]) -> bytes:
    """JSON lines (RFC 8259 texts, each with a line feed)."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
