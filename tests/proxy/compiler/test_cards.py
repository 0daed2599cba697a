"""What a link card shows if facts differ, are cut, or are on every page of a site."""

from collections.abc import Callable

import pytest

from proxy.page import Page

from .conftest import PARAGRAPHS, article, linked

Brand = Callable[..., Page]
RAIN = "Rain delays the tea harvest"
OPEN_GRAPH = "<meta property=og:title content='{}'>"


def titled(named: str, shown: str, head: str = "") -> str:
    return (
        f"<head><title>{named}</title>{head}</head><body>{shown}"
        f"<article class=entry-content>{PARAGRAPHS}</article>"
    )


@pytest.mark.parametrize(
    ("named", "shared", "shown", "title"),
    [
        (RAIN, "Press releases", f"<h1>{RAIN}</h1>", RAIN),
        (f"VP: {RAIN}", "Press releases", f"<h1>{RAIN}</h1>", RAIN),
        (RAIN, "Press releases", "<h1>Press releases</h1>", "Press releases"),
        (RAIN, "Press releases", "<h1>All of the news in one place</h1>", "Press releases"),
        (RAIN, "Baskets carried down a slope", f"<h1>{RAIN}</h1>", "Baskets carried down a slope"),
        (RAIN, "Valley and Slope Post", f"<h1>{RAIN}</h1><meta property=og:site_name "
         "content='Valley and Slope Post'>", RAIN),
    ],
)  # fmt: skip
def test_a_title_that_a_site_shares_all_its_pages_by_gives_way_to_the_headline(
    brand: Brand, named: str, shared: str, shown: str, title: str
) -> None:
    markup = titled(named, shown, OPEN_GRAPH.format(shared))
    assert brand(markup).article.title == title


@pytest.mark.parametrize(
    ("url", "named", "shown", "title"),
    [
        ("https://www.teepost.example/1", "Rain on tea | Teepost of all comics",
         "<h1>Teepost of all comics</h1><h1>Rain on tea</h1>", "Rain on tea"),
        ("https://www.teebluete.example/1", "Rain on tea | Teeblüte all the news",
         "<h1>Teeblüte all the news</h1><h1>Rain on tea</h1>", "Rain on tea"),
        ("https://archive.teepost.example/1", f"{RAIN} : Teepost-Archive", "", RAIN),
        ("https://tpst.example/1", f"Tea: {RAIN} : TPST and its friends", "", f"Tea: {RAIN}"),
        ("https://tea.example/1", "Europe : the tea market grows", "",
         "Europe : the tea market grows"),
        ("https://tea-post.example/1", f"{RAIN} (Tea Post)", "", RAIN),
        ("https://news.example/1", "Customs - Notes - Teetransportverordnung announced",
         "<h1>Teetransportverordnung announced</h1><p class=headline>All of the day's news</p>",
         "Teetransportverordnung announced"),
        ("https://news.example/1", f"{RAIN} : 31.10.2026, 10.19 Uhr", "", RAIN),
        ("https://news.example/1", f"{RAIN} -", "", RAIN),
        ("https://wei.example/1", "Rain on tea | Notes of Wei and Lin",
         "<a href=/><span>Notes of Wei and Lin</span></a><div>Rain on tea</div>", "Rain on tea"),
    ],
)  # fmt: skip
def test_a_site_or_a_day_beside_a_headline_is_left_out(
    brand: Brand, url: str, named: str, shown: str, title: str
) -> None:
    assert brand(titled(named, shown), url=url).article.title == title


SEARCHED = "Tea care: 9 tips on rain"


@pytest.mark.parametrize(
    ("named", "shared", "shown", "title", "kind"),
    [
        (SEARCHED, SEARCHED, "<h1>What rain does to your tea</h1>", "What rain does to your tea",
         "BlogPosting"),
        (SEARCHED, SEARCHED, 2 * "<h1>What rain does to your tea</h1>",
         "What rain does to your tea", "BlogPosting"),
        (SEARCHED, SEARCHED, "<h1>What rain does to your tea</h1>", SEARCHED, "NewsArticle"),
        (SEARCHED, SEARCHED, "<h1>All about us and our valley</h1>", SEARCHED, "BlogPosting"),
        (SEARCHED, SEARCHED, "<h1>TEA CARE: 9 TIPS ON MORE RAIN</h1>", SEARCHED, "BlogPosting"),
        (f"{RAIN} | A Post", f"{RAIN} | A Post", f"<h1>Weather: {RAIN}</h1>", f"Weather: {RAIN}",
         "BlogPosting"),
        ("Tea", f"{RAIN} - a guide", f"<h1>{RAIN} – a guide</h1>", f"{RAIN} – a guide",
         "BlogPosting"),
        ("Tea", SEARCHED, "<h1>What rain does to your tea</h1>", SEARCHED, "BlogPosting"),
        (f"{SEARCHED} - A Post", SEARCHED, "<h1>What rain does to your tea</h1>", SEARCHED,
         "BlogPosting"),
        (SEARCHED, SEARCHED, f"<h2>{SEARCHED}</h2><h1>What rain does to your tea</h1>", SEARCHED,
         "BlogPosting"),
        (f"{RAIN}, 2026", f"{RAIN}, 2026", f"<h1>{RAIN}</h1>", RAIN, "BlogPosting"),
        (f"{RAIN}, 2026", f"{RAIN}, 2026", f"<h1>{RAIN}</h1>", f"{RAIN}, 2026", "NewsArticle"),
    ],
)  # fmt: skip
def test_outside_papers_the_heading_shown_says_what_a_title_for_search_engines_only_resembles(
    brand: Brand, named: str, shared: str, shown: str, title: str, kind: str
) -> None:
    head = OPEN_GRAPH.format(shared) + linked(**{"@type": kind})
    assert brand(titled(named, shown, head)).article.title == title


@pytest.mark.parametrize(
    ("named", "shown", "title"),
    [
        ("Rain delays the tea | A Post", RAIN, "Rain delays the tea"),
        ("", f"all the news</h1><h1>{RAIN}", RAIN),
    ],
)
def test_a_page_is_called_by_its_title_and_without_one_by_its_headline(
    brand: Brand, named: str, shown: str, title: str
) -> None:
    assert brand(titled(named, f"<h1>{shown}</h1>")).article.title == title


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (linked(**{"@type": "Article", "headline": "Rain&amp;#8230; again"}), "Rain… again"),
        ("<meta name=dc.title content='Remote tea storage'>", "Remote tea storage"),
        ("<meta name=citation_title content='Remote tea storage'>", "Remote tea storage"),
        (linked(**{"@type": "Recipe", "name": "Rain tea"}), "Rain tea"),
        (linked(**{"@type": "WebPage", "name": "Rain tea"}), "Notes of a tea group"),
        (OPEN_GRAPH.format("Recipe for Rain and mint tea")
         + linked(**{"@type": "Recipe", "name": "Rain and mint tea"}), "Rain and mint tea"),
    ],
)  # fmt: skip
def test_what_names_the_article_counts_before_the_pages_own_title(
    brand: Brand, head: str, title: str
) -> None:
    assert brand(titled("Notes of a tea group", "", head)).article.title == title


def test_of_several_headings_the_headline_is_the_one_of_more_words(brand: Brand) -> None:
    shared = OPEN_GRAPH.format(f"Teatime - {RAIN} - The Post of all valleys")
    markup = titled("Tea", f"<h1>teatime</h1><h1>{RAIN}</h1>", shared)
    assert brand(markup).article.title == RAIN


def test_hyphens_that_show_only_at_a_lines_end_make_no_words(brand: Brand) -> None:
    shown = "<h1>Pri&shy;vat&shy;per&shy;so&shy;nen</h1><h1>Rain delays tea</h1>"
    assert brand(titled("News - Rain delays tea", shown)).article.title == "Rain delays tea"


@pytest.mark.parametrize(
    ("shared", "publisher", "site"),
    [
        ("The Tea Blog", {"name": "Tea"}, "The Tea Blog"),
        ("The Post", {"name": "post"}, "The Post"),
        ("Valley magazine", {"name": "magazine"}, "Valley magazine"),
        ("Post", {"name": "POST"}, "Post"),
        ("Post.example of all valleys", {"name": "Post"}, "Post.example of all valleys"),
        ("Post.com of all valleys", {"name": "Post"}, "Post"),
        ("Post Inc", {"name": "Post"}, "Post"),
        ("ann.example", {"name": "Ann Lee", "@type": ["Person", "Organization"]}, "ann.example"),
        ("ann.example", {"name": "Tea Media GmbH"}, "ann.example"),
        ("https://www.tea.example/", {}, "tea.example"),
        ("www.tea.example", {}, "tea.example"),
        ("tea.example/", {}, "tea.example"),
        ("Tea/Rain", {}, "Tea/Rain"),
        (f"{RAIN} | Post", {}, "news.example"),
        (RAIN, {}, "news.example"),
        ("Rain and Tea Post", {}, "Rain and Tea Post"),
    ],
)
def test_a_site_is_called_as_open_graph_has_it_unless_its_publisher_takes_more_care(
    brand: Brand, shared: str, publisher: dict[str, object], site: str
) -> None:
    data = linked(**{"@type": "Article", "publisher": publisher})
    head = f"<meta property=og:site_name content='{shared}'>{data}"
    titled = f"{OPEN_GRAPH.format(RAIN)}{head}" if RAIN in shared else head
    assert brand(article(head=titled)).article.site == site


@pytest.mark.parametrize(
    ("named", "link", "site"),
    [
        (f"{RAIN} - Tea Post", "/", "Tea Post"),
        (f"{RAIN} | Tea Post", "https://news.example/", "Tea Post"),
        (f"{RAIN} | Tea Post", "https://news.example", "Tea Post"),
        (f"{RAIN} | Tea Post", "/about", "news.example"),
        (f"{RAIN} in the Tea Post", "/", "news.example"),
        ("Tea Post", "/", "news.example"),
    ],
)
def test_a_site_that_declares_no_name_is_called_as_title_and_first_link_agree(
    brand: Brand, named: str, link: str, site: str
) -> None:
    page = titled(named, f"<a href='{link}'>Tea Post</a><h1>{RAIN}</h1>")
    assert brand(page, url="https://news.example/1").article.site == site


@pytest.mark.parametrize(
    ("named", "image"),
    [
        ("https://s.example/i/blank.jpg", "https://news.example/own.jpg"),
        ("/spacer-1x1.gif?x", "https://news.example/own.jpg"),
        ("/img/social_placeholder.png", "https://news.example/own.jpg"),
        ("/", "https://news.example/own.jpg"),
        ("/apple-touch-icon-1.png", "https://news.example/own.jpg"),
        ("/header-logo.svg", "https://news.example/own.jpg"),
        ("/apple-touch-icon@2.png?v=1", "https://news.example/own.jpg"),
        ("/tea@2x.ico", "https://news.example/own.jpg"),
        ("https://secure.gravatar.com/blavatar/1?s=200", "https://news.example/own.jpg"),
        ("/a-blank-page.jpg", "https://news.example/a-blank-page.jpg"),
    ],
)
def test_what_a_template_names_for_want_of_a_picture_gives_way_to_the_articles_first(
    brand: Brand, named: str, image: str
) -> None:
    own = (
        "<p><img src=/sprites.svg?v=1 width=600><img src=/blank.gif></p>"
        "<p><img src=/own.jpg width=600 height=400></p>"
    )
    head = f"<meta property=og:image content='{named}'>"
    assert brand(article(own, head=head)).card.image == image


def test_a_picture_is_an_address_of_one_that_a_chat_can_show(brand: Brand) -> None:
    graph = [{"@type": "Article", "image": {"@id": "/1#i"}}, {"@id": "/1#i", "url": "/i.jpg"}]
    drawn = "<meta property=og:image content=/logo.svg>"
    assert brand(article(head=drawn + linked(**{"@graph": graph}))).article.image == (
        "https://news.example/i.jpg"
    )
    assert brand(article(head=linked(**graph[0]))).article.image == ""


@pytest.mark.parametrize(
    ("said", "description"),
    [
        ("The &amp;quot;Blue House&amp;quot;", 'The "Blue House"'),
        (f"{'tea ' * 124}harvest", f"{'tea ' * 123}tea…"),
        ("x" * 501, f"{'x' * 500}…"),
        ("x" * 500, "x" * 500),
    ],
)
def test_a_description_is_unescaped_and_ends_at_a_word(
    brand: Brand, said: str, description: str
) -> None:
    head = f"<meta property=og:description content='{said}'>"
    assert brand(article(head=head)).card.description == description


@pytest.mark.parametrize("said", [RAIN, f"{RAIN}.", "Tea Post", ","])
def test_a_description_that_says_the_title_or_the_site_again_gives_way_to_the_opening(
    brand: Brand, said: str
) -> None:
    named = "<meta property=og:site_name content='Tea Post'>" + OPEN_GRAPH.format(RAIN)
    head = f"{named}<meta property=og:description content='{said}'>"
    assert brand(article(head=head)).card.description == brand(article(head=named)).card.description
    longer = f"{head}<meta name=description content='{RAIN} again'>"
    assert brand(article(head=longer)).card.description == f"{RAIN} again"
