"""Which part of a page is its article, and where that begins and ends."""

import json
import re

import pytest

from proxy.compiler import compile_page, tree
from proxy.errors import SourceProblem
from proxy.rights import Signals
from proxy.source import Source

from .conftest import AT, PARAGRAPHS, TEXT, URL


def read(markup: str) -> str:
    """The text of a page in reader mode."""
    page = compile_page(Source(URL, markup.encode(), fetched_at=AT), "reader", Signals())
    return re.sub(r"<[^>]+>", " ", b"".join(page.segments).decode().partition("<article")[2])


def said(of: str, times: int) -> str:
    """`times` paragraphs with unique words."""
    return "".join(
        f"<p>{of} {n} {f'tells of slope {n} and its tea ' * 4}.</p>" for n in range(times)
    )


def test_what_a_template_puts_beside_its_text_is_left_out() -> None:
    """Density and the engine both find one part of the declared article."""
    offer = said("Offer", 2)
    markup = (
        "<title>Tea</title><article><h1>Tea</h1><div class=own>"
        f"{said('Row', 16)}</div><div>{offer}</div></article>"
    )
    assert "Row 15" in read(markup)
    assert "Offer 0" not in read(markup)


def test_of_chapters_in_an_article_the_longest_does_not_stand_for_all() -> None:
    chapters = [f"<div class=chapter>{said(of, n)}</div>" for of, n in (("A", 3), ("B", 14))]
    text = read(f"<title>Tea</title><article><h1>Tea</h1>{''.join(chapters)}</article>")
    assert "A 0" in text
    assert "B 13" in text


@pytest.mark.parametrize(("holder", "number"), [("FAQPage", 1), ("WebPageElement", 3)])
def test_questions_that_an_article_answers_at_its_end_do_not_stand_for_it(
    holder: str, number: int
) -> None:
    answer = f"<div itemprop=acceptedAnswer>{said('Answer', 3)}</div>"
    question = f"<div itemscope itemtype=https://schema.org/Question><h3>Why?</h3>{answer}</div>"
    asked = f"<div itemscope itemtype=https://schema.org/{holder}>{question * number}</div>"
    text = read(f"<title>Harvest</title><article><h1>Harvest</h1>{said('Own', 9)}{asked}</article>")
    assert "Own 8" in text


def test_an_article_that_goes_on_in_another_is_not_taken_for_the_whole_text() -> None:
    above, chapter = f"<h1>Harvest</h1>{said('Above', 3)}", f"<h2>Rain</h2>{said('Own', 12)}"
    page = f"<article>{above}</article><article>{chapter}</article>"
    assert "Own 11" in read(f"<title>Harvest</title><main>{page}</main>")


@pytest.mark.parametrize(
    ("name", "times", "titled", "read_on"),
    [
        ("part", 9, "", True),
        ("other", 9, "", False),
        ("part", 3, "", False),
        ("part", 9, "<h1>Harvest</h1>", False),
    ],
)
def test_a_text_in_several_boxes_of_one_name_is_read_to_its_last_box(
    name: str, times: int, titled: str, read_on: bool
) -> None:
    """Layouts put pictures between parts; a site's additions are short, and posts have a title."""
    part, more = (
        f"<section><div>{said(of, n)}</div></section>" for of, n in (("A", 20), ("B", times))
    )
    parts = f"<div class=part>{titled}{part}</div><figure></figure><div class={name}>{more}</div>"
    head = "" if titled else "<h1>Harvest</h1>"
    text = read(f"<title>Harvest</title><div><header>{head}</header><main>{parts}</main></div>")
    assert "A 19" in text
    assert ("B 2" in text) is read_on


@pytest.mark.parametrize(
    ("name", "times", "opens"),
    [("rich text", 4, True), ("rich text", 2, False), ("hero", 4, False)],
)
def test_what_shares_a_name_with_the_text_and_stands_before_it_opens_it(
    name: str, times: int, opens: bool
) -> None:
    """Layouts put a table or a picture between; a site's additions are short."""
    opening, own = f"<div class='{name}'>{said('A', times)}</div>", said("Own", 20)
    column = f"<div>{opening}<figure></figure><div class='rich own'>{own}</div></div>"
    text = read(f"<title>Harvest</title><header><h1>Harvest</h1></header><main>{column}</main>")
    assert "Own 19" in text
    assert ("A 0" in text) is opens


def test_an_opening_under_the_title_does_not_stand_for_all_chapters_below_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The engine takes the opening for the main content, as each chapter is a box of its own."""
    monkeypatch.setattr("proxy.compiler.tree.main_content", lambda page: tree.first(page, ".hero"))
    hero = f"<div><h1>Harvest</h1><div class=hero>{said('Own', 4)}</div></div>"
    below = "".join(f"<div class=zone>{said(f'Zone{n}', 6)}</div>" for n in range(8))
    text = read(f"<title>Harvest</title><main><section>{hero}{below}</section></main>")
    assert "Own 3" in text
    assert "Zone1 5" in text


@pytest.mark.parametrize(
    ("post", "times", "title"),
    [
        ("<article>", 4, "h1"),
        ("<article>", 1, "h1"),
        ("<article>", 1, "h2"),
        ("<div class='post hentry'>", 4, "h1"),
    ],
)
def test_of_a_stream_of_posts_the_one_under_the_pages_title_is_read(
    post: str, times: int, title: str
) -> None:
    end = "</article>" if post == "<article>" else "</div>"
    headline = f"<{title}><a href=/other>Others</a></{title}>"
    others = "".join(f"{post}{headline}{said(f'Other{n}', 12)}{end}" for n in range(times))
    own = f"{post}<h1>Harvest</h1>{said('Own', 6)}{end}"
    text = read(f"<title>Harvest</title><div>{own}</div><div>{others}</div>")
    assert "Own 5" in text
    assert "Other0" not in text


@pytest.mark.parametrize("accepted", ["acceptedAnswer", "'suggestedAnswer acceptedAnswer'"])
def test_of_the_answers_to_a_question_the_accepted_one_is_read_with_it(accepted: str) -> None:
    """By schema.org's `QAPage`; if no answer was accepted, all are read."""
    item = "<div itemprop={}>{}</div>"
    answers = [
        item.format("suggestedAnswer", said("A", 9)),
        item.format(accepted, said("B", 6)),
        item.format("suggestedAnswer", said("C", 30)),
    ]
    asked = f"<h1>Tea?</h1><div>{said('Question', 2)}</div>"
    page = f"<title>Tea?</title><div itemscope itemtype=https://schema.org/Question>{asked}<div>"
    text = read(page + "".join(answers))
    assert "Question 0" in text
    assert "B 5" in text
    assert "A 0" not in text
    assert "C 0" not in text
    assert "C 0" in read(page + answers[0] + answers[2])


TAKES, STEPS = ("200 g tea leaves", "3 cups of water"), ("Boil the water.", "Pour it over the tea.")
LISTS = "".join(f"<ul>{''.join(f'<li>{line}' for line in lines)}</ul>" for lines in (TAKES, STEPS))


def declared(takes: tuple[str, ...], steps: tuple[str, ...]) -> str:
    """A recipe with sections of steps, as sites declare it."""
    made = [{"@type": "HowToSection", "itemListElement": [{"text": step} for step in steps]}]
    recipe = {"@type": "Recipe", "recipeIngredient": takes, "recipeInstructions": made}
    data = json.dumps({"@graph": [{"@type": "Article"}, recipe]})
    return f"<script type=application/ld+json>{data}</script>"


@pytest.mark.parametrize(
    "page",
    [
        f"<main><div>{said('Own', 9)}</div><section>{LISTS}</section></main>",
        f"<main><aside>{LISTS}</aside><div>{said('Own', 2)}</div></main>",
        f"<article>{said('Own', 9)}<h3>You might also like</h3><p>Cakes.</p>{LISTS}</article>",
        f"<article>{said('Own', 9)}<div class=related>{LISTS}</div></article>",
    ],
)
def test_a_recipe_is_read_with_what_it_takes_and_how_it_is_made(page: str) -> None:
    """Sites put these beside the text, in cards of their own."""
    marked = page.replace("<li>", "<li itemprop=ingredients>")
    for written in (declared(TAKES, STEPS) + page, marked):
        text = read(f"<title>Iced tea</title><h1>Iced tea</h1>{written}")
        assert all(line in text for line in ("Own 1", *TAKES, *STEPS))


def test_a_recipe_that_stands_there_twice_is_read_once() -> None:
    cards = f"<div class=wide>{LISTS}</div><div class=related>{LISTS}</div>"
    page = f"<title>Iced tea</title>{declared(TAKES, STEPS)}<article>{said('Own', 9)}{cards}"
    assert read(page).count(TAKES[0]) == 1


def test_posts_in_a_post_beside_the_one_under_the_pages_title_are_others() -> None:
    others = "".join(f"<article>{said(f'Other{n}', 4)}</article>" for n in range(4))
    own = f"<article><h1>Harvest</h1>{said('Own', 6)}</article>"
    text = read(f"<title>Harvest</title><div>{own}<article>{others}</article></div>")
    assert "Own 5" in text
    assert "Other0" not in text


def test_a_card_that_bears_the_pages_title_is_not_its_article(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("proxy.compiler.tree.main_content", lambda page: tree.first(page, ".own"))
    cards = "".join(
        f"<article><h3>{title}</h3>{said(title, 3)}</article>"
        for title in ("Harvest", *(f"Other {n}" for n in range(6)))
    )
    own = f"<h1>The year in the valley</h1><div class=own>{said('Own', 10)}</div>"
    head = "<title>Harvest - News</title><meta property=og:title content=Harvest>"
    text = read(f"{head}<main>{own}</main><div class=slider>{cards}</div>")
    assert "Own 9" in text


VERSE = "".join(f"<div>Line {n} of a verse</div>" for n in range(12))


@pytest.mark.parametrize(
    "declared", ["<article>", "<div class=entry-content>", "<div class=hentry>"]
)
def test_a_text_without_paragraphs_is_an_article_where_it_is_declared(declared: str) -> None:
    assert "Line 11" in read(f"<title>Verse</title><h1>Verse</h1>{declared}{VERSE}")


@pytest.mark.parametrize(
    "markup", [f"<div>{VERSE}", "<article>Nothing here", f"<article><a href=/>{VERSE}</a>"]
)
def test_a_page_that_declares_none_or_next_to_none_has_no_article(markup: str) -> None:
    with pytest.raises(SourceProblem) as refused:
        read(f"<title>Verse</title><h1>Verse</h1>{markup}")
    assert refused.value.code == "not_an_article"


@pytest.mark.parametrize(
    "between",
    [
        "<h2>The prices from 01.01.2024</h2>",
        "<p><a href=http://a.example/2017/02/14/tea>a.example/2017/02/14/tea</a></p>",
    ],
)
def test_no_heading_and_no_link_with_a_date_ends_what_was_said_before_it(between: str) -> None:
    opening = f"<p>An opening of the text, {TEXT}</p>"
    text = read(f"<title>Tea</title><h1>Tea</h1><article>{opening}{between}{said('Row', 20)}")
    assert "An opening of the text" in text


@pytest.mark.parametrize(
    "opening",
    [
        "<p>An opening of the text, in a line and no more.</p><h2>The harvest in the valley</h2>",
        "<p>An opening of the text, in a line and no more.</p><h2 class=card-subtitle>Pros</h2>",
        "<p>An opening of the text, in a line and no more.</p>"
        "<p>And another line, as long as the one above it.</p>"
        "<p>The summit on May 4, 2026</p>",
        f"<p>An opening of the text, {TEXT}</p><p class=byline>By Mira Tan</p>",
    ],
)
def test_an_opening_is_read_whatever_stands_below_it(opening: str) -> None:
    """The title as a chapter's heading, a date among paragraphs, a byline below a summary."""
    head = "<title>The harvest in the valley</title><article><h1>The harvest in the valley</h1>"
    assert "An opening of the text" in read(f"{head}{opening}{said('Row', 20)}")


def test_a_text_in_boxes_with_pictures_is_read_from_its_first_box() -> None:
    boxes = "".join(
        f"<div class=image-box><img src=/{n}.jpg>{said(f'Box{n}', 2)}</div>" for n in range(20)
    )
    text = read(f"<title>Tea</title><article><h1>Tea</h1>{boxes}{PARAGRAPHS}</article>")
    assert "Box0" in text


OWN = f"<div class=entry-content>{said('Row', 20)}</div>"
SUMMARY = f"A summary of the harvest. {TEXT}"


@pytest.mark.parametrize(
    "above",
    [
        f"<h1>Harvest</h1><p class=lead>{SUMMARY}</p>",
        f"<h1>Harvest</h1><div class=article__lead><p>{SUMMARY}</p></div>",
        f"<h1>Harvest</h1><p>By Mei Lin</p><div class='news-teaser-text teaser'>{SUMMARY}</div>",
        f"<h1>Harvest</h1><p>{SUMMARY}</p>",
        f"<h1>News</h1><h2>{SUMMARY}</h2>",
    ],
)
def test_a_summary_that_a_site_keeps_apart_from_the_text_opens_it(above: str) -> None:
    text = read(f"<title>Harvest</title><header>{above}</header>{OWN}")
    assert text.index("A summary") < text.index("Row 0")
    assert text.count("A summary") == 1


@pytest.mark.parametrize(
    "above",
    [
        f"<p class=teaser>{SUMMARY}</p><h1>Harvest</h1>",
        f"<h1>Harvest</h1><p class=caption>{SUMMARY}</p>",
        f"<h1>Harvest</h1><div class=related><p>{SUMMARY}</p></div>",
        f"<h1>Harvest</h1><p>{SUMMARY[:-1]}</p>",
        "<h1>Harvest</h1><p class=lead>A summary of few words</p>",
        f"<h1>Harvest</h1><p class=lead style='display:none'>{SUMMARY}</p>",
    ],
)
def test_no_other_line_above_a_text_is_taken_for_its_summary(above: str) -> None:
    text = read(f"<title>Harvest</title><header>{above}</header>{OWN}")
    assert "A summary" not in text


def test_a_summary_that_the_text_opens_with_is_not_said_twice() -> None:
    twice = f"<p class=lead>{SUMMARY}</p>"
    body = f"<div class=entry-content>{twice}{said('Row', 20)}</div>"
    text = read(f"<title>Harvest</title><header><h1>Harvest</h1>{twice}</header>{body}")
    assert text.count("A summary") == 1
