"""An ad's pictures when it is saved: external ones are copied, ids are checked."""

from collections.abc import Awaitable, Callable

import msgspec

from ads import picture_id
from ads.ad import Ad, AdDraft
from ads.errors import Faults, Problem
from ads.store.pictures import Pictures

CopyPicture = Callable[[str], Awaitable[str]]
"""Fetches a picture by its URL, re-encodes and keeps it; its id, or a Problem."""

# Not the picture's fault: the caller may try again.
_PASSING = ("store_unavailable", "rate_limited", "internal")


async def settle(
    pictures: Pictures, copy: CopyPicture, owner: str, draft: AdDraft, before: Ad | None
) -> AdDraft:
    """The draft, each `image` of it the id of a picture that the owner may use.

    Raises Problem("invalid") that names the field.
    """
    settled = _used(before)
    faults = Faults()
    for field, image in _named(draft):
        if image and image not in settled:
            try:
                settled[image] = await _settled(pictures, copy, owner, image)
            except Problem as problem:
                if problem.code in _PASSING:
                    raise
                faults.note(field, problem.code, problem.detail or problem.code)
    faults.refuse("A picture cannot be used.")
    return _replaced(draft, settled)


async def _settled(pictures: Pictures, copy: CopyPicture, owner: str, image: str) -> str:
    found = image if picture_id.valid(image) else _ours(image)
    if found and await pictures.owns(owner, found):
        return found
    if picture_id.valid(image):
        raise Problem("not_found", "You have no such picture.")
    await pictures.room(owner)
    copied = await copy(image)
    await pictures.own(owner, copied)
    return copied


def _ours(url: str) -> str:
    """The picture's id in an address that POST /pictures answered, "" for any other."""
    _, _, last = url.rpartition("/m/")
    return last if picture_id.valid(last) else ""


def _used(before: Ad | None) -> dict[str, str]:
    """Pictures that the ad shows already: they need no check."""
    if before is None:
        return {}
    images = [before.image, *(variant.image for variant in before.variants)]
    return {image: image for image in images if image}


def _named(draft: AdDraft) -> list[tuple[str, str | None]]:
    """Each `image` with the path of its field."""
    own = [("image", draft.image)]
    return own + [(f"variants.{at}.image", each.image) for at, each in enumerate(draft.variants)]


def _replaced(draft: AdDraft, settled: dict[str, str]) -> AdDraft:
    variants = tuple(
        msgspec.structs.replace(each, image=settled[each.image]) if each.image else each
        for each in draft.variants
    )
    image = settled[draft.image] if draft.image else ""
    return msgspec.structs.replace(draft, image=image, variants=variants)
