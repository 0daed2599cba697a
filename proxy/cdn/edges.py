"""The kinds of edges, and the purge requests that each documents (pure).

`http(s)://…`: Varnish with vmod xkey (varnish-modules): `PURGE`, with the keys in `xkey-purge`.
`plain+http(s)://…`: any cache that drops one URL on `PURGE` (Varnish, Squid, nginx's purge module):
one request for each page, with the pages' Host. `fastly://SERVICE`: purge by surrogate keys
(developer.fastly.com/reference/api/purging, at most 256 keys). `cloudflare://ZONE`: purge by
cache tags (developers.cloudflare.com/api/resources/cache/methods/purge). The last two may name
another base URL of the API: `fastly+http://127.0.0.1:9999/SERVICE`.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import ada_url

FASTLY = "https://api.fastly.com"
CLOUDFLARE = "https://api.cloudflare.com/client/v4"
_NAMED = re.compile(r"(fastly|cloudflare)(?:://|\+(https?://[^/\s?#]+)/)([A-Za-z0-9_-]+)/?")
_PLACED = re.compile(
    r"(plain\+)?(https?://(?:\[[0-9a-f:.]+\]|[^/\s?#@:\[\]]+)(?::\d{1,5})?(?:/[^\s?#@]*)?)",
    re.IGNORECASE,
)


class Call(NamedTuple):
    """One request to an edge."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


def _not_refused(status: int, _: bytes) -> bool:
    # 404: the edge has no such page. With 401, 403, 405 or 429, it still has what it had.
    return status < 500 and status not in (401, 403, 405, 429)


def _ok(status: int, _: bytes) -> bool:
    return status == 200


def _success(status: int, body: bytes) -> bool:
    try:
        return status == 200 and json.loads(body).get("success") is True
    except (ValueError, AttributeError):
        return False


@dataclass(frozen=True)
class Edge:
    """A cache that we purge. `call` makes the request that drops keys, or paths if `by_path`.

    `heard` says whether an answer (status, body) means success; a call has at most `at_once` keys.
    `near` edges are purged before a change is answered, the others a second later, in batches.
    """

    name: str
    call: Callable[[Sequence[str]], Call] = field(repr=False)
    heard: Callable[[int, bytes], bool] = field(repr=False, default=_not_refused)
    at_once: int = 100
    near: bool = True
    by_path: bool = False


def parse(spelled: str, pages_host: str, tokens: Mapping[str, str]) -> Edge:
    """One entry of PASSALONG_PURGE_URLS. Raises ValueError with a sentence.

    `tokens` are those of "fastly" and "cloudflare"; `pages_host` is the Host of the pages origin.
    """
    if named := _NAMED.fullmatch(spelled):
        kind, base, name = named.groups()
        token = tokens.get(kind, "")
        if not token:
            raise ValueError(f"{kind} needs PASSALONG_{kind.upper()}_TOKEN")
        return {"fastly": _fastly, "cloudflare": _cloudflare}[kind](base or "", name, token)
    placed = _PLACED.fullmatch(spelled)
    if placed is None or not ada_url.check_url(placed[2]):
        raise ValueError("an edge is http(s)://…, plain+http(s)://…, fastly://… or cloudflare://…")
    return _plain(placed[2], pages_host) if placed[1] else _xkey(placed[2])


def _xkey(url: str) -> Edge:
    return Edge(url, lambda keys: Call("PURGE", url, {"xkey-purge": " ".join(keys)}))


def _plain(url: str, pages_host: str) -> Edge:
    def call(paths: Sequence[str]) -> Call:
        return Call("PURGE", url.rstrip("/") + paths[0], {"Host": pages_host})

    return Edge(f"plain+{url}", call, at_once=1, by_path=True)


def _fastly(base: str, service: str, token: str) -> Edge:
    url = f"{base or FASTLY}/service/{service}/purge"

    def call(keys: Sequence[str]) -> Call:
        headers = {"Fastly-Key": token, "Accept": "application/json"}
        return Call("POST", url, headers | {"Surrogate-Key": " ".join(keys)})

    return Edge(f"fastly://{service}", call, _ok, at_once=256, near=False)


def _cloudflare(base: str, zone: str, token: str) -> Edge:
    url = f"{base or CLOUDFLARE}/zones/{zone}/purge_cache"

    def call(keys: Sequence[str]) -> Call:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return Call("POST", url, headers, json.dumps({"tags": list(keys)}).encode())

    return Edge(f"cloudflare://{zone}", call, _success, at_once=30, near=False)
