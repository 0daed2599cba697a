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

# What a change takes over as it stands in the request.
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
    """What the ad's side knows of the share from `at` (ms) on."""
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


async def followed(stores: Stores, share: Share, renew_at: int, heard_at: int) -> None:
    """From now on its page stays and follows its source, and its publisher is heard.

    The source is asked again at `renew_at`, the publisher counts as heard at `heard_at` (ms). Call
    it after the share is written: the watch looks for shares once more after letting go of a page.
    """
    article, mode = share.article_id, share.asked
    await stores.articles.keep(article, mode)
    await stores.renewals.enter(article, mode, renew_at)
    await stores.published.add(shares.origin(share), article, mode, heard_at)


async def rebook(stores: Stores, share: Share, at: int) -> None:
    """A share was changed: its booking is, too, and all who show it are told."""
    before = await stores.bookings.get(share.id)
    await stores.bookings.put(booked(share, before, at))
    await stores.changes.publish(f"share:{share.id}")


def patched(share: Share, patch: Mapping[str, object], at: int) -> Share:
    """The share with the fields of a `forms.parse_patch`; its mode is not one of them.

    Raises Problem("forbidden") for bringing back what others ended.
    """
    if share.ending and patch.get("state") == "active":
        raise Problem("forbidden", f"This share was ended: {share.ending.why}")
    plain = {name: patch[name] for name in _PLAIN if name in patch}
    words = cast(Mapping[str, str], patch.get("card", {}))
    card: Card = msgspec.structs.replace(share.own_card, **words)
    if share.ending and "state" in patch:  # what becomes of it if that is taken back
        plain["ending"] = msgspec.structs.replace(share.ending, wanted="ended")
    # Of an ended one this is when it ended.
    over = share.state == "ended" == plain.get("state", share.state)
    return msgspec.structs.replace(
        share, **plain, own_card=card, updated_at=share.updated_at if over else at
    )
