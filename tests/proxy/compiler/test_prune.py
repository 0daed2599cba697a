"""`reader` shows only the article; `full` keeps what is around it."""

from collections.abc import Callable

import pytest

from proxy.compiler import tree
from proxy.page import Page

from .conftest import PARAGRAPHS, TEXT, article, filled, written

Brand = Callable[..., Page]
LINKS = "<li><a href=/a>Theirs one</a></li><li><a href=/b>Theirs two</a></li>"


@pytest.mark.parametrize(
    "aside",
    [
        "<div class='share-buttons'><span>Theirs</span></div>",
        "<div class=related-articles><p>Theirs and more of it</p></div>",
        "<div id=comments><p>Theirs</p></div>",
        "<p style='display: none'>Theirs</p>",
        f"<h3>Theirs too</h3><ul>{LINKS}</ul>",
        "<p>Read more: <a href=/x>Theirs about the slope</a></p>",
        "<p>Lea también: <a href=/x>Theirs</a></p>",
        "<p>Auch interessant: <a href=/x>Theirs</a></p>",
        "<p>Leia também: <a href=/x>Theirs</a></p>",
        "<p>Zobacz też: <a href=/x>Theirs</a></p>",
        "<p>Материалы по теме: <a href=/x>Theirs</a></p>",
        "<p>Διαβάστε επίσης: <a href=/x>Theirs</a></p>",
        "<p>إقرأ أيضاً: <a href=/x>Theirs</a></p>",
        "<p>यह भी पढ़ें: <a href=/x>Theirs</a></p>",
        "<h3>あわせて読みたい Theirs</h3>",
        "<h3>Mehr Themen, Theirs</h3>",
        "<h4>Related articles, theirs</h4>".replace("theirs", "Theirs"),
        "<ul><li><a href=/a>Theirs, the one headline of a list, and as long as one</a></ul>",
        "<div class='grid next-prev'><p>Theirs</p></div>",
        "<div class='d-none d-print-block'>Theirs</div>",
        "<div class=vjs-modal-dialog><p>Theirs</p></div>",
        "<ul class=toc><li><a href='#a'>Theirs</a></li><li><a href='#b'>Two</a></li></ul>",
        "<div class=gallery><img src=/a.jpg><img src=/b.jpg><p>Theirs, 2 of 2</p></div>",
        "<div><a class='btn wide' href=/order>Theirs, order now</a></div>",
        "<div class=wp-block-buttons><div><a href=/order>Theirs, order now</a></div></div>",
    ],
)
def test_what_leads_away_stands_in_full_and_not_in_reader(brand: Brand, aside: str) -> None:
    page = article(PARAGRAPHS + aside + PARAGRAPHS)
    assert "Theirs" not in written(brand(page, "reader"))
    assert "Theirs" in written(brand(page))


def test_an_authors_face_above_the_text_is_not_shown_by_reader(brand: Brand) -> None:
    above = "<div><a><img src=/face.jpg width=36></a></div><p><img src=/a.jpg width=600></p>"
    page = article("<p><img src=/icon.png width=20></p>", paragraphs=above + PARAGRAPHS)
    shown = written(brand(page, "reader"))
    assert "/face.jpg" not in shown
    assert "/a.jpg" in shown
    assert "/icon.png" in shown


@pytest.mark.parametrize(
    ("link", "stays"),
    [
        ("/other", False),
        ("https://else.example/", False),
        ("/a.jpg", True),
        ("/gallery/1", True),
        ("#zoom", True),
    ],
)
def test_a_picture_below_the_text_stays_unless_it_is_a_link_to_another_page(
    brand: Brand, link: str, stays: bool
) -> None:
    below = f"<h3>Comments</h3><div><a href={link}><img src=/theirs.jpg></a></div>"
    page = article(paragraphs=f"{PARAGRAPHS}<p><a href=/own><img src=/own.jpg></a></p>{below}")
    shown = written(brand(page, "reader"))
    assert ("/theirs.jpg" in shown) == stays
    assert "/own.jpg" in shown


@pytest.mark.parametrize("links", ["<p><a href=/x>Slopes</a></p>" * 2, f"<ul>{LINKS}</ul>"])
def test_links_that_a_line_introduces_close_the_text(brand: Brand, links: str) -> None:
    page = article(paragraphs=f"{PARAGRAPHS}<p>The plan is here:</p>{links}<h3>Other</h3>")
    shown = filled(brand(page, "reader"))
    end, line, link = (shown.index(each) for each in ('data-slot="end"', "The plan", 'href="'))
    assert end < line < link


@pytest.mark.parametrize(
    ("waits", "shown"),
    [
        ("<div><img src=/60/a.jpg?q=20 width=600></div>", ["/900/a.jpg"]),
        ("<div><img src=/60/b.jpg width=600></div>", ["/60/b.jpg", "/900/a.jpg"]),
        ("<img src=/60/a.jpg srcset='/60/b.jpg 600w'>", ["/60/a.jpg", "/900/a.jpg"]),
    ],
)
def test_a_blurred_copy_of_a_picture_is_not_shown_by_reader(
    brand: Brand, waits: str, shown: list[str]
) -> None:
    figure = f"<figure>{waits}<img width=600><noscript><img src=/900/a.jpg></noscript></figure>"
    page = written(brand(article(figure), "reader"))
    found = [tree.get(e, "src") for e in tree.elements(tree.parse(page), "img")]
    assert [address.removeprefix("https://news.example") for address in found] == shown


@pytest.mark.parametrize(
    ("last", "shown"),
    [
        ("<p><iframe src=https://www.youtube.com/embed/abcdefg></iframe></p>", "▶ youtube.com"),
        ("<p><b>Again:</b></p><pre>netsh set</pre>", "<pre>netsh set</pre>"),
    ],
)
def test_a_film_or_a_program_behind_the_last_paragraph_is_the_articles(
    brand: Brand, last: str, shown: str
) -> None:
    page = article().replace("</div></article>", f"{last}</div></article>")
    assert shown in written(brand(page, "reader"))


@pytest.mark.parametrize(
    "label", ["Anzeige", "WERBUNG", "Publicidad", "Реклама", "Table of Contents", "Loading..."]
)
def test_a_label_of_what_is_not_there_goes(brand: Brand, label: str) -> None:
    page = article(f"<p>{label}</p>")
    assert f"<p>{label}</p>" not in written(brand(page, "reader"))
    assert f"<p>{label}</p>" in written(brand(page))


@pytest.mark.parametrize(
    "own",
    [
        "<h2 id=sharing-with-others>Ours</h2><p>A chapter of its own.</p>",
        "<p><b>Lea:</b> Ours.</p>",
        "<section id=sharing-a-slope><h2>Ours</h2><p>A chapter of its own.</p></section>",
        "<ul><li>Ours, with a <a href=/a>link</a> in it</li><li>Two</li></ul>",
        "<ul><li><a href='#a'>Ours</a></li><li><a href='#b'>Two</a></li></ul>",
        "<blockquote class=social-quote>Ours</blockquote>",
        "<div class=social-media-embed><blockquote>Ours</blockquote></div>",
        "<p>Ours, shortly.</p>",
        "<p>Contents, Ours</p>",
        "<p>Anzeige wurde von Ours erstattet.</p>",
        "<p>Contents</p><ul><li><a href='#a'>Ours</a></li><li><a href='#b'>Two</a></li></ul>",
        "<ul><li><a href=/a>Ours</a></li></ul>",
        "<pre><code><span class='token tag'>Ours</span></code></pre>",
        "<div class=gallery><img src=/Ours.jpg><p>2 of 2</p></div>",
        "<h2>Ours</h2>",
        "<h2>Response</h2><p>Ours, a chapter of a text on servers.</p>",
        "<div><a class=btn href='#answer'>Ours</a></div>",
        "<h3><a class=btn href=/a>Ours</a></h3>",
        "<p>These carry best:</p><ul><li><a href=/a>Ours</a></li><li><a href=/b>Two</a></li></ul>",
    ],
)
def test_what_belongs_to_the_article_stays_in_reader(brand: Brand, own: str) -> None:
    assert "Ours" in written(brand(article(PARAGRAPHS + own + PARAGRAPHS), "reader"))


@pytest.mark.parametrize(
    ("before", "stays"),
    [("", False), ("<h3>Sources</h3>", True), ("<p>See what we read:</p>", True)],
)
def test_links_in_a_closing_stay_as_its_sources_alone(
    brand: Brand, before: str, stays: bool
) -> None:
    link = "<p><a href=/x>Slopes of the year</a></p>"
    note = "<p><em>This story was first published in May, and all of it was read again.</em></p>"
    shown = written(brand(article(paragraphs=PARAGRAPHS * 3 + before + link + note), "reader"))
    assert "read again" in shown
    assert ("Slopes of the year" in shown) is stays


@pytest.mark.parametrize(
    "heading",
    ["Verwandte Beiträge", "Das könnte dich auch interessieren", "Vous aimerez aussi"],
)
def test_a_heading_of_other_articles_ends_the_text(brand: Brand, heading: str) -> None:
    others = f"<h3>{heading}</h3><p>Theirs, {TEXT}</p>"
    assert "Theirs" not in written(brand(article(paragraphs=PARAGRAPHS + others), "reader"))


def test_of_what_is_hidden_nothing_is_read_however_much_it_is(brand: Brand) -> None:
    theirs = PARAGRAPHS.replace("<p>", "<p hidden>Theirs, ") * 2
    page = written(brand(article(theirs, paragraphs=f"<p>Ours, {TEXT}</p>{PARAGRAPHS}"), "reader"))
    assert "Ours, " in page
    assert "Theirs, " not in page


def test_the_words_of_a_gallery_go_however_many_they_are(brand: Brand) -> None:
    """The pictures stay."""
    gallery = f"<div class=photo-gallery><img src=/a.jpg><p>Theirs, {TEXT}</p>{PARAGRAPHS}</div>"
    page = written(brand(article(gallery, paragraphs=f"<p>Ours, {TEXT}</p>{PARAGRAPHS}"), "reader"))
    assert "Ours, " in page
    assert "/a.jpg" in page
    assert "Theirs, " not in page


def test_a_wrong_guess_never_takes_much_of_the_text(brand: Brand) -> None:
    """A site may call its whole article a promotion."""
    page = article(f"<div class=promo-body>{PARAGRAPHS}</div>", paragraphs="")
    assert PARAGRAPHS[3:60] in written(brand(page, "reader"))


def test_a_formula_is_the_articles_and_is_shown_once(brand: Brand) -> None:
    """KaTeX and MathJax draw it beside its MathML, by a style sheet that `reader` lacks."""
    drawn = "<span aria-hidden=true><span>Drawn</span></span>"
    said = "<span><math class=a style='color:red'><mi>E</mi><mo>=</mo><mi>m</mi></math></span>"
    page = written(brand(article(f"<p>So <span>{said}{drawn}</span> it is.</p>"), "reader"))
    assert "<math><mi>E</mi><mo>=</mo><mi>m</mi></math>" in page
    assert "Drawn" not in page


@pytest.mark.parametrize(
    "parted",
    [
        "<p>Ours, {0}</p><div class=folded>{1}</div>",
        "<div class=post-body><p>Ours, {0}</p>{1}</div><div class=post-body>{1}{1}</div>",
    ],
)
def test_a_text_that_is_parted_is_read_whole(brand: Brand, parted: str) -> None:
    """Its first part may be before a fold or a paywall."""
    inside = f"<div><h1>Harvest</h1><div>{parted.format(TEXT, PARAGRAPHS)}</div></div>"
    page = brand(f"<title>Harvest</title><body>{inside}<footer>Theirs</footer>", "reader")
    assert "Ours, " in written(page)


def test_words_below_a_picture_are_said_once(brand: Brand) -> None:
    """Sites send a picture in several sizes, each with its caption."""
    figure = f"<figure><img src=/a.jpg><figcaption>{TEXT}</figcaption></figure>"
    page = written(brand(article(figure + figure, paragraphs="<p>Ours</p>" + PARAGRAPHS), "reader"))
    assert page.count(TEXT) == 1


@pytest.mark.parametrize(("times", "once"), [(12, True), (2, False)])
def test_a_text_that_is_sent_twice_is_read_once(brand: Brand, times: int, once: bool) -> None:
    """Sites send it for wide and for narrow windows; a few repeated lines are a refrain."""
    own = "".join(f"<p>Part {n} of it. {TEXT.format(n)}</p>" for n in range(times))
    text = f"<div class=wide>{own}</div><div class=narrow>{own}</div>"
    page = written(brand(article(paragraphs=f"<p>Ours, {TEXT}</p>{text}"), "reader"))
    assert page.count("Part 1 of it") == (1 if once else 2)


def test_a_picture_with_a_day_below_it_heads_no_text(brand: Brand) -> None:
    picture = (
        "<div><img src=/a.jpg><div class=caption>The valley on May 4, 2026, at noon</div></div>"
    )
    page = brand(article(paragraphs=f"<p>Ours, {TEXT}</p>{picture}{PARAGRAPHS}"), "reader")
    assert "Ours, " in written(page)


@pytest.mark.parametrize("inside", ["<div>{0}{1}</div>", "<div>{0}</div>{1}"])
def test_readers_may_say_ten_times_what_the_article_says(brand: Brand, inside: str) -> None:
    long = f"<p>Theirs, {TEXT}</p>{PARAGRAPHS * 10}"
    said = f"<section id=comments class=comments-area>{long}</section>"
    text = f"<p>Ours, {TEXT}</p>{PARAGRAPHS}"
    page = brand(f"<title>Harvest</title><h1>Harvest</h1>{inside.format(text, said)}", "reader")
    assert "Ours, " in written(page)
    assert "Theirs, " not in written(page)
