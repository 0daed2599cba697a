"""Whether an ad may be shown before the operator has looked at it. Pure."""

import msgspec

from ads.accounts import Account
from ads.ad import Ad, AdDraft, Review, draft_of, overridden

WHY_MAX = 300


def of(owner: Account | None, draft: AdDraft, before: Ad | None) -> Review:
    """The review of a draft of this owner's, `before` being the version until now.

    What a newcomer lets readers see waits for the operator, again after every change of it; names
    and states that only the owner sees do not.
    """
    if owner is None or not owner.newcomer:
        return Review()
    if before and _seen(draft) == _seen(draft_of(before)):
        return before.review
    return Review("waiting")


def versions(ad: Ad) -> list[tuple[str, Ad, list[str]]]:
    """All that readers may see of it: "" or a variant's id, the ad as that has it, its words."""
    every = [("", ad), *((variant.id, overridden(ad, variant)) for variant in ad.variants)]
    return [(name, each, _words(each)) for name, each in every]


def _words(ad: Ad) -> list[str]:
    said = (ad.advertiser, ad.title, ad.body, ad.button, *msgspec.structs.astuple(ad.card))
    return [word for word in said if word]


def _seen(draft: AdDraft) -> AdDraft:
    """The draft without what readers do not see."""
    return msgspec.structs.replace(draft, name="", state="active", fallback=None)
