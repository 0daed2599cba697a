"""The web applications: which Host is answered by which."""

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from aiohttp.web_urldispatcher import Domain, MatchedSubAppResource

from ads.web import problem
from proxy import cdn, observe, routes
from proxy.config import Config
from proxy.frame.script import script_hash
from proxy.parts import Parts
from proxy.web import me, pages
from proxy.wire import Wire

BODY_BYTES = 1 << 20  # of any request; routes that take pictures allow more themselves
READERS_PATHS = re.compile(
    r"/(?:[spgmiq]/.*|e|w|me|robots\.txt|favicon\.ico|MP_verify_\w+\.txt)", re.DOTALL
)


def application(parts: Parts) -> web.Application:
    """Both origins, told apart by Host; any other Host is answered 421."""
    timed = observe.requests(parts.tally)
    root = web.Application(middlewares=[timed, _one_name], client_max_size=BODY_BYTES)
    root.on_response_prepare.extend((_named, _headers_alone))
    probes = routes.probes(parts)
    for rule, app in _apps(parts):
        app.add_routes(probes)
        # As `add_domain`, for every host that an origin may have.
        root._add_subapp(partial(MatchedSubAppResource, rule, app), app)  # noqa: SLF001 - see Host
    root.add_routes([*probes, web.route("*", "/{any:.*}", _misdirected)])
    return root


class Host(Domain):
    """A host as its origin writes it; aiohttp's own rule takes no `[::1]` and no `my_host`."""

    def validation(self, domain: str) -> str:
        """The host itself."""
        return domain


class ReadersPaths(Host):
    """The paths that belong to readers, of a host that is both origins'."""

    async def match(self, request: web.Request) -> bool:
        """Whether the request is for such a path."""
        ours = await super().match(request)
        return ours and READERS_PATHS.fullmatch(request.path) is not None


def _apps(parts: Parts) -> Iterator[tuple[Host, web.Application]]:
    """Rules, each with the application that answers; the first rule that matches decides."""
    config = parts.config.ads
    console, readers = (urlsplit(o).netloc for o in (config.console_origin, config.pages_origin))
    yield (ReadersPaths if console == readers else Host)(readers), pages_app(parts)
    yield Host(console), console_app(parts)


def console_app(parts: Parts) -> web.Application:
    """Where people log in: screens, and the API below /api."""
    app = web.Application(middlewares=[problem.middleware], client_max_size=BODY_BYTES)
    app.add_routes([*routes.api(parts), *routes.screens(parts)])
    app.on_response_prepare.append(_as_said)
    return app


def pages_app(parts: Parts) -> web.Application:
    """Where readers read; the policy is on every status, and errors are pages."""
    app = web.Application(
        middlewares=[problem.middleware, pages.middleware], client_max_size=BODY_BYTES
    )
    app.on_response_prepare.append(cdn.pages_headers(_cdn(parts.config)))
    app.add_routes(routes.readers(parts))
    return app


def wire(parts: Parts) -> Wire:
    """The fast path, for what readers ask for most."""
    config = parts.config
    return Wire(
        urlsplit(config.ads.pages_origin).netloc,
        parts.display,
        parts.receiver,
        parts.client,
        completed(parts),
        parts.now,
        parts.tally,
    )


def completed(parts: Parts) -> cdn.Complete:
    """Adds the headers that every answer of the pages origin has, even to a malformed request."""
    return cdn.completed(_cdn(parts.config))


def _cdn(config: Config) -> cdn.CdnConfig:
    ours = script_hash(wechat=config.wechat is not None)
    origins = (config.ads.console_origin, config.ads.pages_origin)
    return cdn.CdnConfig(*origins, ours, me.script_hash())


@web.middleware
async def _one_name(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request whose target and Host name two servers (RFC 9112, section 3.2.2)."""
    target = request._message.url  # noqa: SLF001 - the target as it was sent
    host = request.headers.get("Host", "")  # `request.host` is the target's then
    if target.absolute and target.authority.lower() != host.lower():
        return await _misdirected(request)
    return await handler(request)


async def _named(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = cdn.SERVER


async def _headers_alone(request: web.Request, _response: web.StreamResponse) -> None:
    """Answer HEAD without a body; aiohttp would send all that a handler streams."""
    if request.method == "HEAD":
        request.writer.length = 0


async def _as_said(_request: web.Request, response: web.StreamResponse) -> None:
    """Keep browsers from guessing another type than an API answer's own."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")


async def _misdirected(_: web.Request) -> web.Response:
    return web.Response(status=421, text="This service is not known by that name.\n")
