"""The five kinds of ad, in the flow of an article and as the bar at its foot. Pure."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from ads.ad import phone
from ads.ad.shape import AdFields
from ads.markup import fill, join, tag
from ads.slot import parts
from ads.slot.place import Place


def banner(ad: AdFields, place: Place) -> Markup:
    """A picture, then (beside it where there is room) title, text and button."""
    words = join(parts.texts(ad.title, ad.body), parts.button(ad, place))
    column = tag("span", words, class_="x") if words else Markup()
    return tag("span", parts.banner_picture(ad, place), column, class_="f")


def text(ad: AdFields, place: Place) -> Markup:
    """Title, text, and a link."""
    words = join(parts.texts(ad.title, ad.body), parts.button(ad, place, "u"))
    return tag("span", words, class_="y")


def card(ad: AdFields, place: Place) -> Markup:
    """A person: face, name, role, code, the ways to reach them, and buttons for these."""
    names = tag("span", parts.texts(ad.card.person, ad.card.role), class_="x")
    top = tag("span", parts.face(ad, place), names, parts.code(ad, place), class_="w")
    ways = {"Phone": ad.card.phone, "WeChat": ad.card.wechat, "Email": ad.card.email}
    rows = [_row(place.text(word), value) for word, value in ways.items()]
    words = parts.texts(ad.title, ad.body)
    body = tag("span", words, class_="s") if words else words
    return join(top, *rows, body, _card_buttons(ad, place))


def _row(word: str, value: str) -> Markup:
    if not value:
        return Markup()
    return tag("span", tag("span", word, class_="m"), " ", tag("span", value), class_="r")


def _card_buttons(ad: AdFields, place: Place) -> Markup:
    call = place.call(ad)
    buttons = join(
        parts.anchor(call, "c", parts.PHONE, place.text("Call")) if call else "",
        parts.copy_wechat(ad, place),
        "" if place.href(ad) == call else parts.button(ad, place, "o" if call else "c"),
    )
    return tag("span", buttons, class_="g") if buttons else buttons


def qr(ad: AdFields, place: Place) -> Markup:
    """A code to press and hold, what it is for beside it."""
    picture = place.picture(ad.image)
    shown = (
        tag("img", class_="q j", src=picture, alt=place.text("QR code"))
        if picture
        else parts.code(ad, place, "q j")
    )
    words = tag("span", parts.texts(ad.title, ad.body), class_="x")
    hint = ad.button or place.text("Press and hold the code")
    return join(tag("span", shown, words, class_="w"), tag("span", hint, class_="h"))


def call(ad: AdFields, place: Place) -> Markup:
    """Title, text, and the number in the button."""
    words = parts.texts(ad.title, ad.body)
    return tag("span", words, _call_button(ad, place), class_="y")


def _call_button(ad: AdFields, place: Place) -> Markup:
    number = phone(place.target(ad), ad.card)
    word = f"{ad.button} {number}" if ad.button else None
    words = word or fill(place.text("Call {number}"), number=number)
    href = place.call(ad)
    # A number without a digit cannot be dialled, but it can be read.
    return parts.anchor(href, "c", parts.PHONE, words) if href else tag("span", words, class_="d")


FLOW: Mapping[str, Callable[[AdFields, Place], Markup]] = {
    "banner": banner,
    "text": text,
    "card": card,
    "qr": qr,
    "call": call,
}


def bar(ad: AdFields, place: Place) -> Markup:
    """Any kind as the sticky bar: a small picture, one line, one button."""
    title = ad.title or ad.card.person or ad.body
    words = tag("span", parts.head(ad, place), parts.line("b", "t", title), class_="x")
    return join(_thumbnail(ad, place), words, _bar_button(ad, place))


def _thumbnail(ad: AdFields, place: Place) -> Markup:
    if ad.kind == "card":
        return parts.face(ad, place)
    if place.picture(ad.image):
        return tag("img", class_="a", src=place.picture(ad.image), alt="", width=48, height=48)
    if ad.kind == "call":
        return tag("span", parts.PHONE, class_="a")
    return parts.code(ad, place) if ad.kind == "qr" else Markup()


def _bar_button(ad: AdFields, place: Place) -> Markup:
    number = place.call(ad)
    if ad.kind in ("card", "call") and number:
        return parts.anchor(number, "c", ad.button or place.text("Call"))
    return parts.button(ad, place) or parts.copy_wechat(ad, place, "c")
