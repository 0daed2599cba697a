"""Films and sounds in frames become links: no frame may stay, and readers still find them."""

import re
from typing import Final

from proxy.compiler import tree
from proxy.compiler.tree import Document, Element
from proxy.compiler.urls import Base, host

# The address in a frame -> the address of the same film's own page.
_PAGES: Final = (
    (
        re.compile(r"youtube(?:-nocookie)?\.com/embed/([\w-]+)"),
        "https://www.youtube.com/watch?v={}",
    ),
    (re.compile(r"player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}"),
    (re.compile(r"v\.qq\.com/.*?[?&]vid=(\w+)"), "https://v.qq.com/x/page/{}.html"),
    (re.compile(r"player\.bilibili\.com/.*?[?&]bvid=(\w+)"), "https://www.bilibili.com/video/{}"),
    (re.compile(r"dailymotion\.com/embed/video/(\w+)"), "https://www.dailymotion.com/video/{}"),
    (re.compile(r"player\.youku\.com/embed/([\w=]+)"), "https://v.youku.com/v_show/id_{}.html"),
)
# Their frames open as pages as they are.
_HOSTS: Final = re.compile(
    r"(?:^|\.)(?:soundcloud\.com|open\.spotify\.com|embed\.ted\.com|vk\.com|rutube\.ru"
    r"|facebook\.com|streamable\.com|mixcloud\.com)$"
)
MAX_FILMS: Final = 50


def link(document: Document, base: Base) -> None:
    """Put a link where a frame shows a film or plays a sound."""
    for frame in tree.elements(document, "iframe", "amp-youtube", "embed")[:MAX_FILMS]:
        if address := _page(frame, base):
            frame.replace_with(_link(address))


def _page(frame: Element, base: Base) -> str:
    if video := tree.get(frame, "data-videoid"):
        return base.fetched(f"https://www.youtube.com/watch?v={video}")
    address = base.fetched(tree.get(frame, "src") or tree.get(frame, "data-src"))
    for pattern, page in _PAGES:
        if found := pattern.search(address):
            return page.format(found[1])
    plays = _HOSTS.search(host(address)) and re.search(r"player|embed|video|track", address)
    return address if plays else ""


def _link(address: str) -> Element:
    name = host(address).removeprefix("www.")
    return tree.make("a", {"href": address, "rel": "noopener"}, f"▶ {name}")
