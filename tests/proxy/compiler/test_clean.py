"""What remains of a publisher's page, and how it is changed."""

from collections.abc import Callable

import pytest

from proxy.compiler import tree
from proxy.compiler.clean import clean
from proxy.compiler.urls import Base
from proxy.errors import SourceProblem
from proxy.page import Page

from .conftest import PARAGRAPHS, article, written

Brand = Callable[..., Page]
FLOWS = "inset:auto!important;"
CLIPPED = f"{FLOWS}overflow-x:clip!important;"
LOOSE = "height:auto!important;min-height:0!important;"
# As several browsers' prefixes make a rule.
LONG = "transition:transform .3s cubic-bezier(.4,.07,.5,1.3);" * 14
UNSEEN = "display:none!important;position:static"
WEB = "https://news.example"
SHEET = f'<link rel="stylesheet" href="{WEB}/a.css">'
# What the reader's script looks for in a page.
OURS = ("note-card", "note-line", "note-pass", "note-room")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<link rel=stylesheet href=/a.css>", SHEET),
        ("<link rel=preload as=style href=/a.css onload=x>", SHEET),
        ("<link rel=stylesheet href=/a.css media=print onload=x>", SHEET[:-1] + ' media="all">'),
        (
            "<style>p{background:url(i/x.png)}</style>",
            '<style>p{background:url("https://news.example/2026/i/x.png")}</style>',
        ),
        (
            "<style>@import 'a.css';</style>",
            '<style>@import "https://news.example/2026/a.css";</style>',
        ),
        (
            "<style>@import URL( a.css )screen;@import url('b.css');</style>",
            f'<style>@import "{WEB}/2026/a.css"screen;@import "{WEB}/2026/b.css";</style>',
        ),
        # Chromium's preload scanner asks for what is no address at all.
        *(
            (f"<style>@import {nothing};</style>", "<style>@gone ")
            for nothing in ("a.css", "src('a.css')", "url(a b)", "url()", "/**/'a.css'", "''")
        ),
        (
            "<style>.bar{position:fixed;top:0}</style>",
            f"<style>.bar{{{CLIPPED}position:relative;top:0}}</style>",
        ),
        (
            "<style>@supports (position:sticky){a{top:0}}</style>",
            "<style>@supports (position:static){a{top:0}}</style>",
        ),
        (
            "<style>.veil{height:100vh;position:fixed}</style>",
            f"<style>.veil{{height:100vh;{CLIPPED}{LOOSE}position:relative}}",
        ),
        (
            "<style>.head{max-height:100%;min-height:60px;position:fixed}</style>",
            f"<style>.head{{max-height:100%;min-height:60px;{CLIPPED}position:relative}}</style>",
        ),
        (
            "<style>a{left:-9999px}.menu{position:fixed;left:-100%}</style>",
            f"<style>a{{left:-9999px}}.menu{{{UNSEEN};left:-100%}}</style>",
        ),
        (  # of several, the last is judged
            "<style>.bar{position:fixed;opacity:0;position:fixed}</style>",
            f"<style>.bar{{{CLIPPED}position:relative;opacity:0;{UNSEEN}}}</style>",
        ),
        (
            "<style>.bar{position:fixed;opacity:0;& b{position:fixed}}</style>",
            f"<style>.bar{{{UNSEEN};opacity:0;& b{{{CLIPPED}position:relative}}}}</style>",
        ),
        (
            "<style>.bar{bottom:0;z-index:9;position:fixed}</style>",
            f"<style>.bar{{bottom:0;z-index:9;{UNSEEN}}}</style>",
        ),
        (
            "<style>.buttons{top:40%;left:0;z-index:9;position:fixed}</style>",
            f"<style>.buttons{{top:40%;left:0;z-index:9;{UNSEEN}}}</style>",
        ),
        (
            "<style>.fly{position:fixed;transform:translate3d(320px,0,0)}</style>",
            f"<style>.fly{{{UNSEEN};transform:translate3d(320px,0,0)}}",
        ),
        (
            "<style>.menu{position:fixed;transform:translateY(calc(-100% - 5px))}</style>",
            f"<style>.menu{{{UNSEEN};transform:translateY(calc(-100% - 5px))}}",
        ),
        (
            "<style>.all{top:0;bottom:0;z-index:9;position:fixed}</style>",
            f"<style>.all{{top:0;bottom:0;z-index:9;{CLIPPED}position:relative}}</style>",
        ),
        (
            "<style>.foot{bottom:0;z-index:-1;position:fixed}</style>",
            f"<style>.foot{{bottom:0;z-index:-1;{CLIPPED}position:relative}}</style>",
        ),
        (
            "<style>.column{position:var(--place)}</style>",
            f"<style>.column{{{FLOWS}position:relative}}</style>",
        ),
        (
            "<style>.sky{position:var(--place);min-height:calc(100vh - 9px)}</style>",
            f"<style>.sky{{{FLOWS}{LOOSE}position:relative;min-",
        ),
        (
            "<style>.told{position:attr(data-p type(*))}</style>",
            f"<style>.told{{{FLOWS}position:relative}}</style>",
        ),
        (
            "<style>.own{position:--f()}</style>",
            f"<style>.own{{{FLOWS}position:relative}}</style>",
        ),
        (
            "<style>a{z\\2dindex:9e9}b{z-i\\00006edex:9999999999}</style>",
            "<style>a{z-index:min(999999999,9e9)}b{z-index:999999999}</style>",
        ),
        (
            "<style>html{scroll-behavior:smooth;behavior:url(x.htc)}</style>",
            '<style>html{scroll-behavior:smooth;xurl("https://news.example/2026/x.htc")}</style>',
        ),
        (
            "<style>.head{position:sticky;top:-120px}</style>",
            f"<style>.head{{{FLOWS}position:relative;top:-120px}}</style>",
        ),
        (
            "<style>.side{position:fixed!important;opacity:.0001}</style>",
            f"<style>.side{{{UNSEEN}!important;opacity:.0001}}</style>",
        ),
        (
            "<style>.side{transform:translateX(\n -110%);position:fixed;right:0}</style>",
            f"<style>.side{{transform:translateX(\n -110%);{UNSEEN};right:0}}</style>",
        ),
        (
            "<style>.side{height:100%;width:0;position:fixed;overflow-x:hidden}</style>",
            f"<style>.side{{height:100%;width:0;{UNSEEN};overflow-x:hidden}}</style>",
        ),
        (
            "<style>.head{height:0;position:fixed}</style>",
            f"<style>.head{{height:0;{CLIPPED}position:relative}}</style>",
        ),
        (
            "<style>.side{width:60%;right:-60%;position:fixed}</style>",
            f"<style>.side{{width:60%;right:-60%;{UNSEEN}}}</style>",
        ),
        (
            "<style>.side{position:fixed;left:110%}</style>",
            f"<style>.side{{{UNSEEN};left:110%}}</style>",
        ),
        (
            f"<style>.side{{position:fixed;{LONG}left:-390px}}</style>",
            f"<style>.side{{{UNSEEN};{LONG}left:-390px}}</style>",
        ),
        (
            "<style>.bar{position:fixed !important;top:0}</style>",
            f"<style>.bar{{{CLIPPED}position:relative !important;top:0}}</style>",
        ),
        (
            "<style>.bar{position:fixed}.unseen{visibility:hidden}</style>",
            f"<style>.bar{{{CLIPPED}position:relative}}.unseen{{visibility:hidden}}</style>",
        ),
        ("<meta name=viewport content=a>", '<meta name="viewport" content="a">'),
        ("<meta name=theme-color content=#fff>", '<meta name="theme-color" content="#fff">'),
    ],
)
def test_what_of_the_head_stays(brand: Brand, given: str, kept: str) -> None:
    assert kept in written(brand(article(head=given)))


@pytest.mark.parametrize(
    "gone",
    [
        "<meta property=og:title content=theirs>",
        "<meta name=twitter:card content=theirs>",
        "<meta http-equiv=Content-Security-Policy content=theirs>",
        "<meta http-equiv=refresh content='5;url=theirs'>",
        "<meta name=referrer content=theirs>",
        "<link rel=canonical href=/theirs>",
        "<link rel=preconnect href=//theirs.example>",
        "<link rel='alternate stylesheet' href=/theirs.css>",
        "<base href=/theirs/>",
        "<script src=/theirs.js></script>",
        "<!-- theirs -->",
        "<style amp-boilerplate>body{visibility:hidden;theirs:1}</style>",
    ],
)
def test_what_of_the_head_goes(brand: Brand, gone: str) -> None:
    assert "theirs" not in written(brand(article(head=gone)))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<form class=f><p>Words</p></form>", '<div class="f"><p>Words</p></div>'),
        ("<object><p>Fallback</p></object>", "<p>Fallback</p>"),
        ("<navbar class=n onclick=x()>x</navbar>", '<span class="n">x</span>'),
        ("<p _ngcontent-c1 _ngx=1>x</p>", '<p _ngcontent-c1="">x</p>'),
        ("<table><form></form><td>A</table>", "<table><tbody><tr><td>A</td></tr></tbody></table>"),
        (
            "<p style='position:fixed;color:red'>x</p>",
            f'<p style="{CLIPPED}position:relative;color:red">x</p>',
        ),
        ("<a href=/x target=_blank>x</a>", f'<a href="{WEB}/x" target="_blank">x</a>'),
        ("<a href=/x target=_top>x</a>", f'<a href="{WEB}/x">x</a>'),
        ("<a href=/x target=_BLANK>x</a>", f'<a href="{WEB}/x">x</a>'),
        ("<a href>x</a>", "<a>x</a>"),
        ("<a href=/y>1</a><a href=/y>2</a>", f'<a href="{WEB}/y">1</a><a href="{WEB}/y">2</a>'),
        ("<a href=//other.example/x#y>x</a>", '<a href="https://other.example/x#y">x</a>'),
        ("<b id=' PASSALONG '>x</b>", "<b>x</b>"),
        ("<b style=''>x</b>", "<b>x</b>"),
        ("<b style='Z-Index:9999999999'>x</b>", '<b style="Z-Index:999999999">x</b>'),
        ("<form background=/x.png>x</form>", f'<div background="{WEB}/x.png">x</div>'),
        ("<pre>\n\n  two</pre>", "<pre>\n\n  two</pre>"),
        ("<my-card class=c>x</my-card>", '<my-card class="c">x</my-card>'),
        ("<svg viewBox=0><path d=M0></path>", '<svg viewBox="0"><path d="M0"></path></svg>'),
        (
            "<svg><path style='marker:url(x.svg#a)'></path></svg>",
            '<path style="marker:url(&quot;&quot;)">',
        ),
        ("<svg><path fill='url(#a)'></path></svg>", '<path fill="url(&quot;#a&quot;)">'),
        ("<math><mi>x</mi></math>", "<math><mi>x</mi></math>"),
        *((f"<{tag}><p>x</p></{tag}>", "<div><p>x</p></div>") for tag in OURS),
        ("<p data-kind=lead data-slot=x>x</p>", '<p data-kind="lead">x</p>'),
        (f"<p data-kind=lead data-{'k' * 100}=x>x</p>", '<p data-kind="lead">x</p>'),
    ],
)
def test_what_of_the_body_stays(brand: Brand, given: str, kept: str) -> None:
    assert kept in written(brand(article(given)))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE html>",
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
        ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
        '<!DOCTYPE html SYSTEM "about:legacy-compat">',
        "",
    ],
)
def test_the_doctype_is_the_publishers_own(brand: Brand, doctype: str) -> None:
    markup = article().replace("<!DOCTYPE html>", doctype)
    assert written(brand(markup)).partition("<html")[0] == doctype


@pytest.mark.parametrize(
    ("picture", "stays"),
    [
        ("<img src=/x.png width=1 height=1>", False),
        ("<img src=/x.jpg?crop=5 width=1 height=1 alt=Hills>", True),
        ("<img src=/x.gif width=1 height=1 alt=Hills>", False),
        ("<img src=/x.png style='width:1px;height:1px'>", False),
        ("<img src=/x.png style='width:0;height:0;min-width:100%;min-height:100%'>", True),
        ("<img src=/line.png style='width:100%;height:1px'>", True),
        ("<img src=//sb.scorecardresearch.com/p?c1=2>", False),
        ("<img src=https://www.facebook.com/tr?id=1>", False),
        ("<img src=https://www.facebook.com/photo.jpg>", True),
        ("<img src=https://notdoubleclick.net.example/a.jpg>", True),
        ("<img src=/piwik.php?idsite=6>", False),
        ("<img src=//SB.ScorecardResearch.com/p?c1=2>", False),
        ("<img src=/Piwik.PHP?idsite=6>", False),
        ("<img src=https://a.example/d.gif?c=stock>", False),
        ("<img src=/count.gif?GUID=1>", False),
        ("<img src=/counter.gif>", True),
        ("<img src=/statistics.png?w=600>", True),
    ],
)
def test_pictures_that_count_readers_go(brand: Brand, picture: str, stays: bool) -> None:
    assert ("<img" in written(brand(article(picture)))) == stays


def test_an_address_weighs_as_often_as_it_is_there() -> None:
    document = tree.parse("<a href=x>x</a>" * 2000)
    with pytest.raises(SourceProblem, match="addresses"):
        clean(document, Base(f"https://news.example/{'p' * 8000}/"))


def test_links_start_from_the_declared_base_which_is_gone(brand: Brand) -> None:
    page = written(brand(article("<a href=x>x</a>", head="<base href=//cdn.example/y/>")))
    assert 'href="https://cdn.example/y/x"' in page
    assert "<base" not in page


@pytest.mark.parametrize(
    "hidden",
    [
        "<body style='opacity:0'>",
        "<body style='visibility: hidden !important; color:red'>",
        "<body class='async-hide page' hidden>",
    ],
)
def test_a_page_that_waits_hidden_for_its_script_is_shown(brand: Brand, hidden: str) -> None:
    page = written(brand(article().replace("<body>", hidden)))
    opening = page[page.index("<body") : page.index(">", page.index("<body"))]
    assert not any(word in opening for word in ("opacity:0", "hidden", "async-hide"))


def test_an_article_that_waits_hidden_is_shown(brand: Brand) -> None:
    markup = (
        f"<body><div class=entry-content style='visibility:hidden;opacity:0'>{PARAGRAPHS}</div>"
    )
    page = written(brand(markup))
    assert 'style="visibility:visible!important;opacity:1!important"' in page


def test_markup_that_changes_when_read_again_is_settled_or_shown_as_reader(brand: Brand) -> None:
    page = brand(article("<a><form><div><a href=/x>inner</a></div></form></a>"))
    assert page.mode in ("full", "reader")
    assert "inner" in written(page)


@pytest.mark.parametrize("depth", range(396, 404))
def test_drawing_deeper_than_browsers_parse_is_clean_as_well(brand: Brand, depth: int) -> None:
    drawn = "<svg><g><a onclick=x()><article onclick=x()>deep</article></a></g></svg>"
    page = written(brand(article("<div>" * depth + drawn)))
    assert "onclick" not in page
    assert "<article>" not in page.partition("<svg")[2]
