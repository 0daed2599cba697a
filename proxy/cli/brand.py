"""`passalong brand`: the main job without a server: a page in, the page with an ad out.

An article without any picture gets no `og:image`: the cover that the service draws needs an address
that a server answers.
"""

import asyncio
import codecs
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from types import MappingProxyType
from typing import cast

import msgspec

from ads.ad import Ad, parse
from ads.clock import now_ms
from ads.errors import Problem
from proxy import config as settings
from proxy import links, render
from proxy.articles.further import joined, whole
from proxy.compiler import compile_page
from proxy.compiler.draft import MAX_MARKUP
from proxy.errors import SourceProblem
from proxy.fetch import HTML, Fetcher
from proxy.fetch.answer import media_of
from proxy.lists import Entry, speaking
from proxy.page import MODES, Mode, Page
from proxy.reach import fetch_config
from proxy.rights import Signals
from proxy.signals import Gatherer
from proxy.source import Media, Source

USAGE, REFUSED, UNREACHABLE, UNUSABLE = 2, 3, 4, 5
# Contract, section 1; every code of section 3 that a source can have.
EXIT = MappingProxyType(
    {
        "bad_url": USAGE,
        "invalid": USAGE,
        "blocked_address": REFUSED,
        "refused_by_publisher": REFUSED,
        "source_refused": REFUSED,
        "login_required": REFUSED,
        "unreachable": UNREACHABLE,
        "source_timeout": UNREACHABLE,
        "source_not_found": UNREACHABLE,
        "not_an_article": UNUSABLE,
        "too_big": UNUSABLE,
    }
)
MAX_AD = 256 * 1024
HOUSE = MappingProxyType(
    {
        "name": "House ad",
        "advertiser": "Passalong",
        "kind": "text",
        "title": "Pass it along with your own ad",
        "body": "Share any article with your ad in it, and follow every forward.",
    }
)


class UsageError(Exception):
    """The command's arguments or files cannot be used."""


def add_arguments(parser: ArgumentParser) -> None:
    """`SOURCE [--base-url URL] [--content-type TYPE] [--ad AD.json] [--mode MODE] [-o FILE]`."""
    parser.add_argument("source", metavar="SOURCE", help="a URL, a file, or - for standard input")
    parser.add_argument("--base-url", default="", metavar="URL", help="where the page came from")
    parser.add_argument(
        "--content-type", default="", metavar="TYPE", help="what its Content-Type header said"
    )
    parser.add_argument("--ad", metavar="AD.json", help="the ad; a plain house ad if left out")
    parser.add_argument("--mode", choices=MODES, help="full unless PASSALONG_DEFAULT_MODE says so")
    parser.add_argument("-o", "--output", metavar="FILE", help="standard output if left out")


def run(args: Namespace) -> int:
    """0; 2 bad usage or bad ad; 3 refused; 4 unreachable; 5 no article or too big."""
    try:
        # Never used; without a key, settings would make one, and the data directory for it.
        config = settings.load(os.environ, secret_keys="-" * 32)
        ad = _ad(args.ad)
        mode = cast(Mode, args.mode or config.default_mode)
        source, outside = _source(args, config, mode)
        page = compile_page(source, mode, outside)
        _write(args.output, render.brand(page, ad if ad.state == "active" else None))
    except Problem as problem:
        return _failed(f"{problem.code}: {_sentence(problem)}", EXIT.get(problem.code, USAGE))
    except (UsageError, settings.ConfigError) as error:
        return _failed(f"invalid: {error}", USAGE)
    _tell(page, ad)
    return 0


def _failed(line: str, code: int) -> int:
    print(f"passalong: {' '.join(line.split())}", file=sys.stderr)
    return code


def _sentence(problem: Problem) -> str:
    faults = "; ".join(f"{fault['field']}: {fault['detail']}" for fault in problem.errors)
    return f"{problem.detail} {faults}".strip()


def _tell(page: Page, ad: Ad) -> None:
    """Mentions a lowered mode and an ad that is not active; neither is a failure."""
    if page.mode_reason:
        print(f"mode: {page.mode} ({page.mode_reason})", file=sys.stderr)
    if ad.state != "active":
        print(f"ad: {ad.state}", file=sys.stderr)


def _ad(path: str | None) -> Ad:
    """The ad in a file as the API takes it, or the house's own. Raises Problem("invalid")."""
    data: object = dict(HOUSE) if path is None else _json(path)
    draft = parse(data)
    return Ad(id="", owner="", **msgspec.structs.asdict(draft))


def _json(path: str) -> object:
    try:
        # As editors on Windows write it.
        return msgspec.json.decode(_bytes(path, MAX_AD).removeprefix(codecs.BOM_UTF8))
    except msgspec.DecodeError as error:
        raise UsageError(f"{path} is not JSON: {error}") from error


def _source(args: Namespace, config: settings.Config, mode: Mode) -> tuple[Source, Signals]:
    if "://" in args.source and not Path(args.source).exists():
        return asyncio.run(_fetched(args.source, config, mode))
    url = links.absolute(args.base_url).href if args.base_url else ""
    return _local(args.source, url, args.content_type), Signals()


def _local(path: str, url: str, content_type: str) -> Source:
    """A page from a file or standard input. Raises SourceProblem: too_big, not_an_article."""
    body = sys.stdin.buffer.read(MAX_MARKUP + 1) if path == "-" else _bytes(path, MAX_MARKUP + 1)
    if len(body) > MAX_MARKUP:
        raise SourceProblem("too_big", "more than 5 MB of markup")
    media = _media(content_type, body)
    return Source(
        url=url,
        body=body if media == "html" else b"",
        content_type=content_type,
        fetched_at=now_ms(),
        media=media,
    )


def _media(content_type: str, body: bytes) -> Media:
    if body.startswith(b"%PDF-"):
        return "pdf"
    return media_of(content_type, "", HTML) or "html"


def _bytes(path: str, limit: int) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(limit)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error


def _write(path: str | None, page: bytes) -> None:
    try:
        if path in (None, "-"):
            sys.stdout.buffer.write(page)
            sys.stdout.buffer.flush()
        else:
            Path(path).write_bytes(page)
    except OSError as error:
        raise UsageError(f"{path or 'standard output'}: {error.strerror}") from error


async def _fetched(text: str, config: settings.Config, mode: Mode) -> tuple[Source, Signals]:
    """The page at a link, and what its site says. Raises SourceProblem."""
    fetcher = Fetcher(fetch_config(config), now_ms)
    try:
        source = await whole(fetcher, links.parse(text, config.own_hosts).url)
        gatherer = _gatherer(fetcher, config)
        outside = await gatherer.outside(source)
        if mode == "reader":
            source = await joined(source, fetcher, gatherer, now_ms)
        return source, outside
    finally:
        await fetcher.close()


def _gatherer(fetcher: Fetcher, config: settings.Config) -> Gatherer:
    async def listed(url: str) -> Entry | None:
        return speaking(config.publishers, url)

    return Gatherer(fetcher, now_ms, listed=listed, everyone=config.robots_bind_all)
