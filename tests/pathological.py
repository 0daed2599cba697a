"""Pathological markup: twenty-four kinds, of any size."""

from collections.abc import Callable, Mapping

TEXT = "The harvest came early this year, and with it the question of who would carry the baskets. "
BODY = "".join(f"<p>{number} {TEXT}{TEXT}</p>" for number in range(12))
LIMIT = 5 * 1024 * 1024 - 10_000


def _page(inside: str, head: str = "") -> str:
    return (
        f"<!doctype html><html lang=en><head><title>Harvest</title>{head}</head><body><article>"
        f"<h1>Harvest</h1><div class=entry-content>{BODY}{inside}</div></article></body></html>"
    )


def _filled(piece: str, size: int) -> str:
    return piece * (size // len(piece))


def _named(size: int) -> str:
    """A page's facts, in long texts in which a pattern could match from every letter on."""
    spaces = _filled("\xa0", size)
    return (
        f"<meta name=citation_author content='Berg,{spaces},'>"
        f"<meta property=og:title content='A{_filled('&amp;nbsp;', size)}B'>"
        f"<meta property=og:site_name content='The{_filled(',', size)}x'>"
        f"<meta name=author content='{_filled('Anna Berg, ', size)}'>"
        f'<script type=application/ld+json>{{"@type":"{_filled("/", size)}"}}</script>'
    )


KINDS: Mapping[str, Callable[[int], str]] = {
    "depth": lambda size: _page(_filled("<div>", size)),
    "depth of formatting": lambda size: _page(
        _filled("<b><i>", min(size, 200_000)) + "x" + _filled("<p>", min(size, 200_000))
    ),
    "misnested formatting": lambda size: _page(_filled("<a><b></a><p>", min(size, 400_000))),
    "tables in tables": lambda size: _page(_filled("<table><tr><td>", min(size, 600_000))),
    "text in tables": lambda size: _page("<table>" + _filled("x<tr>", size)),
    "attributes": lambda size: _page(
        "<p " + " ".join(f"a{n}=1" for n in range(size // 16)) + ">x</p>"
    ),
    "a long attribute": lambda size: _page(f'<p title="{_filled("x", size)}">x</p>'),
    "a long style": lambda size: _page(f'<p style="{_filled("url(", size)}">x</p>'),
    "a long sheet": lambda size: _page("", f"<style>{_filled('@import/*', size)}</style>"),
    "layers in one rule": lambda size: _page(
        "", _filled(f"<style>p{{{_filled('position:fixed;', 100_000)}}}</style>", size)
    ),
    "a long name in a sheet": lambda size: _page(
        "", f"<style>p{{background:image-set(('a'){_filled('x', size)})}}</style>"
    ),
    "long names": lambda size: _page("", _named(size // 6)),
    "entities": lambda size: _page(_filled("&NotEqualTilde;", size)),
    "less-than signs": lambda size: _page(_filled("&lt;", size)),
    "comments": lambda size: _page(_filled("<!--x-->", size)),
    "empty elements": lambda size: _page(_filled("<i></i>", size)),
    "pictures": lambda size: _page(_filled("<img src=a srcset='a 1x, b 2x' data-src=c>", size)),
    "relative links": lambda size: _page(
        _filled("<a href=x>y</a>", size), f"<base href=https://a.example/{'b/' * 500}>"
    ),
    "one long word": lambda size: _page(_filled("x", size)),
    "unclosed elements": lambda size: _page(
        _filled("<select><option><table><form><svg><math>", min(size, 400_000))
    ),
    "tags without an end": lambda size: _page(_filled("<a ", size)),
    "scripts without a paragraph": lambda size: _filled("Tea.<script>drink()</script>", size),
    "scripts in sections in sections": lambda size: (
        "<section>" * 250 + _filled("<script>drink()</script>", min(size, 2_000_000))
    ),
    "control characters": lambda size: _page(_filled("\0\x01\x0b\ufffe", size)),
}
