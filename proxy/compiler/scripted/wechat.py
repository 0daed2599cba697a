"""mp.weixin.qq.com: texts and pictures that only a script contains, dates, pages without articles.

Picture and text shares have their content in `window.cgiDataNew = {… key: JsDecode('…') …}`.
"""

import html
import re
from datetime import datetime, timedelta, timezone

from proxy.compiler import tree
from proxy.compiler.decode import letters
from proxy.compiler.tree import Document, Element
from proxy.compiler.urls import host

_DATA = "window.cgiDataNew"
_PICTURE = re.compile(
    r"\{\s*cdn_url:\s*JsDecode\('((?:[^'\\]|\\.)*)'\),\s*width:\s*'(\d*)'[^,]*,\s*height:\s*'(\d*)'"
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "r": "", "t": "\t"}
_TIMES = (b'var ct = "', b"window.ct = '", b"ori_create_time: '", b"create_timestamp: '")
# In UTC what came out before eight would bear the day before.
_CHINA = timezone(timedelta(hours=8))
_SECONDS = re.compile(rb"\d{10}")
_DATE = re.compile(rb"create_time: JsDecode\('(\d{4}-\d\d-\d\d)")
_PLATFORM = "script[src*='res.wx.qq.com/mmbiz']"
# The element for the text of a text share; older ones have their text only as the title.
_TEXT_SHARE = "#js_text_desc"
MAX_PICTURES = 200


def is_wechat(url: str, document: Document) -> bool:
    """Whether the page is WeChat's, by its address or the scripts that it loads."""
    return host(url) == "mp.weixin.qq.com" or tree.first(document, _PLATFORM) is not None


def data(document: Document) -> str:
    """The script with the article's data, "" if there is none."""
    for script in tree.select(document, "script"):
        text = script.text
        start = text.find(_DATA + " = {")
        if start >= 0:
            return text[start:]
    return ""


def field(script: str, name: str) -> str:
    """A field of the article's data, unescaped, "" if missing."""
    match = re.search(rf"\b{name}:\s*JsDecode\('((?:[^'\\]|\\.)*)'\)", script)
    return _unescape(match[1]) if match else ""


def published(page: bytes) -> str:
    """When the article came out, RFC 3339, from any of the page's scripts; "" if unknown.

    Bytes are searched because text with one emoji is four times as large, megabytes long.
    """
    for begins in _TIMES:
        at = page.find(begins)
        if at >= 0 and (seconds := _SECONDS.match(page, at + len(begins))):
            return datetime.fromtimestamp(int(seconds[0]), _CHINA).isoformat()
    date = _DATE.search(page)
    return date[1].decode() if date else ""


def build(document: Document) -> bool:
    """Build the article of a page whose content is only in a script, instead of its empty body.

    False if there is no article then: notices and accounts' profiles have none.
    """
    parts = tree.root_parts(document)
    if parts is not None and not _has_text(document) and (script := data(document)):
        _build(document, parts[2], script)
    return tree.first(document, "#js_content") is not None


def _build(document: Document, body: Element, script: str) -> None:
    text = field(script, "content_noencode")
    if not text and tree.first(document, _TEXT_SHARE) is not None:
        text = field(script, "title")
    blocks = _pictures(script) + _paragraphs(text)
    if blocks:
        article = tree.make("div", {"id": "js_content", "class": "rich_media_content"}, *blocks)
        _place(body, _heading(script, text), article)


def _has_text(document: Document) -> bool:
    content = tree.first(document, "#js_content")
    if content is None:
        return False
    words = sum(len(e.text.strip()) for e in tree.elements(content, "p", "section"))
    return words > 40 and tree.first(content, _TEXT_SHARE) is None


def _heading(script: str, text: str) -> list[Element]:
    title, account = field(script, "title"), field(script, "nick_name")
    made = []
    # A text share is its own title.
    if title[:20] not in text:
        made.append(tree.make("h1", {"class": "rich_media_title"}, title))
    if account:
        made.append(tree.make("p", {"class": "rich_media_meta byline"}, account))
    return made


def _pictures(script: str) -> list[Element]:
    found = []
    for address, width, height in _PICTURE.findall(script)[:MAX_PICTURES]:
        sizes = {"width": width, "height": height} if width != "0" and height != "0" else {}
        style = "max-width:100%;height:auto"
        picture = {"src": html.unescape(_unescape(address)), "alt": "", "style": style}
        found.append(tree.make("p", {}, tree.make("img", picture | sizes)))
    return found


def _paragraphs(text: str) -> list[Element]:
    lines = filter(None, map(str.strip, text.split("\n")))
    return [tree.make("p", None, *tree.fragment(line, "p")) for line in lines]


def _place(body: Element, heading: list[Element], article: Element) -> None:
    frame = (
        "max-width:677px;margin:0 auto;padding:20px 16px;box-sizing:border-box;line-height:1.75;"
        "overflow-wrap:anywhere"
    )
    scripts = tree.elements(body, "script")
    tree.remove(tree.children(body))
    box = {"class": "rich_media_area_primary", "style": frame}
    body.append(tree.make("div", box, *heading, article))
    # Data is still to be read from these; the cleaner removes them.
    body.extend(scripts)


def _unescape(text: str) -> str:
    return letters(_ESCAPE.sub(_character, text))


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _PLAIN.get(match[3], match[3])
