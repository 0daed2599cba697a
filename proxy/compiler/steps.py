"""What is done to every page, whatever its mode: a list of small named steps, run by a loop."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import msgspec

from proxy.compiler import body, reader, tree
from proxy.compiler.blocks.lines import weigh
from proxy.compiler.clean import clean
from proxy.compiler.draft import DEEPEST, Draft, draft
from proxy.compiler.facts import read
from proxy.compiler.scripted import adverts, forms, overlay, stills, streamed, unfilled, wechat
from proxy.compiler.scripted.reveal import reveal
from proxy.compiler.scripted.unlazy import unlazy
from proxy.errors import SourceProblem
from proxy.page import Mode
from proxy.rights import Signals, lower
from proxy.source import Source

# So many linked headlines make a list of articles, not one, with no more text to each, as `weigh`
# counts, than teasers have.
HEADLINES = 6
TEASER = 500
# As `weigh` counts: what a chat shows of a description.
DESCRIPTION = 300


def read_facts(d: Draft) -> None:
    """Title, author, card, signals, before the cleaner takes their elements away."""
    d.asks_password = tree.first(d.document, "input[type=password i]") is not None
    d.facts = read(d.document, d.source, d.base, d.text)


def lower_mode(d: Draft) -> None:
    """What the publisher allows."""
    verdict = lower(d.asked, d.facts.signals | d.outside, d.source.fetched_at)
    if verdict.mode is None:
        raise SourceProblem("refused_by_publisher", verdict.reason)
    d.mode, d.reason = verdict.mode, verdict.reason


def rebuild_scripted(d: Draft) -> None:
    """Content that only a script shows in its place. Raises SourceProblem: not_an_article."""
    if streamed.streams(d.document):
        streamed.settle(d.document)
        tree.flatten(d.document, DEEPEST)
    if wechat.is_wechat(d.source.url, d.document):
        wechat.build(d.document)
        if not wechat.has_article(d.document):
            raise SourceProblem("not_an_article", "the page says that there is no article")


def drop_forms(d: Draft) -> None:
    """Forms of a search, of comments, of a newsletter."""
    forms.drop(d.document)


def give_pictures(d: Draft) -> None:
    """Pictures that wait for scripts; stills for films, sounds and cards."""
    unlazy(d.document)
    stills.put(d.document, d.base)


def close_unfilled(d: Draft) -> None:
    """What opens by a tap; what waits for a condition is noted, before the cleaner forgets it."""
    d.covered = unfilled.close(d.document)


def clean_up(d: Draft) -> None:
    """Nothing that runs, asks or fetches ahead; every address absolute."""
    clean(d.document, d.base)


def lift_overlays(d: Draft) -> None:
    """What lay over the page until a script took it away."""
    overlay.lift(d.page_body)


def close_adverts(d: Draft) -> None:
    """Places for adverts, which no script fills."""
    adverts.close(d.page_body)


def find_body(d: Draft) -> None:
    """Where the article is. Raises SourceProblem: not_an_article, login_required."""
    found = body.find(d.document, d.page_body, d.text, d.facts.article.title)
    if found is None and d.asks_password:
        raise SourceProblem("login_required", "the page asks for a password")
    if found is None or _is_home(d, found):
        raise SourceProblem("not_an_article", "the page has next to no text of an article")
    d.body = found


def _is_home(d: Draft, found: body.Body) -> bool:
    """A site's first page that calls itself no article: in doubt, or headlines that lead on."""
    if urlsplit(d.source.url).path not in ("", "/") or d.facts.says_article:
        return False
    if not found.sure:
        return True
    headlines = tree.select(found.element, "h1 a, h2 a, h3 a, h4 a")
    leads = sum("#" not in tree.get(a, "href") for a in headlines)
    linked = sum(weigh(a.text) for a in tree.elements(found.element, "a"))
    return leads >= HEADLINES and weigh(found.element.text) - linked < TEASER * leads


def complete_card(d: Draft) -> None:
    """What the page does not say of itself its text shows: an opening, a first picture.

    Not for a card: who allows no more of a page does not allow its words either.
    """
    if d.mode == "card":
        return
    card, article = d.facts.card, d.facts.article
    image = article.image or reader.first_picture(d.body.element)
    said = card.description or " ".join(reader.opening(d.body.element, DESCRIPTION))
    d.facts = replace(
        d.facts,
        article=msgspec.structs.replace(article, image=image),
        card=msgspec.structs.replace(card, image=image, description=said),
    )


def show(d: Draft) -> None:
    """What waited hidden for a script; what only a script would have shown does not stand open."""
    if d.body.sure:
        unfilled.drop(d.covered, d.body.element)
        if unfilled.has_places(d.text):
            unfilled.empty(d.page_body, d.body.element)
    reveal(d.root, d.page_body, d.body.element)


Step = Callable[[Draft], None]
COMMON: tuple[Step, ...] = (
    read_facts,
    lower_mode,
    rebuild_scripted,
    drop_forms,
    give_pictures,
    close_unfilled,
    clean_up,
    lift_overlays,
    close_adverts,
    find_body,
    complete_card,
    show,
)


# For markup that changed when it was read again.
AGAIN: tuple[Step, ...] = (clean_up, find_body, show)


def prepare(source: Source, mode: Mode, outside: Signals) -> Draft:
    """A draft that is clean and whole, its mode settled. Raises what the steps raise."""
    d = draft(source, mode, outside)
    for step in COMMON:
        step(d)
    return d
