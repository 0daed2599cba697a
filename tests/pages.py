"""An article and an ad written for the tests, and pages as they are stored."""

from typing import Any

from ads.ad import Ad
from proxy.page import Page, Stored
from proxy.render.prepared import Prepared, deflated, packed, read

PARAGRAPH = (
    "By the second week of November the tea on the north face of the hill has all but stopped "
    "growing. The leaves are small and thick, and they give up their scent only when the pan is "
    "hot enough to hurt a hand that rests on it for longer than a breath."
)

ARTICLE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>What the last oolong tastes like</title>
<meta property="og:site_name" content="The Slow Kettle">
<meta property="og:description" content="A hillside, a pan, and forty kilos of leaves.">
<meta name="author" content="Ana Whitlow"></head>
<body><article><h1>What the last oolong of the year tastes like</h1>
<p class="byline">Ana Whitlow</p>
{"".join(f"<p>{number}. {PARAGRAPH}</p>" for number in range(1, 11))}
</article><script>document.title = "taken over"</script></body></html>"""


def an_ad(kind: str = "text", **fields: Any) -> Ad:
    """An ad as it is stored."""
    texts = {
        "advertiser": "Half Hill Tea",
        "title": "Last pick",
        "body": "Autumn oolong.",
        "target": "https://tea.example/",
    }
    return Ad(id="a1", owner="o1", name="n", kind=kind, **(texts | fields))


def prepared(page: Page) -> Prepared:
    """A page as it is read from the store."""
    return read(packed(Stored(page, "", "", 0), deflated(page)))
