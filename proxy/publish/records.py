"""The records that publishing writes: a share, its booking, and both after a change."""

from collections.abc import Mapping
from typing import cast

import msgspec

from ads import booking
from ads.booking import Booking
from ads.errors import Problem
from ads.ids import new_id
from proxy import shares
from proxy.page import Card, Mode
from proxy.publish.forms import PublishRequest
from proxy.shares import Share
from proxy.stores import Stores

# Fields that a change copies from the request.
_PLAIN = ("ad", "channel", "rights", "state")


def new_share(owner: str, article_id: str, request: PublishRequest, mode: Mode, at: int) -> Share:
    """A share of an article as asked for, made at `at` (ms)."""
    return Share(
        id=new_id(),
        owner=owner,
        ad=request.ad,
        article_id=article_id,
        channel=request.channel,
        asked=mode,
        own_card=request.card,
        rights=request.rights,
        created_at=at,
        updated_at=at,
    )


def booked(share: Share, before: Booking | None, at: int) -> Booking:
    """The share's booking from `at` (ms) on; `before` is the one until then."""
    history = before.history if before else ()
    carried = before.carried if before else ()
    if before and before.ad != share.ad:
        carried = booking.entered(before.ads, at, share.ad)
    return Booking(
        share=share.id,
        owner=share.owner,
        ad=share.ad,
        channel=share.channel,
        article=share.article_id,
        title=share.card.title,
        created_at=share.created_at,
        history=booking.entered(history, at, share.state),
        carried=carried,
    )


async def follow(stores: Stores, share: Share, renew_at: int, heard_at: int) -> None:
    """Makes a share's page permanent, and it follows its source and its publisher's signals.

    The source is asked again at `renew_at`; the signals count as read at `heard_at` (ms). Call it
    after the share is written: the watch looks for shares again after it let go of a page.
    """
    article, mode = share.article_id, share.asked
    await stores.articles.keep(article, mode)
    await stores.renewals.enter(article, mode, renew_at)
    await stores.published.add(shares.origin(share), article, mode, heard_at)


async def rebook(stores: Stores, share: Share, at: int) -> None:
    """Change the booking of a share that was changed; that publishes the share as changed, too."""
    await stores.bookings.put(booked(share, await stores.bookings.get(share.id), at))


def patched(share: Share, patch: Mapping[str, object], at: int) -> Share:
    """The share with the fields of a `forms.parse_patch`, but for its mode.

    Raises Problem("forbidden") for reactivating a share that somebody else ended.
    """
    if share.ending and patch.get("state") == "active":
        raise Problem("forbidden", f"This share was ended: {share.ending.why}")
    plain = {name: patch[name] for name in _PLAIN if name in patch}
    words = cast(Mapping[str, str], patch.get("card", {}))
    card: Card = msgspec.structs.replace(share.own_card, **words)
    if share.ending and "state" in patch:  # if the ending is lifted, the share stays ended
        plain["ending"] = msgspec.structs.replace(share.ending, wanted="ended")
    # For an ended share, `updated_at` is when it ended.
    over = share.state == "ended" == plain.get("state", share.state)
    return msgspec.structs.replace(
        share, **plain, own_card=card, updated_at=share.updated_at if over else at
    )
