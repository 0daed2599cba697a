"""Whether an ad may be shown before the operator has reviewed it. Pure."""

import msgspec

from ads.accounts import Account
from ads.ad import Ad, AdDraft, Review, draft_of, expand_target, overridden

WHY_MAX = 300


def of(owner: Account | None, draft: AdDraft, before: Ad | None) -> Review:
    """The review of an owner's draft; `before` is the ad's version until now.

    A newcomer's ad waits for the operator, and again after every change that readers can see.
    """
    if owner is None or not owner.newcomer:
        return Review()
    if before and _seen(draft) == _seen(draft_of(before)):
        return before.review
    return Review("waiting")


def versions(ad: Ad) -> list[tuple[str, Ad, list[str]]]:
    """All that readers may see: for the ad ("") and each variant: id, ad with it, its words."""
    every = [("", ad), *((variant.id, overridden(ad, variant)) for variant in ad.variants)]
    return [(name, each, _words(each)) for name, each in every]


def goes_to(ad: Ad) -> str:
    """Where a browser goes, "" for nowhere: letters of another script that look alike show."""
    return expand_target(ad.target, "SHARE", "CHANNEL")


def _words(ad: Ad) -> list[str]:
    words = (ad.advertiser, ad.title, ad.body, ad.button, *msgspec.structs.astuple(ad.card))
    return [word for word in words if word]


def _seen(draft: AdDraft) -> AdDraft:
    """The draft without the fields that readers do not see."""
    return msgspec.structs.replace(draft, name="", state="active", fallback=None)
