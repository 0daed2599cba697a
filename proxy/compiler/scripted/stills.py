"""Replaces videos, audio, embedded pages and WeChat's cards by stills that link to their source.

Frames and players may not stay, and half of them wait for a script. A still has the picture, if one
is known, the name of what it links to, and the size of what it replaces.
"""

import re
from typing import Final
from urllib.parse import unquote

from proxy.compiler import tree
from proxy.compiler.blocks.furniture import keeps_room
from proxy.compiler.scripted import embeds
from proxy.compiler.tree import Document, Element
from proxy.compiler.urls import Base, host

_YOUTUBE: Final = re.compile(r"youtube\.com/watch\?v=([\w-]{6,})$")
_POSTER: Final = "https://i.ytimg.com/vi/{}/hqdefault.jpg"
# Addresses of other frames that show a part of the article.
_SHOWS: Final = re.compile(
    r"player|embed|video|track|podcast|episode|chart|graphic|datawrapper|flourish|infogram|maps?[./]"
    r"|interacti|gist\.github|slideshare|docstoc|document"
)
_ADS: Final = re.compile(
    r"\bads?\b|adserv|doubleclick|syndication|safeframe|darla|pixel|analytics|beacon|tagmanager"
    r"|comment|login|account|signin|consent|like\.php|likebox|page\.php|share|widgets?[./]|tracking"
    r"|affiliate|ad_ids|tclick|yieldmanager|taobao|tanx|recaptcha|jobtick"
    r"|plugins/(?:like|page|follow)|/remote|xd_arbiter|banner|popup|cookie|pubmatic|advert|sync|subscri|newsletter"
    r"|imasdk|2mdn|smartads|sibforms|/imp/"
)
_CARDS: Final = tree.names(
    """
    mpvoice qqmusic mp-common-mpaudio mp-common-qqmusic mp-common-videosnap mp-common-product
    mp-common-profile mp-common-miniprogram mp-common-live mp-miniprogram mp-weapp mpvideosnap
    """
)
# Cards whose picture is a face or a record's sleeve, so it is shown small.
_FLAT: Final = _CARDS - tree.names("mp-common-videosnap mpvideosnap mp-miniprogram mp-weapp") | {
    "audio"
}
_PLAYERS: Final = ("video", "audio", "amp-video", "amp-audio")
_FRAMES: Final = ("iframe", "embed", "object", "amp-youtube", "amp-iframe", "lite-youtube")
_NAMED: Final = (
    "name", "data-name", "music_name", "data-miniprogram-title", "data-title", "data-nickname",
    "data-desc", "title", "aria-label",
)  # fmt: skip
_PICTURED: Final = (
    "poster", "data-cover", "data-poster", "data-thumb", "data-miniprogram-imageurl",
    "data-headimgurl", "data-headimg", "data-url", "albumurl", "data-pluginimg", "data-src-poster",
)  # fmt: skip
# Holders that make the height for a frame.
_HOLDER: Final = re.compile(
    r"embed-responsive|(?:video|iframe|embed|player|media)[-_]?(?:container|wrap|holder|box|responsive)"
    r"|fluid-width|wp-block-embed__wrapper|responsive-(?:embed|video)|fitvid",
    re.IGNORECASE,
)
_SIZE: Final = re.compile(r"(?<![-\w])(width|height)\s*:\s*(\d+)(?:\.\d+)?px")
# The styles of a still: a picture with its name on it, or a line of text.
_FILM: Final = (
    "display:grid;grid-template:100%/100%;place-items:center;box-sizing:border-box;max-width:100%;"
    "margin:0 auto;overflow:hidden;border-radius:4px;background:#22302e;color:#fff;"
    "text-decoration:none;"
)
_FILM_PICTURE: Final = (
    "grid-area:1/1;width:100%;height:100%;max-width:none;margin:0;object-fit:cover"
)
_LINE: Final = (
    "display:flex;align-items:center;gap:12px;box-sizing:border-box;max-width:100%;min-height:56px;"
    "margin:8px auto;padding:8px 16px;border:1px solid #8886;border-radius:8px;color:inherit;"
    "text-decoration:none"
)
_LINE_PICTURE: Final = (
    "flex:none;width:40px;height:40px;margin:0;border-radius:4px;object-fit:cover"
)
_LINE_NAME: Final = (
    "font:600 15px/20px system-ui,sans-serif;letter-spacing:0;text-indent:0;overflow-wrap:anywhere"
)
_FILM_NAME: Final = (
    "grid-area:1/1;max-width:90%;padding:8px 16px;border-radius:22px;background:#000a;color:#fff;"
    + _LINE_NAME
)
_HOLD: Final = frozenset({*_FRAMES, *_PLAYERS})
# Sizes of adverts (IAB, "Display & Mobile Advertising Creative Format Guidelines").
_ADVERTS: Final = frozenset(
    {
        *((300, 250), (336, 280), (728, 90), (970, 90), (970, 250), (300, 600), (160, 600)),
        *((120, 600), (468, 60), (234, 60), (320, 50), (320, 100), (300, 50), (250, 250)),
    }
)
# A frame beside at least so many paragraphs is a part of the text.
MIN_TEXT: Final = 2
MAX_STILLS: Final = 50
TINY: Final = 30
LONGEST: Final = 120


def put(document: Document, base: Base) -> None:
    """Put a still in the place of each video, audio, embedded page and card."""
    shown: list[str] = []
    for element in tree.elements(document, *_FRAMES, *_PLAYERS, *_CARDS):
        if len(shown) == MAX_STILLS:
            return
        if _inside(element) or _unseen(element):
            continue
        if address := _address(element, base):
            _put(element, address, base)
            shown.append(address)
        elif element.tag in _PLAYERS:
            element.extract()  # nothing to play: it would be a blank box
    for element in tree.select(document, embeds.AWAITED):
        address = embeds.awaited(element, base)
        if address and address not in shown and len(shown) < MAX_STILLS:
            _put(element, address, base)
            shown.append(address)


def _put(element: Element, address: str, base: Base) -> None:
    _open_holder(element)
    element.replace_with(_still(element, address, base))


def _inside(element: Element) -> bool:
    """Whether an element is a part of a player, perhaps of one that a still has replaced."""
    return element.parent is None or any(a.tag in _HOLD for a in tree.ancestors(element))


def _unseen(element: Element) -> bool:
    style = re.sub(r"\s", "", tree.get(element, "style").lower())
    size = _size(element)
    small = any(side is not None and side < TINY for side in size)
    return small or "display:none" in style or "hidden" in element.attrs


def _address(element: Element, base: Base) -> str:
    """The address of what the element shows; the article's if it has none; "": no still."""
    if element.tag in _CARDS:
        return base.page
    if element.tag in _PLAYERS:
        return _played(element, base)
    return _framed(element, base)


def _played(element: Element, base: Base) -> str:
    sources = [element, *tree.elements(element, "source")]
    found = (
        base.fetched(tree.get(each, "src")) for each in sources if tree.get(each, "src") != "#"
    )
    if address := next(filter(None, found), ""):
        return address
    # A script would set the address: there is a video if the player has controls or a picture.
    waits = element.tag.endswith("video") and (
        "controls" in element.attrs or _picture(element, base)
    )
    return base.page if waits else ""


def _framed(element: Element, base: Base) -> str:
    if video := tree.get(element, "data-videoid") or tree.get(element, "videoid"):
        return base.fetched(f"https://www.youtube.com/watch?v={video}")
    if "data-mpvid" in element.attrs:  # a video of WeChat's: its frame shows nothing elsewhere
        return base.page
    address = base.fetched(tree.get(element, "src") or tree.get(element, "data"))
    if (page := embeds.page(address, base)) != address:
        return page
    small = address.casefold()
    if not address or _ADS.search(small) or address.partition("?")[0].endswith(".swf"):
        return ""
    shows = "allowfullscreen" in element.attrs or _SHOWS.search(small) or _in_text(element)
    return address if shows else ""


def _in_text(element: Element) -> bool:
    """Whether a frame that is no advert by its size is among a text's paragraphs."""
    if _size(element) in _ADVERTS:
        return False
    around = element
    while (above := tree.parent(around)) is not None and len(tree.child_elements(above)) == 1:
        around = above
    siblings = tree.child_elements(above) if above is not None else []
    return sum(each.tag == "p" and len(each.text) > 2 * TINY for each in siblings) >= MIN_TEXT


def _still(element: Element, address: str, base: Base) -> Element:
    name, picture = _name(element, address, base), _picture(element, base)
    if picture == address:
        picture = ""
    if found := _YOUTUBE.search(address):
        picture = picture or _POSTER.format(found[1])
    film = bool(picture) and element.tag not in _FLAT
    box = _FILM + _shape(element) if film else _LINE
    linked = any(above.tag == "a" for above in tree.ancestors(element))  # no link holds another
    still = tree.make("span" if linked else "a", {"style": box})
    if not linked:
        still.attrs.update({"href": address, "rel": "noopener"})
    if picture:
        style = _FILM_PICTURE if film else _LINE_PICTURE
        still.append(tree.make("img", {"src": picture, "alt": "", "style": style}))
    still.append(tree.make("span", {"style": _FILM_NAME if film else _LINE_NAME}, f"▶ {name}"))
    return still


def _name(element: Element, address: str, base: Base) -> str:
    found = (tree.get(element, n) for n in _NAMED if element.tag in _CARDS or n != "name")
    text = next((t for value in found if (t := " ".join(value.replace("&nbsp;", " ").split()))), "")
    where = "" if address == base.page else host(address).removeprefix("www.")
    return text[:LONGEST] or where or host(base.page).removeprefix("www.")


def _picture(element: Element, base: Base) -> str:
    values = (unquote(tree.get(element, n)) for n in _PICTURED)
    # These attributes may also have the address of a video.
    return next((a for v in values if v and (a := base.fetched(v)) and not a.endswith(".mp4")), "")


def _shape(element: Element) -> str:
    """The style of the still's size: the element's own, or a video's usual shape."""
    width, height = _size(element)
    if width and height:
        return f"width:{width}px;aspect-ratio:{width}/{height}"
    return f"height:{height}px" if height else "aspect-ratio:16/9"


def _size(element: Element) -> tuple[int | None, int | None]:
    styled = dict(_SIZE.findall(tree.get(element, "style")))
    width, height = (styled.get(s) or tree.get(element, s) for s in ("width", "height"))
    return tree.number(width), tree.number(height)


def _open_holder(element: Element) -> None:
    """Make a holder as high as its content again."""
    above = tree.parent(element)
    if above is None or above.tag in ("body", "td", "article"):
        return
    if keeps_room(above):
        tree.drop(above, "style")
    if _HOLDER.search(tree.get(above, "class")):
        tree.drop(above, "class")
