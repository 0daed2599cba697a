"""Names among labels, signs, roles and months, in several languages."""

from collections.abc import Callable

import pytest

from proxy.page import Page

from .conftest import PARAGRAPHS, article, headed

Brand = Callable[..., Page]


@pytest.mark.parametrize(
    ("beside", "author"),
    [
        ("<p class=byline>Marc</p>", "Marc"),
        ("<p>by <a class='url fn n'>julian</a></p>", "julian"),
        ("<p class=byline><span>Dezember 10, 2026</span></p>", ""),
        ("<p class=byline><span>October 10, 2026</span></p>", ""),
        ("<p class=byline><span>marzo 10, 2026</span></p>", ""),
        ("<p>by annlee on August 3, 2026</p>", "annlee"),
        ("<p>by annlee in the valley</p>", ""),
        ("<p class=byline>by <a class=author>annlee1984</a></p>", "annlee1984"),
        ("<p>Gespeichert von</p><p>annlee</p><p>am 3. August</p>", "annlee"),
        ("<p>Written by</p><p>Ann Lee, Tea Daily</p>"
         "<meta property=og:site_name content='Tea Daily'>", "Ann Lee"),
        ("<p>Written by</p><p>I went into the valley of rain in 2015</p>", ""),
        ("<p class=author>6 years ago</p>", ""),
        ("<p>Posted by Ann under <a href=/tea>tea</a></p>", "Ann"),
        ("<p>Von A. L. am <a href=/7>07.08.2026</a></p>", "A. L."),
        ("<p><i>10 May</i><i>· von</i> <a>Ann Lee</a></p>", "Ann Lee"),
        ("<p>Artikel von</p><p>Ann Lee</p>", "Ann Lee"),
        ("<p class=author>Artikel von</p>", ""),
        ("<p class=author>Источник:</p>", ""),
        ("<p class=author>материалы по теме:</p>", ""),
        ("<p class=author>Ann Lee:</p>", "Ann Lee"),
        ("<figure><img src=/a.jpg><figcaption><b class=author>Autor: Mei Lin</b></figcaption>"
         "</figure><h3><a href=/autor/ann-lee/>Ann Lee</a></h3>", "Ann Lee"),
        ("<p data-testid=author-date>Publiziert 04.05.2026</p>", ""),
        ("<p class=author>见习编辑 李琼皙</p>", "李琼皙"),
        ("<em>Text von Ann Lee Illustration von Mei Lin</em>", "Ann Lee"),
        ("<a class=author-link>Interview: Ann Lee</a>", "Ann Lee"),
        ("<p class=author>Unsere Redakteurin Ann Lee</p>", "Ann Lee"),
        ("<p class=author>Senior Reporter Ann Lee</p>", "Ann Lee"),
        ("<p class=author>Ann Reporter</p>", "Ann Reporter"),
        ("<p class=author>Ann Lee (obe)</p>", "Ann Lee"),
        ("<p class=author>Ann Lee (Speaker of the board)</p>", "Ann Lee"),
        ("<p class=author>Tea House (annlee)</p>", "Tea House (annlee)"),
        ("<p>By Ann L&shy;ee</p>", "Ann Lee"),
        ("<a class=author><i class=given-name>Ann B.</i> <i class=surname>Lee</i></a>",
         "Ann B. Lee"),
        ("<p>Eine Kolumne von Ann Lee</p>", "Ann Lee"),
        ("<p>Blog Beitrag von Ann Lee</p>", "Ann Lee"),
        ("<p><i>Kommentar von:</i> <b>Ann Lee</b></p>", "Ann Lee"),
        ("<p><i>Text &amp; Fotos:</i> <b>Ann Lee</b></p>", "Ann Lee"),
        ("<p class=content-autor><a>Ann Lee</a>, <a>Mei Lin</a></p>", "Ann Lee, Mei Lin"),
        ("<strong>Autorin: Ann Lee, Projektleiterin der Tee AG</strong>", "Ann Lee"),
        ("<p>4 May 2026</p><p>News</p><p>Tea</p><p>13 min</p><b>Ann Lee</b><p>5 May 2026</p>",
         "Ann Lee"),
        ("<p>4 May 2026</p><b>Recent Posts</b>", ""),
        ("<p>4 May 2026</p><i>·</i><b>Ann Lee</b><p>News</p>", "Ann Lee"),
        ("<p>4 May 2026</p><b>Download ZIP</b>", ""),
        ("<b>Posted On</b><p>4 May 2026</p>", ""),
        ("<p class=author>Website</p>", ""),
        ("<p class=byline>Sat, 4 May, 2026 - 06:36</p>", ""),
        ("<p class=author-info><i>Ann Lee</i><i>Writer</i></p><p>12/11/25</p>", "Ann Lee"),
    ],
)  # fmt: skip
def test_a_name_is_read_without_what_stands_around_it(
    brand: Brand, beside: str, author: str
) -> None:
    assert brand(headed(beside)).article.author == author


@pytest.mark.parametrize(
    ("declared", "author"),
    [
        ("Ann Lee (obe), Mei Lin (cog.)", "Ann Lee, Mei Lin"),
        ("Tea-Experte Ann Lee", "Ann Lee"),
        ("Ann Lee @annlee", "Ann Lee"),
        ("No Author", ""),
        ("publisher", ""),
        ("name, mail@tea.example", ""),
        ("송유민 기자", "송유민"),
        ("post.com, Frankfurt, Germany", "post.com"),
        ("Tea GmbH, Frankfurt a. M., Germany", "Tea GmbH"),
        ("&lt;a href=/x&gt;Ann Lee&lt;/a&gt;", "Ann Lee"),
        ("Ann Lee And Mei Lin For The Post", "Ann Lee And Mei Lin"),
    ],
)
def test_a_declared_name_is_read_without_what_stands_around_it(
    brand: Brand, declared: str, author: str
) -> None:
    head = f"<meta name=author content='{declared}'>"
    assert brand(article(head=head)).article.author == author


@pytest.mark.parametrize("name", ["byl", "shareaholic:article_author_name"])
def test_further_metas_name_an_author(brand: Brand, name: str) -> None:
    head = f"<meta name='{name}' content='Ann Lee'>"
    assert brand(article(head=head)).article.author == "Ann Lee"


def test_what_scholars_are_told_counts_before_the_authors_of_what_is_quoted(brand: Brand) -> None:
    head = "<meta itemprop=author content='K. Ito'><meta name=citation_author content='Ann Lee'>"
    assert brand(article(head=head)).article.author == "Ann Lee"


def test_a_headline_that_is_no_heading_has_its_author_beside_it_too(brand: Brand) -> None:
    head = (
        "<head><title>Harvest in the rain</title><meta name=author content='Teebund e.V.'></head>"
    )
    page = f"{head}<body>{{}}<p>By Ann Lee</p><div class=entry-content>{PARAGRAPHS}</div>"
    assert brand(page.format("<div>Harvest in the rain</div>")).article.author == "Ann Lee"
    led = "<a href=/2>Harvest in the rain</a>"
    assert brand(page.format(led)).article.author == "Teebund e.V."


def test_a_column_of_somebody_else_is_offered_below(brand: Brand) -> None:
    house = "<meta property=og:site_name content=Teapost><meta name=author content=Teapost>"
    teaser = "<p><a href=/2>Tea again</a></p><p>Eine Kolumne von Ann Lee</p>"
    assert brand(headed("", house, teaser)).article.author == "Teapost"


def test_an_association_is_believed_if_a_page_names_nobody(brand: Brand) -> None:
    declared = "<meta name=author content='Teebund e.V.'>"
    assert brand(headed("", declared)).article.author == "Teebund e.V."
    shown = "<p>Teebund e.V.</p><p>By Ann Lee</p>"
    assert brand(headed(shown, declared)).article.author == "Ann Lee"


def test_a_sentence_that_goes_on_below_names_nobody(brand: Brand) -> None:
    amid = "<p>The leaf is full <b>of it</b> by Acid, sugar and sunlight. So it is dried.</p>"
    assert brand(headed("", behind=amid)).article.author == ""
    assert brand(headed("", behind="<p>by Acid, editor</p>")).article.author == "Acid"
