"""How a page's blocks look in a browser with scripts off: their order, width and style."""

import base64
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Route

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
# Each block with its own text, as the page shows it: what our parts hold is none of the article's.
_BLOCKS = """() => {
  const found = [], seen = new Map();
  const ours = e => e.closest('[data-slot], [data-passalong], note-line, note-pass, note-room');
  for (const e of document.querySelectorAll('p, h1, h2, h3, h4, li, td, blockquote, pre, dd, section, div')) {
    const text = [...e.childNodes].filter(n => n.nodeType === 3 || n.matches && !n.matches('p,div,section,ul,ol,table,h1,h2,h3,h4,blockquote,pre,script,style,noscript,iframe,form,video,audio,a,img'))
      .map(n => n.textContent).join('').replace(/\\s/g, '');
    if (text.length < 25 || ours(e)) continue;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!box.width || !box.height || style.visibility !== 'visible') continue;
    const key = text.slice(0, 60), nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    found.push({key: key + nth, width: Math.round(box.width), style: [style.fontSize, style.fontWeight,
      style.fontStyle, style.color, style.backgroundColor, style.textAlign, style.lineHeight, style.display,
      style.float].join(' ')});
  }
  return {found, mode: document.compatMode, wide: document.documentElement.scrollWidth};
}"""


@dataclass(frozen=True)
class Looks:
    """Blocks by their text, in order: width and style; `mode` is the browser's (quirks or not)."""

    blocks: dict[str, tuple[int, str]]
    mode: str
    wide: int


async def looks(
    context: BrowserContext, url: str, page: bytes, charset: str, sheets: dict[str, str]
) -> Looks:
    """Open `page` as what stands at `url`; pictures are one pixel, sheets those given by path."""
    tab = await context.new_page()

    async def answer(route: Route) -> None:
        kind, path = route.request.resource_type, urlsplit(route.request.url).path
        if route.request.url == url:
            await route.fulfill(body=page, content_type=f"text/html; charset={charset}")
        elif kind == "image":
            await route.fulfill(body=PICTURE, content_type="image/png")
        elif path in sheets:
            await route.fulfill(body=sheets[path], content_type="text/css")
        else:
            await route.abort()

    await tab.route("**/*", answer)
    await tab.goto(url)
    seen = await tab.evaluate(_BLOCKS)
    await tab.close()
    blocks = {each["key"]: (each["width"], each["style"]) for each in seen["found"]}
    return Looks(blocks, seen["mode"], seen["wide"])
