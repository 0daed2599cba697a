"""The ad (contract, section 4): its shape, the rules for its fields, where its target leads. Pure.

`shape` is what is stored; `parse` judges what a client sent; `target` and `fields` hold the rules.
A reader sees a `variant`, after its `review`.
"""

from ads.ad.parse import merge, parse
from ads.ad.shape import (
    Ad,
    AdDraft,
    Card,
    CardOverride,
    Review,
    Variant,
    draft_of,
    overridden,
    phone,
)
from ads.ad.target import expand_target

__all__ = [
    "Ad",
    "AdDraft",
    "Card",
    "CardOverride",
    "Review",
    "Variant",
    "draft_of",
    "expand_target",
    "merge",
    "overridden",
    "parse",
    "phone",
]
