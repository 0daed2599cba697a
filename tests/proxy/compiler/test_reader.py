"""`reader` keeps what an article's style sheets kept: spaces between words, sizes of pictures."""

from collections.abc import Callable

import pytest

from proxy.compiler import tree
from proxy.page import Page

from .conftest import PARAGRAPHS, TEXT, article, written

Brand = Callable[..., Page]
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
CARD = "<meta property=og:image content=/2026/slope-1200x630.jpg?w=1200>"


def body(page: Page) -> tree.Element:
    return tree.elements(tree.parse(written(page)), "article")[0]


@pytest.mark.parametrize(
    "inside",
    [
        "<p>One.<a href=/a> </a>Two.</p>",
        "<div>One.<p></p>Two.</div>",
        "<div>One.<div class=br></div>Two.</div>",
        "<div><span style='display: block'>One.</span><span>Two.</span></div>",
        "<div>One.<address>Two.</address></div>",
        "<div>One.<br><div class=gap></div>Two.</div>",
    ],
)
def test_words_that_stood_apart_are_not_glued(brand: Brand, inside: str) -> None:
    page = written(brand(article(inside), "reader"))
    assert "One." in page
    assert "Two." in page
    assert "One.Two." not in page.replace("</span>", "").replace("</a>", "")


def test_an_initial_that_floats_stays_with_its_word(brand: Brand) -> None:
    inside = "<div><span style='float:left;display: block'>O</span>nce.</div>"
    assert "Once." in written(brand(article(inside), "reader"))


@pytest.mark.parametrize(
    "blank",
    [
        "<img alt='' width=900 height=700>",
        f"<img src='{PIXEL}' width=900>",
        "<img src=/assets/lazy_placeholder.gif>",
        "<img src=/assets/grey-placeholder.png>",
        "<img src=/line.gif width=600 height=1>",
    ],
)
def test_a_picture_that_shows_nothing_leaves_no_box(brand: Brand, blank: str) -> None:
    page = brand(article(f"<p>{blank}</p><p><img src=/a.jpg height=0></p>"), "reader")
    found = [tree.get(e, "src") for e in tree.elements(body(page), "img")]
    assert found == ["https://news.example/a.jpg"]


def test_a_picture_is_no_wider_than_its_style_says(brand: Brand) -> None:
    inside = "<p><img style='margin:0;width: 20px' src=/icon.png><img src=/a.jpg width=600></p>"
    found = tree.elements(body(brand(article(inside), "reader")), "img")
    assert [tree.get(e, "width") for e in found] == ["20", "600"]


@pytest.mark.parametrize(
    ("above", "inside", "shown"),
    [
        ("<figure><img src=/2026/slope-800x420.jpg></figure>", "<img src=/b.jpg>", 1),
        ("<img src=/other.jpg>", "<img src=/b.jpg>", 0),
        ("<img src=/2026/slope.jpg>", "<img src=/2026/slope-300x200.jpg>", 0),
        ("", "<img src=/icon.png width=20>", 1),
    ],
)
def test_the_pages_picture_opens_the_text_where_the_page_has_it_above(
    brand: Brand, above: str, inside: str, shown: int
) -> None:
    page = article(f"<p>{inside}</p>", CARD).replace("</h1>", f"</h1>{above}")
    found = [tree.get(e, "src") for e in tree.elements(body(brand(page, "reader")), "img")]
    assert sum("1200x630" in address for address in found) == shown


def test_a_summary_of_several_lines_that_the_text_repeats_is_shown_once(brand: Brand) -> None:
    lines = [TEXT.format(20), TEXT.format(21)]
    head = f"<h1>Harvest</h1><p class=lead>{'<br>'.join(lines)}</p>"
    inside = "<br>\n".join(lines)
    page = article(f"<p>{inside}</p>").replace("<article><h1>Harvest</h1>", f"{head}<article>")
    assert written(brand(page, "reader")).count("20 people") == 1
    alone = written(brand(page.replace(f"<p>{inside}</p>", ""), "reader"))
    assert "all of them said yes. The harvest" in alone


def test_a_heading_as_long_as_a_paragraph_is_one(brand: Brand) -> None:
    inside = f"<h2>Part one of it</h2><h2>{TEXT.format(20)}</h2><h2>{'Who says yes, ' * 12}</h2>"
    page = body(brand(article(inside), "reader"))
    assert len(tree.elements(page, "h2")) == 2
    assert any("20 people" in e.text for e in tree.elements(page, "p"))


@pytest.mark.parametrize(("old", "new"), [("tt", "code"), ("strike", "s"), ("menu", "ul")])
def test_old_names_keep_their_meaning(brand: Brand, old: str, new: str) -> None:
    inside = f"<div><{old}><li>Ours</li></{old}></div>"
    page = body(brand(article(inside, paragraphs=PARAGRAPHS), "reader"))
    assert [e.text for e in tree.elements(page, new)] == ["Ours"]


@pytest.mark.parametrize(
    ("inside", "tag", "blank"),
    [
        (f"<div><div>{TEXT}</div><div>Short.</div></div>", "p", 0),
        ("<div><div>One line</div><div>Short.</div></div>", "div", 0),
        (f"<ul><li><div>{TEXT}</div><div>Short.</div></li><li>b</li></ul>", "div", 0),
        (f"<p>{TEXT}</p><p><br></p><p>Short.</p>" * 20, "p", 0),
        (f"<p>{TEXT}</p><p><br></p><p>Short.</p>", "p", 1),
        (f"<p>{TEXT}</p><p><img src=/a.jpg></p><p>Short.</p>" * 9, "p", 0),
    ],
)
def test_paragraphs_stand_as_far_apart_as_our_margins_set_them(
    brand: Brand, inside: str, tag: str, blank: int
) -> None:
    page = body(brand(article(inside), "reader"))
    lines = [e for e in tree.elements(page, "p", "div") if not tree.elements(e, "p", "div")]
    assert {e.tag for e in lines if e.text == "Short."} == {tag}
    assert sum(e.text.isspace() or e.text == "" for e in lines) == blank + inside.count("<img")
    assert len(tree.elements(page, "img")) == inside.count("<img")


@pytest.mark.parametrize(
    ("inside", "shown", "times"),
    [
        ("<div>One.<br><div class=gap></div>Two.</div>", "One.<br><br>Two.", 1),
        ("<h3>Harvest</h3>", "Harvest</h", 1),
        ("<p>字号</p>", "字号", 0),
    ],
)
def test_what_a_page_says_beside_its_text_is_not_shown_again(
    brand: Brand, inside: str, shown: str, times: int
) -> None:
    assert written(brand(article(inside), "reader")).count(shown) == times


def test_a_country_that_no_locale_has_leaves_the_date_in_its_language(brand: Brand) -> None:
    head = "<meta property=article:published_time content=2020-08-24>"
    page = article(head=head).replace("lang=en", "lang=de-AR")
    assert ">24. August 2020<" in written(brand(page, "reader"))


@pytest.mark.parametrize(
    "inside",
    [
        "<div class=wp-caption><img src=/a.jpg><p class=wp-caption-text>A slope</p></div>",
        "<div><p><img src=/a.jpg></p><span class=newsCaption>A slope</span></div>",
        "<p><a href=/a><img src=/a.jpg></a><br><em class=image-credit>A slope</em></p>",
        "<figure><img src=/a.jpg><div class=caption>A slope</div></figure>",
        "<table><tr><td><a><img src=/a.jpg></a></td></tr><tr><td class=tr-caption>A slope</td></tr>"
        "</table>",
    ],
)
def test_a_caption_that_only_a_class_names_is_one(brand: Brand, inside: str) -> None:
    shown = body(brand(article(inside), "reader"))
    found = tree.select(shown, "figure:has(img) figcaption")
    assert [caption.text for caption in found] == ["A slope"]
    assert not tree.elements(shown, "table", "td")


@pytest.mark.parametrize(
    "inside",
    [
        f"<div><img src=/a.jpg><p class=caption>A slope</p><p>{TEXT}</p></div>",
        f"<p>{TEXT} <span><img src=/a.jpg><span class=caption>A slope</span></span></p>",
        "<ul><li><img src=/a.jpg><p class=caption>A slope</p></li><li>Tea</li></ul>",
        f"<div><img src=/a.jpg><p class=captioned>{TEXT * 9}</p></div>",
    ],
)
def test_a_text_around_a_caption_is_no_figure(brand: Brand, inside: str) -> None:
    page = brand(article(inside), "reader")
    assert not tree.elements(body(page), "figure", "figcaption")


@pytest.mark.parametrize(
    ("caption", "shown"),
    [
        ("A slope.<span>Ann Lee</span>", "A slope. Ann Lee"),
        (
            "<span>A slope</span><span class=credit>Credit: Ann Lee</span>",
            "A slope Credit: Ann Lee",
        ),
        ("<span>A slope </span><cite>Ann Lee</cite>", "A slope Ann Lee"),
        ("<span>A</span>nn's <b>s</b><span>lope</span>", "Ann's slope"),
    ],
)
def test_a_credit_is_not_glued_to_its_caption(brand: Brand, caption: str, shown: str) -> None:
    figure = f"<figure><img src=/a.jpg><figcaption>{caption}</figcaption></figure>"
    page = body(brand(article(figure), "reader"))
    assert [e.text for e in tree.elements(page, "figcaption")] == [shown]


def test_a_sheet_inside_a_summary_is_not_shown(brand: Brand) -> None:
    summary = f"<div class=subtitle><style>.a{{color:red}}</style>{TEXT}</div>"
    page = article().replace("<article><h1>Harvest</h1>", f"<h1>Harvest</h1>{summary}<article>")
    shown = body(brand(page, "reader")).text
    assert TEXT in shown
    assert "color:red" not in shown


def test_an_excerpt_begins_with_sentences(brand: Brand) -> None:
    lines = "<p>By Ann Lee, Correspondent for Tea | November 18, 2026 at 2:26 PM</p>"
    caption = f"<p class=caption>Long caption. {TEXT}</p>"
    page = written(brand(article(paragraphs=lines + caption + PARAGRAPHS), "excerpt"))
    assert "Correspondent" not in page
    assert "Long caption" not in page
    assert TEXT[:9] in page


def test_an_excerpt_of_a_text_without_sentences_has_its_lines(brand: Brand) -> None:
    verses = "".join(
        f"<p>Under the hill in the valley leaves are green, {n} of them</p>" for n in range(20)
    )
    assert "Under the hill" in written(brand(article(paragraphs=verses), "excerpt"))


def test_an_excerpt_of_a_text_without_paragraphs_is_its_description(brand: Brand) -> None:
    items = "".join(f"<li>The leaves in the valley are green, {n} of them.</li>" for n in range(40))
    head = "<meta name=description content='What is green in the valley'>"
    page = written(brand(article(head=head, paragraphs=f"<ul>{items}</ul>"), "excerpt"))
    assert "<p>What is green in the valley</p>" in page
