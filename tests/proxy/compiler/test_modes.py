"""Four modes, which publishers lower and nothing raises; pages without an article are refused."""

from collections.abc import Callable

import pytest

from ads.errors import Problem
from proxy.compiler import compile_page, tree, write
from proxy.page import MODES, Mode, Page
from proxy.rights import Signals
from proxy.source import Media, Source

from .conftest import AT, PARAGRAPHS, TEXT, URL, article, faults, written

Brand = Callable[..., Page]

RICH = article(
    "<figure><img src=/a.jpg width=600 class=x><figcaption>Baskets</figcaption></figure>"
    "<ul><li>One</li></ul><blockquote>Said</blockquote><table><tr><td>1</td></tr></table>"
    "<aside>Elsewhere</aside><style>p{color:red}</style><a href=/more onclick=x()>More</a>",
    head="<meta name=description content='A harvest.'><meta property=og:image content=/i.jpg>",
)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_is_a_page_that_reads_back_as_written(brand: Brand, mode: Mode) -> None:
    page = brand(RICH, mode)
    assert page.mode == mode
    assert page.mode_reason == ""
    assert faults(written(page)) == []
    assert tree.serialise(tree.parse(written(page))) == written(page)


@pytest.mark.parametrize(
    ("rounds", "mode", "reason"), [(write.ROUNDS, "full", ""), (1, "reader", "unstable_markup")]
)
def test_a_page_that_reads_back_otherwise_at_first_has_each_gap_once(
    brand: Brand, monkeypatch: pytest.MonkeyPatch, rounds: int, mode: Mode, reason: str
) -> None:
    monkeypatch.setattr(write, "ROUNDS", rounds)
    page = brand(article("<a><table><a></table><p><a><div><a>"))
    assert (page.mode, page.mode_reason) == (mode, reason)
    assert {"top", "middle", "end"} <= set(page.gaps)
    assert len(set(page.gaps)) == len(page.gaps)
    assert faults(written(page)) == []


def test_reader_keeps_text_pictures_and_structure_and_nothing_of_the_look(brand: Brand) -> None:
    page = written(brand(RICH, "reader"))
    assert page.count("<h1>") == 1
    for kept in (
        '<img src="https://news.example/a.jpg" width="600">',
        "<figcaption>Baskets</figcaption>",
        "<li>One</li>",
        "<blockquote>Said</blockquote>",
        "<td>1</td>",
        '<a href="https://news.example/more">More</a>',
    ):
        assert kept in page
    for gone in ("Elsewhere", "color:red", 'class="x"'):
        assert gone not in page


@pytest.mark.parametrize(
    ("language", "direction"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("fa", "rtl"), ("en", ""), ("", "")],
)
def test_reader_runs_from_right_to_left_where_the_language_does(
    brand: Brand, language: str, direction: str
) -> None:
    page = written(brand(article().replace("lang=en", f"lang='{language}'"), "reader"))
    root = tree.parse(page).root
    assert root is not None
    assert tree.get(root, "dir") == direction


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en-GB", "7 November 2025"),
        ("en", "November 7, 2025"),
        ("de", "7. November 2025"),
        ("pt-BR", "7 de novembro de 2025"),
        ("ar", "7 نوفمبر 2025"),
        ("tlh", "2025-11-07"),
        ("zh-CN", "2025年11月7日"),
    ],
)
@pytest.mark.parametrize("mode", ["reader", "card"])
def test_the_day_is_written_as_the_articles_language_writes_it(
    brand: Brand, language: str, shown: str, mode: Mode
) -> None:
    head = '<meta property="article:published_time" content="2025-11-07T23:30:00-05:00">'
    told = article(head=head).replace("lang=en", f"lang='{language}'")
    page = written(brand(told, mode))
    assert f'<time datetime="2025-11-07T23:30:00-05:00">{shown}</time>' in page
    assert tree.serialise(tree.parse(page)) == page


def test_reader_opens_with_the_cards_picture_where_the_text_has_none(brand: Brand) -> None:
    card = "<meta property=og:image content=/i.jpg>"
    assert 'src="https://news.example/i.jpg"' in written(brand(article(head=card), "reader"))
    assert 'src="https://news.example/i.jpg"' not in written(brand(RICH, "reader"))


def test_excerpt_opens_the_article_and_leads_to_it(brand: Brand) -> None:
    page = brand(RICH, "excerpt")
    text = written(page)
    assert "The harvest came early this year" in text
    assert text.count("baskets down to the valley") <= 3
    assert '<img src="https://news.example/i.jpg"' in text
    assert f'href="{URL}"' in text
    assert page.gaps == ("head", "sharer", "top", "end", "share", "tail")
    assert page.skipped == {"middle": "mode_excerpt"}


def test_card_shows_no_text_of_the_article(brand: Brand) -> None:
    page = brand(RICH, "card")
    assert "A harvest." in written(page)
    assert "The harvest came early" not in written(page)
    assert f'href="{URL}"' in written(page)
    assert page.gaps == ("head", "sharer", "top", "end", "share", "tail")


@pytest.mark.parametrize(
    ("head", "asked", "mode", "reason"),
    [
        ("<meta name=robots content=noarchive>", "full", "excerpt", "noarchive"),
        ("<meta name=robots content=noarchive>", "card", "card", ""),
        ("<meta name=robots content=nosnippet>", "reader", "card", "nosnippet"),
        ("<meta name=tdm-reservation content=1>", "full", "excerpt", "tdm-reservation"),
        ("<meta name=robots content=noindex>", "full", "full", ""),
        (
            "<script type=application/ld+json>"
            '{"@type":"Article","isAccessibleForFree":false}</script>',
            "full",
            "excerpt",
            "paywall",
        ),
    ],
)
def test_the_pages_own_signals_lower_the_mode(
    brand: Brand, head: str, asked: Mode, mode: Mode, reason: str
) -> None:
    page = brand(article(head=head), asked)
    assert (page.mode, page.mode_reason) == (mode, reason)


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ('<meta itemprop="isAccessibleForFree" content="False">', "excerpt"),
        ('<link itemprop="isAccessibleForFree" href="https://schema.org/False">', "excerpt"),
        ('<span itemprop="isAccessibleForFree"> false </span>', "excerpt"),
        ('<meta property="schema:isAccessibleForFree" content="false">', "excerpt"),
        ('<meta itemprop="isAccessibleForFree" content="True">', "full"),
    ],
)
def test_a_paywall_is_declared_in_microdata_and_rdfa_as_well(
    brand: Brand, said: str, mode: Mode
) -> None:
    assert brand(article(said, head=said)).mode == mode


def test_headers_and_what_was_learnt_outside_lower_it_too() -> None:
    body = article().encode()
    source = Source(URL, body, headers={"x-robots-tag": "noarchive"}, fetched_at=AT)
    assert compile_page(source, "full", Signals()).mode == "excerpt"
    plain = Source(URL, body, fetched_at=AT)
    with pytest.raises(Problem, match=r"robots\.txt") as refused:
        compile_page(plain, "full", Signals(robots_txt=True))
    assert refused.value.code == "refused_by_publisher"


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ("", "not_an_article"),
        ("<title>x</title><p>Not found.</p>", "not_an_article"),
        ("<frameset><frame src=/a></frameset>", "not_an_article"),
        ("<ul>" + "<li><a href=/x>A story to read</a></li>" * 90, "not_an_article"),
        ("<form><input type=password></form><p>Please sign in.</p>", "login_required"),
        (b"\x00\x01\x02" * 100, "not_an_article"),
        ("<p>" + "x" * 6_000_000, "too_big"),
    ],
    ids=("empty", "stub", "frames", "links", "login", "binary", "huge"),
)
def test_what_is_no_article_is_refused_by_name(
    brand: Brand, markup: str | bytes, code: str
) -> None:
    for mode in ("full", "card"):
        with pytest.raises(Problem) as refused:
            brand(markup, mode)
        assert refused.value.code == code


@pytest.mark.parametrize(
    "monster",
    ["<br>" * 200_001, "<p " + " ".join(f"a{n}" for n in range(1_001)) + ">"],
    ids=("elements", "attributes"),
)
def test_markup_that_would_take_minutes_is_too_big(brand: Brand, monster: str) -> None:
    with pytest.raises(Problem) as refused:
        brand(article(monster))
    assert refused.value.code == "too_big"


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<svg>", "<font>"])
def test_what_is_nested_without_end_is_lifted(brand: Brand, tag: str) -> None:
    page = brand(article() + tag * 6_000 + "deep")
    parsed = tree.parse(written(page))
    deepest = max(sum(1 for _ in tree.ancestors(e)) for e in tree.elements(parsed))
    assert deepest <= 410


@pytest.mark.parametrize("media", ["pdf", "picture", "audio", "video"])
def test_what_is_no_page_is_published_as_a_card(media: Media) -> None:
    source = Source("https://a.example/A%20plan.pdf", b"", fetched_at=AT, media=media)
    page = compile_page(source, "full", Signals())
    assert (page.mode, page.mode_reason) == ("card", f"media_{media}")
    assert page.article.title == "A plan.pdf"
    assert ("<img" in written(page)) == (media == "picture")
    assert faults(written(page)) == []


def test_a_home_page_of_headlines_is_no_article_but_a_page_below_may_be(brand: Brand) -> None:
    teasers = PARAGRAPHS.replace("<p>", "<h2><a href=/x>A story</a></h2><p>")
    markup = f"<title>The Post</title><main>{teasers}</main>"
    with pytest.raises(Problem) as refused:
        brand(markup, url="https://news.example/")
    assert refused.value.code == "not_an_article"
    assert brand(markup, url="https://news.example/list").mode == "full"
    posts = f"<h2><a href=/x>A story</a></h2>{PARAGRAPHS}" * 6
    whole = f"<title>The Post</title><main>{posts}</main>"
    assert brand(whole, url="https://news.example/").mode == "full"


def test_the_same_source_compiles_to_the_same_bytes(brand: Brand) -> None:
    assert brand(RICH) == brand(RICH)


def test_a_page_cannot_forge_the_marks_of_its_gaps(brand: Brand) -> None:
    page = brand(article("<p>x</p><!--top 00--><!--end-->"))
    assert page.gaps == ("head", "sharer", "top", "middle", "end", "share", "tail")


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("T<p>T</p>", "<p>T</p><p>T</p>"),
        ("T <b>x</b> T<p>T</p>", "<p>T <b>x</b> T</p><p>T</p>"),
        ("T<br>T<p>T</p>", "<p>T<br>T</p><p>T</p>"),
        ("T<br> <br>T<br><p>T</p>", "<p>T</p> <p>T</p><p>T</p>"),
        ("<ul><li>T</ul>T<br><ul><li>T</ul>", "<ul><li>T</li></ul><p>T</p><ul><li>T</li></ul>"),
    ],
)
def test_words_without_a_paragraph_are_given_one_in_reader(
    brand: Brand, inside: str, shown: str
) -> None:
    text = TEXT.format(1)
    page = brand(article(paragraphs=inside.replace("T", text)), mode="reader")
    assert shown.replace("T", text) in written(page)
