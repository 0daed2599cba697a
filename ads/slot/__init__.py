"""An ad as the HTML of one slot, escaped throughout, with its label and advertiser. Pure.

`place` knows where it stands, `parts` and `kinds` draw it, `style` keeps the page's rules out.
Look, section 4, is the source of every measure.
"""

from collections.abc import Sequence

from markupsafe import Markup

from ads import i18n
from ads.ad import overridden
from ads.ad.shape import AdFields
from ads.markup import join, tag
from ads.slot import kinds, parts
from ads.slot.place import Place
from ads.slot.style import DARK, STYLE

__all__ = ["DARK", "STYLE", "html"]


def html(
    ad: AdFields,
    slot: str,
    *,
    language: str,
    share: str,
    channel: str,
    pages_origin: str,
    live: bool = True,
) -> str:
    """One `note-card[data-slot]` with every variant of the ad, the first one shown.

    `language` is the article's BCP 47 tag. An http(s) target is linked as
    `<pages_origin>/g/<share>/<slot>`; without `live` (no server) as itself. The page needs STYLE,
    and DARK after it if the page follows a dark theme.
    """
    place = Place(slot, i18n.language(language), share, channel, pages_origin, live)
    named = i18n.gettext(place.language, "{label}, {advertiser}")
    element = tag(
        "note-card",
        *_variants(ad, place),
        _close(place) if slot == "sticky" and live else "",
        data_slot=slot,
        role="group",
        aria_label=named.format(label=parts.label(ad, place), advertiser=ad.advertiser),
        lang=place.language,
    )
    # Not Markup: what it is added to is HTML already and must not be escaped by it.
    return str(element)


def _variants(ad: AdFields, place: Place) -> Sequence[Markup]:
    shown = [(v.id, overridden(ad, v)) for v in ad.variants] or [("", ad)]
    return [
        tag("span", _content(each, place), class_="v", data_v=id_ or None, hidden=number > 0)
        for number, (id_, each) in enumerate(shown)
    ]


def _content(ad: AdFields, place: Place) -> Markup:
    if place.slot == "sticky":
        return kinds.bar(ad, place)
    return join(parts.head(ad, place), kinds.FLOW[ad.kind](ad, place))


def _close(place: Place) -> Markup:
    return tag("button", "×", type="button", class_="z", aria_label=place.text("Close the ad"))
