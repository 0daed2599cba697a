"""Small pages of the pages origin that say why there is no article, in both languages at once.

Caches may keep them, so they are the same for every reader, whatever language is asked for.
"""

from collections.abc import Mapping

from ads.i18n import gettext
from ads.markup import fill, join, tag

STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;min-height:100vh;display:grid;align-content:center;background:#f3f6f5;"
    "color:#11201f;font:16px/24px system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC',"
    "'Microsoft YaHei','Noto Sans CJK SC',sans-serif}"
    "main{box-sizing:border-box;width:100%;max-width:640px;margin:0 auto;padding:40px 24px}"
    "h1,h2{font-size:28px;line-height:34px;margin:16px 0 8px}section+section{margin-top:40px}"
    "p{margin:0 0 20px;color:#435553}svg{color:#0b5563}"
    "a,button{display:inline-block;box-sizing:border-box;min-height:48px;padding:12px 20px;"
    "border:0;border-radius:12px;background:#0b5563;color:#fff;font:inherit;font-weight:600;"
    "text-decoration:none;cursor:pointer}"
    "a:focus-visible,button:focus-visible{outline:3px solid #0b5563;outline-offset:2px}"
    "@media(prefers-color-scheme:dark){body{background:#0c1413;color:#e6eeec}p{color:#aab9b6}"
    "svg{color:#7ccbd0}a,button{background:#7ccbd0;color:#06262b}"
    "a:focus-visible,button:focus-visible{outline-color:#7ccbd0}}"
)
# The mark of the house: a stone that skips over water.
MARK = (
    '<svg width="128" height="40" viewBox="0 0 128 40" fill="none" stroke="currentColor"'
    ' stroke-width="2" aria-hidden="true"><path d="M10 34a32 27 0 0 1 64 0a22 19 0 0 1 44 0"/>'
    '<circle cx="10" cy="34" r="5" fill="currentColor" stroke="none"/><circle cx="74" cy="34" r="4"'
    ' fill="currentColor" stroke="none"/><circle cx="118" cy="34" r="4"/></svg>'
)
LOCALES = {"en": "en", "zh": "zh-Hans"}

READ_IT = "Read it at {site}"
ENDED: Mapping[str, str] = {
    "": "{name} stopped passing it along. The article itself is still where it was published.",
    "publisher": "{site} does not want this passed along here. The article itself is still there.",
    "vanished": "{site} has taken the article down, and the copy that was kept here is gone too.",
    "refused_by_publisher": "{site} asks that this article be read on its own pages only.",
}
"""Why a share ended: by its sharer, its publisher, or with its article (`Stored.closed`)."""


def ended(why: str, words: Mapping[str, str], source_url: str) -> bytes:
    """An ended share: why (in ENDED), and where the article is; `words` are `name` and `site`."""
    return page("This share has ended", ENDED[why], words, link=(READ_IT, source_url))


def page(
    title: str,
    text: str,
    words: Mapping[str, str] | None = None,
    link: tuple[str, str] | None = None,
) -> bytes:
    """A whole page: title, one sentence and perhaps a link, once in each language."""
    parts = [_section(language, title, text, words or {}, link) for language in LOCALES]
    return document(title, "".join(parts)).encode()


def document(title: str, main: str, script: str = "") -> str:
    """A page of the house's plain look around the HTML of its `main`."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"{tag('title', title)}<style>{STYLE}</style></head>"
        f"<body><main>{MARK}{main}</main>{script}</body></html>"
    )


def _section(
    language: str,
    title: str,
    text: str,
    words: Mapping[str, str],
    link: tuple[str, str] | None,
) -> str:
    parts = [
        tag("h1" if language == "en" else "h2", gettext(language, title)),
        tag("p", fill(gettext(language, text), **words)),
    ]
    if link:
        label, url = link
        parts.append(tag("a", fill(gettext(language, label), **words), href=url, rel="noreferrer"))
    return tag("section", join(*parts), lang=LOCALES[language])


# The page does not say what was wrong with the share.
TAKEN_DOWN = page(
    "This share has ended",
    "Whoever runs this service took it down.",
)
TAKEN_BY_LAW = page(
    "This share has ended",
    "Whoever runs this service took it down because the law required it.",
)
UNKNOWN = page(
    "There is nothing at this address",
    "The link may have been cut off on its way. Ask whoever sent it to you.",
)
PREVIEW_OVER = page(
    "This preview is over", "A preview stands for ten minutes. Open it again from the console."
)
AD_OVER = page(
    "This ad no longer runs", "Whoever it is from has stopped it, or the page around it has ended."
)
BUSY = page("One moment", "We cannot show this page right now. Try again in a few seconds.")
