"""The addresses of embedded videos, posts and charts on their own hosts."""

import re
from typing import Final
from urllib.parse import unquote

from proxy.compiler import tree
from proxy.compiler.tree import Element
from proxy.compiler.urls import Base

# A frame's address -> the address of the same video's own page.
_PAGES: Final = (
    (
        re.compile(r"youtube(?:-nocookie)?\.com/embed/(?:videoseries)?\?(?:.*&)?list=([\w-]+)"),
        "https://www.youtube.com/playlist?list={}",
    ),
    (
        re.compile(r"youtube(?:-nocookie)?\.com/embed/([\w-]{6,})"),
        "https://www.youtube.com/watch?v={}",
    ),
    (re.compile(r"player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}"),
    (re.compile(r"v\.qq\.com/.*?[?&]vid=(\w+)"), "https://v.qq.com/x/page/{}.html"),
    (re.compile(r"player\.bilibili\.com/.*?[?&]bvid=(\w+)"), "https://www.bilibili.com/video/{}"),
    (re.compile(r"dailymotion\.com/embed/video/(\w+)"), "https://www.dailymotion.com/video/{}"),
    (re.compile(r"player\.youku\.com/embed/([\w=]+)"), "https://v.youku.com/v_show/id_{}.html"),
    (re.compile(r"facebook\.com/plugins/(?:post|video)\.php\?(?:.*&)?href=([^&]+)"), "{}"),
    (re.compile(r"platform\.twitter\.com/embed/.*?[?&]id=(\d+)"), "https://x.com/i/status/{}"),
)
# Attributes of an empty element with the address of what a script would put there.
_NAMES: Final = """
    data-src data-href data-url data-resourceurl data-oembed-url data-embed-url
    data-instgrm-permalink
""".split()
_KNOWN: Final = re.compile(
    r"https?://(?:[\w-]+\.)?(?:youtube\.com/watch|youtu\.be/|vimeo\.com/\d|(?:twitter|x)\.com/\w+/status/"
    r"|facebook\.com/[^?]+/(?:posts|videos)/|instagram\.com/(?:p|reel)/|tiktok\.com/@[^?]+/video/"
    r"|flo\.uri\.sh/|infogram\.com/|datawrapper\.dwcdn\.net/|(?:spotify|soundcloud)\.com/)"
)
# Other elements have only an id on their host: selector, attribute, pattern of the id, address.
_CALLED: Final = (
    ("[data-src^='visualisation/'], [data-src^='story/']", "data-src",
     re.compile(r"(\w+/\d+)$"), "https://flo.uri.sh/{}/embed"),
    ("[id^=datawrapper-vis-]", "id",
     re.compile(r"datawrapper-vis-(\w+)$"), "https://datawrapper.dwcdn.net/{}/"),
    (".infogram-embed", "data-id", re.compile(r"([\w/-]+)$"), "https://e.infogram.com/{}"),
    ("[class*=wistia_async_]", "class",
     re.compile(r".*\bwistia_async_(\w+)"), "https://fast.wistia.net/embed/iframe/{}"),
    ("body script[src*='//gist.github.com/']", "src",
     re.compile(r".*//(gist\.github\.com/[\w/-]+)\.js"), "https://{}"),
    ("script[data-telegram-post]", "data-telegram-post",
     re.compile(r"(\w+/\d+)$"), "https://t.me/{}"),
)  # fmt: skip
_EMPTY: Final = "div, span, figure, section, blockquote, script"
_FILLED: Final = "img, picture, svg, a"
AWAITED: Final = ", ".join((*(f"[{name}]" for name in _NAMES), *(where for where, *_ in _CALLED)))
"""Selects the elements that a script may fill."""


def page(address: str, base: Base) -> str:
    """The address of a video's own page, if its frame's is known; else the same address."""
    for pattern, own in _PAGES:
        if found := pattern.search(address):
            return base.fetched(unquote(own.format(found[1])))
    return address


def awaited(element: Element, base: Base) -> str:
    """The address of what a script would show in an empty element, "" if none is known."""
    if not tree.matches(element, _EMPTY) or element.text.strip() or tree.first(element, _FILLED):
        return ""
    said = filter(None, (tree.get(element, name) for name in _NAMES))
    known = (a for value in said if _KNOWN.match(a := page(base.fetched(value), base)))
    return next(known, "") or _called(element)


def _called(element: Element) -> str:
    for where, name, pattern, address in _CALLED:
        if tree.matches(element, where) and (found := pattern.match(tree.get(element, name))):
            return address.format(found[1])
    return ""
