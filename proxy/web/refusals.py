"""What the console says when a link cannot be shared: what happened, why, what to do next. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ads.web.console.words import marked

Next = Literal["paste", "copy", "tell", "check", "again", "card", "wait", "back"]


@dataclass(frozen=True)
class Refusal:
    """`title` and `why` are messages of the catalogue; the first of `nexts` is the main one."""

    title: str
    why: str
    nexts: tuple[Next, ...]
    icon: str = "warn"


_NO_ANSWER = Refusal(
    marked("The site does not answer"),
    marked("It may be busy or away. Nothing is wrong with your link as far as we can see."),
    ("again", "paste"),
    "wait",
)
_NOT_IN = Refusal(
    marked("The site does not let us in"),
    marked("It asks visitors to sign in or turns away programs like ours."),
    ("copy", "paste"),
    "lock",
)
_UNUSABLE = Refusal(
    marked("This address cannot be used"),
    marked("It has to be the public http or https address of an article."),
    ("paste",),
)
_MOMENT = Refusal(
    marked("One moment"), marked("It goes on by itself as soon as it can."), ("wait",), "wait"
)
_OURS = Refusal(
    marked("Something went wrong on our side"),
    marked("Load the page again. If it stays, tell whoever runs this Passalong."),
    ("again", "paste"),
)

REFUSALS: Mapping[str, Refusal] = {
    "refused_by_publisher": Refusal(
        marked("The publisher asks not to be copied"),
        marked("We keep to that, so your ad cannot ride on this one."),
        ("paste", "copy"),
        "lock",
    ),
    "not_an_article": Refusal(
        marked("This isn't an article"),
        marked("There is no story for an ad to ride on. Open one story and copy its own link."),
        ("paste", "tell"),
    ),
    "source_not_found": Refusal(
        marked("There is nothing at this address"),
        marked("The site answered that it has no such page."),
        ("check",),
    ),
    "unreachable": _NO_ANSWER,
    "source_timeout": _NO_ANSWER,
    "source_refused": _NOT_IN,
    "login_required": _NOT_IN,
    "bad_url": _UNUSABLE,
    "blocked_address": _UNUSABLE,
    "invalid": Refusal(
        marked("Some fields need a change."), marked("Nothing you typed is lost."), ("back",)
    ),
    "too_big": Refusal(
        marked("This page is too large"),
        marked("It has more than 5 MB of text."),
        ("card", "paste"),
    ),
    "rate_limited": _MOMENT,
    "store_unavailable": _MOMENT,
}

# Why less of the article is shown: the reasons of `proxy.rights`, each as half a sentence.
REASONS: Mapping[str, str] = {
    "noarchive": marked("the publisher allows no copy (noarchive)"),
    "nosnippet": marked("the publisher allows no excerpt (nosnippet)"),
    "unavailable_after": marked("the publisher took it back (unavailable_after)"),
    "tdm-reservation": marked("the publisher reserves its rights (tdm-reservation)"),
    "robots.txt": marked("the publisher's robots.txt names us"),
    "paywall": marked("the article is behind a paywall"),
    "opt-out": marked("the publisher keeps its pages out of Passalong"),
    "operator": marked("whoever runs this Passalong allows no more of it"),
    "unstable_markup": marked("the page does not survive being cleaned"),
    "media_pdf": marked("a PDF is shared as a link card"),
    "media_picture": marked("a picture is shared as a link card"),
    "media_audio": marked("a recording is shared as a link card"),
    "media_video": marked("a film is shared as a link card"),
}

MODES: Mapping[str, tuple[str, str]] = {
    "full": (marked("Full page"), marked("As published, cleaned of scripts.")),
    "reader": (marked("Reader view"), marked("Text and pictures in a plain layout.")),
    "excerpt": (marked("Excerpt"), marked("The opening, then a link to the source.")),
    "card": (marked("Link card"), marked("Title, picture and link only.")),
}

RIGHTS: Mapping[str, str] = {
    "mine": marked("It is mine"),
    "licensed": marked("I have a licence"),
    "quotation": marked("I quote it"),
}

# Why a place was left out: the reasons of `proxy.compiler` and `proxy.shares`.
SKIPPED: Mapping[str, str] = {
    "too_short": marked("the article is too short"),
    "uncertain_body": marked("we are not sure where the text is"),
    "mode_excerpt": marked("an excerpt carries top and end only"),
    "mode_card": marked("a link card carries top and end only"),
}
NO_PLACE = marked("there is no place for it in this article")

# What the fetch and the compiler say most often of a page that is not taken.
_DETAILS: Mapping[str, str] = {
    "The source asks readers to prove themselves.": marked("a question whether readers are people"),
    "the page has next to no text of an article": marked("next to no text of an article"),
    "the page says that there is no article": marked("a page that says there is no article"),
}

_STATUS = re.compile(r"answered ([1-5]\d\d)\b")


def of(code: str) -> Refusal:
    """The words for a problem's code; an unforeseen one is our fault, not the link's."""
    return REFUSALS.get(code, _OURS)


def in_few_words(detail: str) -> tuple[str, str]:
    """A problem's detail in few words, and the operator's note on it ("" without one).

    The source's HTTP status needs no translation.
    """
    status = _STATUS.search(detail)
    if status:
        return f"HTTP {status[1]}", ""
    reason, _, note = detail.partition(": ")
    return (REASONS[reason], note) if reason in REASONS else (_DETAILS.get(detail, detail), "")
