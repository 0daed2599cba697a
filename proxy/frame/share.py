"""The sharer line (who shared the page, its source) and the block with ways to share it. Pure."""

from datetime import UTC, datetime
from functools import cache, lru_cache
from urllib.parse import quote

from markupsafe import Markup

from ads import i18n
from ads.markup import fill, join, tag
from ads.text import initials
from proxy.frame.head import site, web_address
from proxy.page import Article

KEPT = 100
"""Fragments that are cached, as most pages have the same."""


@cache
def _says(language: str) -> dict[str, str]:
    """Attributes of a button: the word that replaces its own after a press, also spoken aloud."""
    return {"data_said": i18n.gettext(language, "Copied"), "aria_live": "polite"}


@cache
def _icon(name: str) -> Markup:
    return tag("span", class_=f"e {name}")


def sharer_line(article: Article, *, sharer: str, advertiser: str = "", gone: bool = False) -> str:
    """The line above the article: who passed it along, and the source's name with its link.

    It starts the body and never sticks; phones hide a part of it. Without a `sharer` (the command
    has none) it only says whose ad the page carries. `gone`: the original is gone.
    """
    language = i18n.language(article.language)
    face = tag("span", initials(sharer), class_="a", aria_hidden="true") if sharer else ""
    line = tag(
        "p",
        face,
        _passed(sharer, advertiser, language),
        _origin(article, language),
        _line_share(language) if sharer else "",
    )
    kept = _kept(article, language) if gone else ""
    name = i18n.gettext(language, "About this page")
    # A landmark, so that readers who jump from one landmark to the next find it.
    return str(tag("note-line", line, kept, lang=language, role="region", aria_label=name))


def _kept(article: Article, language: str) -> Markup:
    """The note that this is the last copy, and from when, of an article that is gone."""
    note = i18n.gettext(language, "The original is gone. This is the last copy, from {date}.")
    day = datetime.fromtimestamp(article.fetched_at / 1000, UTC).date().isoformat()
    return tag("p", fill(note, date=tag("time", day, datetime=day)), class_="g", role="note")


@lru_cache(KEPT)
def _passed(sharer: str, advertiser: str, language: str) -> Markup:
    carries = i18n.gettext(language, "It carries an ad from {advertiser}.")
    sentence = fill(carries, advertiser=advertiser) if advertiser else Markup()
    if sharer:
        stop = "。" if language == "zh" else ". "
        passed = i18n.gettext(language, "{sharer} passed this along")
        more = tag("span", stop, sentence, class_="m") if sentence else sentence
        sentence = join(fill(passed, sharer=tag("b", sharer)), more)
    return tag("span", sentence, class_="w", data_passalong="sharer")


def _origin(article: Article, language: str) -> Markup:
    """The link to the source; empty if the command was not told the file's source."""
    if not site(article):
        return Markup()
    before, _, after = i18n.gettext(language, "Original at {site}").partition("{site}")
    more = tag("span", after, class_="m") if after else ""
    address = web_address(article.source_url)
    return tag(
        "a" if address else "span",
        tag("span", tag("span", before, class_="m"), site(article), more, class_="n"),
        _icon("x") if address else "",
        href=address,
        data_passalong="source",
    )


@cache
def _line_share(language: str) -> Markup:
    word = tag("span", i18n.gettext(language, "Share"))
    return _button(_icon("s"), word, class_="m", value="share", language=language)


@lru_cache(KEPT, typed=True)  # a str and an equal Markup are different arguments
def _button(*children: str, class_: str, value: str, language: str) -> Markup:
    """A button for the script; `value` is its action, `data-said` its word after a press."""
    says = _says(language)
    return tag("button", *children, type="button", class_=class_, value=value, **says)


def share_block(
    article: Article,
    *,
    share: str,
    pages_origin: str,
    console_origin: str,
    advertiser: str = "",
) -> str:
    """The block after the body: share, copy, share without the ad, make it mine, source, report.

    Without scripts, Share is a link to this page, and sharing without the ad one to the original.
    """
    language = i18n.language(article.language)
    title = i18n.gettext(language, "Pass it along")
    goes = i18n.gettext(language, "{advertiser}’s ad goes with it.")
    honest = i18n.gettext(language, "We count that a page was seen, not who saw it.")
    section = tag(
        "section",
        tag("h2", title),
        tag("p", fill(goes, advertiser=advertiser), class_="d") if advertiser else "",
        _buttons(article, f"{pages_origin}/s/{share}", language),
        _code(f"{pages_origin}/q/{share}", language),
        _rows(article, share, console_origin, language),
    )
    count = tag("a", honest, href=f"{console_origin}/about", class_="h")
    named: dict[str, str] = {"lang": language, "role": "region", "aria_label": title}
    return str(tag("note-pass", section, count, _sheet(language), **named))


def original_block(article: Article, *, advertiser: str = "") -> str:
    """The share block of a page in a file, which has no server and no script.

    It links to the original, to read or to share it without the ad; "" if its URL is unknown.
    """
    address = web_address(article.source_url)
    if not address:
        return ""
    language = i18n.language(article.language)
    goes = i18n.gettext(language, "It carries an ad from {advertiser}.")
    title = i18n.gettext(language, "Read the original")
    without = i18n.gettext(language, "Share the original, without the ad")
    section = tag(
        "section",
        tag("p", fill(goes, advertiser=advertiser), class_="d") if advertiser else "",
        _mark("plain", address, tag("span", without), class_="u"),
        _row(title, site(article), address, "x"),
        aria_label=title,
    )
    return str(tag("note-pass", section, lang=language))


def _buttons(article: Article, link: str, language: str) -> Markup:
    says = _says(language)
    share = tag("span", i18n.gettext(language, "Share"))
    copy = tag("span", i18n.gettext(language, "Copy my link"))
    plain = tag("span", i18n.gettext(language, "Share the original, without the ad"))
    pair = join(
        _mark("share", link, _icon("s"), share, class_="c", **says),
        _button(copy, class_="o", value="copy", language=language),
    )
    original = _mark("plain", web_address(article.source_url), plain, class_="u", **says)
    return join(tag("span", pair, class_="y"), original)


def _code(address: str, language: str) -> Markup:
    """This reader's link as a QR code, closed at first; its picture is loaded when it is opened.

    Without scripts, it is the sharer's link.
    """
    word = tag("b", i18n.gettext(language, "QR code"))
    hint = tag("span", i18n.gettext(language, "For someone beside you"), class_="d")
    alt = i18n.gettext(language, "QR code of the link")
    picture = tag("img", src=address, alt=alt, width=200, height=200, loading="lazy")
    return tag("details", tag("summary", word, hint, _icon("g"), class_="r"), picture)


def _mark(name: str, href: str | None, *children: str, **attributes: str) -> Markup:
    """A link that the contract names by `data-passalong`."""
    return tag("a", *children, href=href, data_passalong=name, **attributes)


def _rows(article: Article, share: str, console_origin: str, language: str) -> Markup:
    mine = f"{console_origin}/?url={quote(article.source_url, safe='')}"
    report = f"{console_origin}/report?share={quote(share, safe='')}"
    with_mine = i18n.gettext(language, "This article, with my ad")
    return join(
        _row(i18n.gettext(language, "Make it mine"), with_mine, mine, "g", "mine"),
        _row(
            i18n.gettext(language, "Read the original"),
            site(article),
            web_address(article.source_url),
            "x",
        ),
        _row(i18n.gettext(language, "Report this page"), "", report, "f", "report"),
    )


@lru_cache(KEPT, typed=True)
def _row(word: str, hint: str, href: str | None, icon: str, mark: str | None = None) -> Markup:
    return tag(
        "a",
        tag("b", word),
        tag("span", hint, class_="d"),
        _icon(icon),
        class_="r",
        href=href,
        data_passalong=mark,
    )


@cache
def _sheet(language: str) -> Markup:
    """A dialog for browsers that can neither share nor copy: the link, selected, and a hint."""
    hint = i18n.gettext(language, "Tap ⋯ above, then Send to a friend")
    close = tag("span", i18n.gettext(language, "Close"))
    return tag(
        "dialog",
        tag("p", hint),
        tag("input", readonly=True, aria_label=i18n.gettext(language, "Link")),
        _button(close, class_="o", value="close", language=language),
        aria_label=hint,
    )
