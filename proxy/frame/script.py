"""The reader's script, and the facts that it starts from, as elements of the page. Pure.

`ops/build` makes the bundles from ads/web/scripts/reader*.ts; each is read once. With an account at
WeChat, the script also gives the page's card to WeChat's app.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec
from markupsafe import Markup

from ads import web
from ads.ad import Ad
from ads.ad.variant import weights
from ads.markup import tag
from proxy.page import Mode

_BUNDLES = Path(web.__file__).parent / "static" / "dist"


class Missing(Exception):
    """The bundle is not built, or cannot be put into an element."""


def facts(
    *, share: str, mode: Mode, ticket: str, pages_origin: str, ad: Ad | None, slots: Sequence[str]
) -> str:
    """The inert block of contract section 5; `slots` are those in the page, in order.

    Nothing in it can end the element: `<` is escaped as JSON allows.
    """
    split = weights(ad) if ad else []
    block = {
        "v": 1,
        "share": share,
        "mode": mode,
        "ticket": ticket,
        "send": f"{pages_origin}/e",
        "slots": [
            {"slot": slot, "variants": [v for v, _ in split], "weights": [w for _, w in split]}
            for slot in slots
        ],
    }
    text = msgspec.json.encode(block).decode().replace("<", "\\u003c")
    inert = Markup(text)  # noqa: S704 - `<` cannot stand in it
    return str(tag("script", inert, type="application/json", id="passalong"))


@cache
def source(*, wechat: bool = False) -> str:
    """The built script. Raises Missing, which says what to do."""
    bundle = _BUNDLES / ("reader-wechat.js" if wechat else "reader.js")
    try:
        text = bundle.read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise Missing(f"{bundle} is not built: run ops/build") from error
    if "</script" in text.lower() or "<!--" in text:
        raise Missing(f"{bundle} would end its own element")
    return text


def script(*, wechat: bool = False) -> str:
    """The script element, for the end of the body."""
    return f"<script>{source(wechat=wechat)}</script>"


@cache
def script_hash(*, wechat: bool = False) -> str:
    """The script's hash for the policy: `sha256-…` of the exact bytes in the element."""
    return hash_of(source(wechat=wechat))


def hash_of(text: str) -> str:
    """A script's hash as a policy names it (CSP 3, section 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
