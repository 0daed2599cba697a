"""Where a slot stands, and what that decides: its words, its links, its pictures. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from ads import i18n, picture_id
from ads.ad import expand_target, phone
from ads.ad.shape import AdFields

# The widest crop of a tall picture; look, section 4: "1.91:1 up to 4:3".
TALLEST = 4 / 3
USUAL = 1.91
_NUMBER = re.compile(r"[+*#( ]{0,9}[0-9][\W0-9]*")
DIGITS_MAX = 15  # of a number of any country (ITU-T E.164)
# What makes a phone hand on all its calls, after one tap (3GPP TS 22.030, annex B): no call.
_FORWARDS = re.compile(r"\*{1,2}(?:21|6[127]|00[24])\*")


@dataclass(frozen=True)
class Place:
    """One slot of one share's page. `live` links are counted on their way by our `/g`."""

    slot: str
    language: str
    share: str
    channel: str
    pages_origin: str
    live: bool

    @property
    def scripted(self) -> bool:
        """Whether the page has, or stands for one that has, a script: not without a server."""
        return bool(self.pages_origin)

    def text(self, message: str) -> str:
        """Our own word in the article's language."""
        return i18n.gettext(self.language, message)

    def target(self, ad: AdFields) -> str:
        """The address that the ad leads to, placeholders filled; "" without a usable one.

        A page is the same for every reader, so a depth in it is the sharer's own, 0.
        """
        url = expand_target(ad.target, self.share, self.channel)
        return url if re.match(r"(https?|tel|mailto):", url) else ""

    def href(self, ad: AdFields) -> str:
        """What a link to the target says: `/g` for http(s) on a live page."""
        url = self.target(ad)
        if url.startswith("http") and self.live:
            return f"{self.pages_origin}/g/{self.share}/{self.slot}"
        return _tel(*url[4:].partition(";")) if url.startswith("tel:") else url

    def call(self, ad: AdFields) -> str:
        """The tel: link of the ad's number, "" without one."""
        return self.href(ad) if self.target(ad).startswith("tel:") else _tel(phone("", ad.card))

    def picture(self, image: str) -> str:
        """The address of an ad's picture: ours by its id (none without a server), else as given."""
        if picture_id.valid(image):
            return f"{self.pages_origin}/m/{image}" if self.pages_origin else ""
        return image if re.match(r"https?://|data:image/", image) else ""


def _tel(written: str, *parameters: str) -> str:
    """The link of a number; its # would begin a fragment, which nobody dials (RFC 3966)."""
    digits = _dialled(unquote(written))
    if not digits or _FORWARDS.match(digits):
        return ""
    return "".join(("tel:", digits.replace("#", "%23"), *parameters))


def _dialled(written: str) -> str:
    """What to dial of a number as people write it, "" for none.

    Without the (0) that is dialled at home alone, nor what stands behind it in words: an
    extension, hours, a second number (ITU-T E.123).
    """
    # Full-width ones of a Chinese keyboard, and those of other scripts.
    plain = re.sub(r"\d", lambda digit: str(int(digit[0])), unicodedata.normalize("NFKC", written))
    found = _NUMBER.search(plain)
    number = found[0] if found else ""
    if len(re.findall("[0-9]", number)) > DIGITS_MAX:
        number = re.split(r"[/,;]", number)[0]
    if "+" in number:
        number = number.replace("(0)", "")
    return re.sub(r"[^0-9+*#,]", "", number).rstrip(",")


def ratio(image: str) -> float:
    """Width over height of a banner's frame; nothing taller than 4:3."""
    width, height = picture_id.size(image)
    return max(width / height, TALLEST) if width and height else USUAL
