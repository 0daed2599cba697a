"""The pieces that the kinds of ad are made of. Pure.

Class names are single letters that mean nothing: public blocking lists hide telling ones. Only
`span b a img button` stand inside a slot: publishers' selectors aim at `p div h2 ul`.
"""

import re

import segno
from markupsafe import Markup

from ads import picture_id, text
from ads.ad.shape import AdFields
from ads.markup import join, tag
from ads.slot.place import Place, ratio

PHONE = tag("span", class_="e")
# Pixels of one module: a code 112 CSS pixels wide stays sharp on a screen of three to one.
MODULE = 10
# What a camera offers to do nothing with: a network's key, a payment or an address is no ID.
_NAME = re.compile(r"[A-Za-z0-9_+ -]+")


def label(ad: AdFields, place: Place) -> str:
    """The word that says what this is; the owner may choose its language, not its absence."""
    return place.text("Ad") if ad.label == "auto" else ad.label


def head(ad: AdFields, place: Place) -> Markup:
    """The label and the advertiser, as text, in every slot of every kind."""
    marked = tag("b", label(ad, place), class_="l")
    return tag("span", marked, tag("span", ad.advertiser, class_="n"), class_="k")


def line(name: str, class_: str, text: str) -> Markup:
    """A line of text, nothing at all without it."""
    return tag(name, text, class_=class_) if text else Markup()


def texts(title: str, body: str) -> Markup:
    """Title and text."""
    return join(line("b", "t", title), line("span", "d", body))


def anchor(href: str, class_: str, *children: str, **attributes: str) -> Markup:
    """A link; one into the web opens beside the article and says that it is paid for."""
    if href.startswith("http"):
        attributes |= {"target": "_blank", "rel": "noopener sponsored"}
    return tag("a", *children, class_=class_, href=href, **attributes)


def button(ad: AdFields, place: Place, class_: str = "c") -> Markup:
    """The ad's one button, with the owner's word or ours; nothing if it leads nowhere."""
    href = place.href(ad)
    words = {"tel:": "Call", "mail": "Write an email"}
    word = ad.button or place.text(words.get(href[:4], "See more"))
    return anchor(href, class_, word) if href else Markup()


def copy_wechat(ad: AdFields, place: Place, class_: str = "o") -> Markup:
    """The button that copies the WeChat ID; the script reads it from `value`."""
    if not ad.card.wechat or not place.scripted:
        return Markup()
    copied = place.text("Copied")
    word = place.text("Copy WeChat ID")
    own = {"value": ad.card.wechat, "data_said": copied, "aria_live": "polite"}
    return tag("button", word, type="button", class_=class_, **own)


def banner_picture(ad: AdFields, place: Place) -> Markup:
    """The banner, its room known before it has come; a second way to the target for a pointer."""
    src = place.picture(ad.image)
    if not src:
        return Markup()
    picture = _img(src, "i", ad, place, style=f"aspect-ratio:{ratio(ad.image):.4g}!important")
    if not place.href(ad):
        return tag("span", picture, class_="p")
    worded = ad.title or button(ad, place)  # a link in words stands beside it
    hidden = {"tabindex": "-1", "aria-hidden": "true"} if worded else {}
    return anchor(place.href(ad), "p", picture, **hidden)


def _img(src: str, class_: str, ad: AdFields, place: Place, **attributes: str) -> Markup:
    width, height = picture_id.size(ad.image)
    lazy = "lazy" if place.slot in ("middle", "end") else None
    return tag(
        "img",
        class_=class_,
        src=src,
        alt="" if ad.title else ad.advertiser,
        width=width or None,
        height=height or None,
        loading=lazy,
        decoding="async",
        **attributes,
    )


def face(ad: AdFields, place: Place) -> Markup:
    """A portrait, or the initials of the person."""
    src = place.picture(ad.image)
    if src:
        return tag("img", class_="a", src=src, alt="", width=56, height=56)
    return tag("span", text.initials(ad.card.person), class_="a", aria_hidden="true")


def code(ad: AdFields, place: Place, class_: str = "q") -> Markup:
    """A QR code of where the ad leads, else of the person's number, else of their WeChat ID.

    It holds the target itself, not `/g`: WeChat follows its own addresses only when the code
    names them. It is a picture, because phones recognise codes by a long press on pictures only.
    """
    named = ad.card.wechat if _NAME.fullmatch(ad.card.wechat) else ""
    target = place.target(ad)
    # A number is coded as its link has it: none that hands on all calls.
    leads = "" if target.startswith("tel:") else target
    src = _png(leads or place.call(ad) or named)
    return tag("img", class_=class_, src=src, alt=place.text("QR code")) if src else Markup()


def _png(text: str) -> str:
    """The code as a data: URL; "" for no text, and for one longer than any code can hold."""
    if not text:
        return ""
    try:
        made = segno.make(text, error="m", micro=False, boost_error=False)
    except segno.DataOverflowError:
        return ""
    return str(made.png_data_uri(scale=MODULE, border=0))
