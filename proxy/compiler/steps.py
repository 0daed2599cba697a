"""The steps that every page goes through, whatever its mode."""

from dataclasses import replace
from urllib.parse import urlsplit

import msgspec

from proxy.compiler import body, reader, tree
from proxy.compiler.blocks.lines import weigh, weigh_links
from proxy.compiler.clean import clean
from proxy.compiler.draft import Draft, draft
from proxy.compiler.facts import read
from proxy.compiler.scripted import (
    adverts,
    forms,
    mail,
    overlay,
    stills,
    streamed,
    unfilled,
    wechat,
)
from proxy.compiler.scripted.reveal import reveal
from proxy.compiler.scripted.unlazy import unlazy
from proxy.errors import SourceProblem
from proxy.page import Mode
from proxy.rights import Signals, lower, refusal
from proxy.source import Source

# A page with at least so many linked headlines, and for each less text than a teaser's, as `weigh`
# counts, is a list of articles.
HEADLINES = 6
TEASER = 500
# As `weigh` counts: as much of a description as chats show.
DESCRIPTION = 300


def prepare(source: Source, mode: Mode, outside: Signals) -> Draft:
    """A clean, complete draft with its mode decided.

    Raises SourceProblem: too_big, not_an_article, login_required, refused_by_publisher.
    """
    d = draft(source, mode, outside)
    _read_facts(d)
    _lower_mode(d)
    _rebuild_scripted(d)
    forms.drop(d.document)
    unlazy(d.document)
    stills.put(d.document, d.base)
    d.covered = unfilled.close(d.document)  # while it has its directives
    clean(d.document, d.base)
    overlay.lift(d.page_body)
    adverts.close(d.page_body)
    _find_body(d)
    _complete_card(d)
    _show(d)
    return d


def prepare_again(d: Draft) -> None:
    """Repeat what markup needs that changed when it was parsed again. Raises as `prepare`."""
    clean(d.document, d.base)
    _find_body(d)
    _show(d)


def _read_facts(d: Draft) -> None:
    """Read title, author, card and signals, before the cleaner removes their elements."""
    d.asks_password = tree.first(d.document, "input[type=password i]") is not None
    d.facts = read(d.document, d.source, d.base)


def _lower_mode(d: Draft) -> None:
    """Lower the mode to what the publisher allows. Raises SourceProblem: refused_by_publisher."""
    signals = d.facts.signals | d.outside
    verdict = lower(d.asked, signals, d.source.fetched_at)
    if verdict.mode is None:
        raise SourceProblem("refused_by_publisher", refusal(verdict, signals))
    d.mode, d.reason = verdict.mode, verdict.reason


def _rebuild_scripted(d: Draft) -> None:
    """Put content in place that a script would put there. Raises SourceProblem: not_an_article."""
    if streamed.settle(d.document):
        tree.flatten(d.document)
    mail.write_out(d.document)
    if wechat.is_wechat(d.source.url, d.document) and not wechat.build(d.document):
        raise SourceProblem("not_an_article", "the page says that there is no article")


def _find_body(d: Draft) -> None:
    """Find the article's body. Raises SourceProblem: not_an_article, login_required."""
    found = body.find(d.document, d.page_body, d.text, d.facts.article.title)
    if found is None and d.asks_password:
        raise SourceProblem("login_required", "the page asks for a password")
    if found is None or _is_home(d, found):
        raise SourceProblem("not_an_article", "the page has next to no text of an article")
    d.body = found


def _is_home(d: Draft, found: body.Body) -> bool:
    """Whether this is a site's home page: no declared article, and a doubtful body or headlines."""
    if urlsplit(d.source.url).path not in ("", "/") or d.facts.says_article:
        return False
    if not found.sure:
        return True
    headlines = tree.select(found.element, "h1 a, h2 a, h3 a, h4 a")
    leads = sum("#" not in tree.get(a, "href") for a in headlines)
    own = weigh(found.element.text) - weigh_links(found.element)
    return leads >= HEADLINES and own < TEASER * leads


def _complete_card(d: Draft) -> None:
    """Take a missing description from the text's opening, a missing picture from its first one.

    Not in mode `card`: a publisher who allows no more does not allow its text either.
    """
    if d.mode == "card":
        return
    card, article = d.facts.card, d.facts.article
    image = article.image or reader.first_picture(d.body.element)
    said = card.description or " ".join(reader.opening(d.body.blocks, DESCRIPTION))
    d.facts = replace(
        d.facts,
        article=msgspec.structs.replace(article, image=image),
        card=msgspec.structs.replace(card, image=image, description=said),
    )


def _show(d: Draft) -> None:
    """Show what is hidden until a script runs; remove what only a script would have shown."""
    if d.body.sure:
        unfilled.drop(d.covered, d.body.element)
        unfilled.empty(d.page_body, d.body.element)
    reveal(d.root, d.page_body, d.body.element)
