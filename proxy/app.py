"""The composition of the web side: which Host is answered by which application."""

from functools import partial
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from aiohttp.web_urldispatcher import Domain, MatchedSubAppResource

from ads.events.receive import Receiver
from ads.web import problem
from proxy import cdn, observe, routes
from proxy.config import Config
from proxy.frame.script import script_hash
from proxy.parts import Parts
from proxy.web import me, pages
from proxy.wire import Wire
from proxy.wire.service import Receiving

BODY_BYTES = 1 << 20  # of any request; routes that take pictures allow more themselves
READERS_PATHS = ("/s/", "/p/", "/g/", "/m/", "/i/", "/q/", "/e", "/me", "/robots.txt")


def application(parts: Parts) -> web.Application:
    """Both origins, told apart by Host; any other Host is answered 421."""
    timed = observe.requests(parts.tally)
    root = web.Application(middlewares=[timed, _one_name], client_max_size=BODY_BYTES)
    root.on_response_prepare.append(_named)
    probes = routes.probes(parts)
    for host, app in _apps(parts).items():
        app.add_routes(probes)
        _add_host(root, host, app)
    root.add_routes([*probes, web.route("*", "/{any:.*}", _misdirected)])
    return root


class Host(Domain):
    """A host as its origin writes it; aiohttp's own rule takes no `[::1]` and no `my_host`."""

    def validation(self, domain: str) -> str:
        """The host itself."""
        return domain


def _add_host(root: web.Application, host: str, app: web.Application) -> None:
    """As `add_domain`, for every host that an origin may have."""
    made = partial(MatchedSubAppResource, Host(host), app)
    root._add_subapp(made, app)  # noqa: SLF001 - add_domain itself takes names alone


def _apps(parts: Parts) -> dict[str, web.Application]:
    """Host -> application."""
    config = parts.config.ads
    console, readers = (urlsplit(o).netloc for o in (config.console_origin, config.pages_origin))
    if console == readers:
        return {console: both_app(parts)}
    return {console: console_app(parts), readers: pages_app(parts)}


def console_app(parts: Parts) -> web.Application:
    """Where people log in: screens, and the API below /api."""
    return _console(parts, [])


def _console(parts: Parts, more: list[web.RouteDef]) -> web.Application:
    """The console's application with `more` routes ahead of the screens, which end with a 404."""
    app = web.Application(middlewares=[problem.middleware], client_max_size=BODY_BYTES)
    app.add_routes([*routes.api(parts), *more, *routes.screens(parts)])
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


def both_app(parts: Parts) -> web.Application:
    """One host for both origins: the readers' paths keep their own headers and sandbox."""
    app = _console(parts, routes.readers(parts))
    prepare = cdn.pages_headers(_cdn(parts.config))

    @web.middleware
    async def pages_for_readers(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(READERS_PATHS):
            return await pages.middleware(request, handler)
        return await handler(request)

    async def readers_only(request: web.Request, response: web.StreamResponse) -> None:
        if request.path.startswith(READERS_PATHS):
            await prepare(request, response)

    app.middlewares.append(pages_for_readers)
    app.on_response_prepare.append(readers_only)
    return app


def wire(parts: Parts) -> Wire:
    """The fast path to what readers ask for most."""
    config = parts.config
    receiver = Receiver(parts.spool, config.ads.secret_keys, parts.limits, parts.tally)
    return Wire(
        urlsplit(config.ads.pages_origin).netloc,
        parts.display,
        Receiving(receiver, parts.spool, parts.client, parts.limits),
        completed(parts),
        parts.now,
        parts.tally,
    )


def completed(parts: Parts) -> cdn.Complete:
    """What every answer of the pages origin carries, and one to what is no request."""
    return cdn.completed(_cdn(parts.config))


def _cdn(config: Config) -> cdn.CdnConfig:
    return cdn.CdnConfig(
        config.ads.console_origin, config.ads.pages_origin, script_hash(), me.script_hash()
    )


@web.middleware
async def _one_name(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Of a target and a Host that name two servers none is believed (RFC 9112, section 3.2.2)."""
    target = request._message.url  # noqa: SLF001 - the target as it was sent
    host = request.headers.get("Host", "")  # `request.host` is the target's then
    if target.absolute and target.authority.lower() != host.lower():
        return await _misdirected(request)
    return await handler(request)


async def _named(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = cdn.SERVER


async def _as_said(_request: web.Request, response: web.StreamResponse) -> None:
    """What the API answers is what its type says, in every browser."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")


async def _misdirected(_: web.Request) -> web.Response:
    return web.Response(status=421, text="This service is not known by that name.\n")
