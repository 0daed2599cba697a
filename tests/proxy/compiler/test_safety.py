"""Nothing of a publisher's page runs, requests, frames or prefetches (corpus suites/rewrite)."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ads.errors import Problem
from proxy.compiler import compile_page, tree
from proxy.page import Page
from proxy.rights import Signals
from proxy.source import Source

from .conftest import AT, URL, article, faults, filled, written

Brand = Callable[..., Page]

VECTORS = (
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<svg><style><img title='</style><img src=x onerror=alert(1)>'></style></svg>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<a href='java\nscript:alert(1)'>x</a><a href='&#1;javascript:alert(1)'>y</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x><embed src=x></object>",
    "<div><template shadowrootmode=open><script>alert(1)</script></template></div>",
    "<svg><animate attributeName=href values=javascript:alert(1) /><a id=x><text>y</text></a>",
    "<svg><use href='data:image/svg+xml,<svg id=x><script>alert(1)</script></svg>#x' /></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></iframe></foreignObject>",
    "<div style='background:url(javascript:alert(1));width:expression(alert(1))'>x</div>",
    "<p id=passalong data-slot=top data-passalong=share>x</p>",
    "<link rel=prefetch href=//evil.example/x><link rel=dns-prefetch href=//evil.example>",
    "<link rel=preload as=image href=x><link rel=canonical href=x><link rel=manifest href=x>",
    "<link rel='icon preconnect' href=//evil.example><link rel='shortcut icon canonical' href=x>",
    "<a target=_blank rel='author opener' href=//evil.example>x</a>",
    "<svg><a interestfor=p href=x><text>y</text></a></svg><p id=p popover>z",
    "<svg><a autofocus href=x><text>y</text></a></svg><math><mi autofocus tabindex=0>x</mi></math>",
    "<svg><a referrerpolicy=unsafe-url ping=//e.example/ download=x href=x><text>y</text></a>",
    "<a referrerpolicy=unsafe-url href=x>x</a><img referrerpolicy=unsafe-url src=x alt=y>",
    "<meta http-equiv=refresh content='0;url=//evil.example'><base href=//evil.example/>",
    "<input type=password><select><option>x</select><textarea><script>alert(1)</script></textarea>",
    "<xmp><script>alert(1)</script></xmp><plaintext><script>alert(1)</script>",
    "<a href=x ping=//evil.example>x</a><button formaction=javascript:alert(1)>x</button>",
    "<a xlink:href=javascript:alert(1)>x</a><img src=x name=querySelector>",
    "<style>@import 'javascript:alert(1)';p{background:url('java\\script:1')}</style>",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
    "<math href=javascript:alert(1)>x</math><table background=javascript:alert(1)><td>x</table>",
    "<note-card data-slot=top>x</note-card><marquee onstart=alert(1)>x</marquee>",
)


@pytest.mark.parametrize("vector", VECTORS)
def test_a_vector_in_an_article_leaves_nothing_that_runs(brand: Brand, vector: str) -> None:
    for mode in ("full", "reader"):
        assert faults(written(brand(article(vector), mode))) == []


def test_the_judge_itself_sees_each_vector() -> None:
    seen = [bool(faults(article(vector))) for vector in VECTORS]
    assert seen.count(False) <= 2  # mutations appear only in a second parse


def test_every_public_attack_vector_is_harmless_in_an_article(corpus: Path) -> None:
    """Vectors by the hundred in one article: what one hides, the next would show."""
    vectors = list(_vectors(corpus / "suites" / "rewrite"))
    assert len(vectors) > 1_500
    for start in range(0, len(vectors), 8):
        several = vectors[start : start + 8]
        inside = "".join(f"<div>{vector}</div>" for vector in several)
        found = _faults_of(article(inside))
        if found:  # pragma: no cover  # on failure, names the vector
            assert [v for v in several if _faults_of(article(v))] == [], found[:5]


def _faults_of(markup: str) -> list[str]:
    try:
        page = compile_page(Source(URL, markup.encode(), fetched_at=AT), "full", Signals())
    except Problem:
        return []
    return faults(written(page))


def _vectors(folder: Path) -> Iterator[str]:
    for case in json.loads((folder / "dompurify" / "expect.json").read_text()):
        yield str(case["payload"])
    for path in sorted((folder / "portswigger-xss").glob("*.json")):
        yield from re.findall(r'"code": "((?:[^"\\]|\\.)*)"', path.read_text())
    for path in sorted((folder / "payloadsallthethings-xss").glob("*.txt")):
        yield from path.read_text("utf-8", "replace").splitlines()
    for path in sorted((folder / "feedparser-sanitize").glob("*.xml")):
        yield path.read_text("utf-8", "replace")


def test_vectors_alone_keep_their_page_a_fixpoint(corpus: Path) -> None:
    for vector in list(_vectors(corpus / "suites" / "rewrite"))[::9]:
        page = compile_page(Source(URL, article(vector).encode(), fetched_at=AT), "full", Signals())
        once = written(page)
        assert tree.serialise(tree.parse(once)) == once, vector


TAGS = re.findall(
    r"\S+",
    """
    <p> </p> <a/href=x> </a> <table> <tr> <td> </table> <form> </form> <svg> </svg> <math> </math>
    <style> </style> <select> <b> </b> <div> </div> <mtext> <title> </title> <pre> <!-- -->
    <![CDATA[ ]]> <noscript> </noscript> <template> </template> <ul> <li> <button> <object>
    </object> <img/src=x/onerror=alert(1)> x &lt; \0 <font> <nobr> <h1> <foreignObject> <desc>
    <caption> <col> <frameset> <body/onload=1> <html/onload=1> <plaintext> <xmp> <annotation-xml>
    """,
)
PIECES = st.lists(st.sampled_from(TAGS), max_size=40)


@given(PIECES)
@settings(max_examples=150, deadline=None)
def test_any_soup_of_tags_becomes_a_clean_page_that_reads_back_as_written(
    pieces: list[str],
) -> None:
    page = compile_page(
        Source(URL, article("".join(pieces)).encode(), fetched_at=AT), "full", Signals()
    )
    assert faults(written(page)) == []
    for made in (written(page), filled(page)):
        assert tree.serialise(tree.parse(made)) == made
