"""The ad (contract, section 4): its shape, the rules for its fields, where its target leads. Pure.

`shape` has the structs; `parse` judges what a client sent, by the rules in `fields` and `target`;
`variant` picks what a reader sees; `review` tells whether the operator must look at it first.
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
