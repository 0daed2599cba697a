"""`/me` on the pages origin: a browser's owner takes it out of the count.

Opening the page sets a flag in the origin's storage, its button clears it. The reader's script
reads the same key.
"""

from aiohttp import web

from ads.i18n import gettext
from ads.markup import join, tag
from proxy import cdn
from proxy.frame.script import hash_of
from proxy.web.notes import LOCALES, document

# The reader's script puts the same name together: `kept("self")`, ads/web/scripts/reader/memory.ts.
KEY = "passalong-self"

# A prerendered page changes nothing until somebody looks at it. Storage throws in the sandbox of a
# single host, and in browsers that block it: then the page says so.
SCRIPT = """(function () {
  "use strict";
  function show(state) { document.body.dataset.state = state; }
  function keep(out) {
    try {
      if (out) localStorage.setItem("%s", "1"); else localStorage.removeItem("%s");
      show(out ? "out" : "in");
    } catch (error) { show("none"); }
  }
  function start() {
    keep(true);
    document.querySelectorAll("button").forEach(function (button) {
      button.addEventListener("click", function () { keep(button.name === "out"); });
    });
  }
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();""" % (KEY, KEY)  # noqa: UP031 - braces of the script

STYLE = (
    "[data-when]{display:none}body[data-state=out] [data-when=out],body[data-state=in] "
    "[data-when=in],body[data-state=none] [data-when=none]{display:block}"
    "section+section{margin-top:0}div+div{margin-top:40px}"
)

TITLE = "Don't count this browser"
OUT = "This browser is not counted"
OUT_WHY = "What you open here is kept out of every report, until this browser forgets it."
COUNT = "Count it again"
IN = "This browser is counted"
IN_WHY = "Pages that you open are in the reports, like everybody's."
NONE = "This browser keeps nothing for us"
NONE_WHY = "So we cannot tell it from others. Private windows and blocked storage do that."
NOSCRIPT = "Scripts are off, so nothing of yours is counted anyway."


def script_hash() -> str:
    """The script's hash as a policy names it."""
    return hash_of(SCRIPT)


async def show(_request: web.Request) -> web.Response:
    """GET /me."""
    response = web.Response(body=_BODY, content_type="text/html", charset="utf-8")
    response[cdn.KIND] = "me"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _language(language: str) -> str:
    def say(message: str) -> str:
        return gettext(language, message)

    def state(when: str, title: str, text: str, button: str = "", name: str = "") -> str:
        press = tag("button", say(button), type="button", name=name) if button else ""
        heading = tag("h1" if language == "en" else "h2", say(title))
        return tag("section", heading, tag("p", say(text)), press, data_when=when)

    states = join(
        state("out", OUT, OUT_WHY, COUNT, "in"),
        state("in", IN, IN_WHY, TITLE, "out"),
        state("none", NONE, NONE_WHY),
        tag("noscript", tag("p", say(NOSCRIPT))),
    )
    return tag("div", states, lang=LOCALES[language])


_BODY = document(
    TITLE,
    f"<style>{STYLE}</style>" + "".join(_language(language) for language in LOCALES),
    f"<script>{SCRIPT}</script>",
).encode()
