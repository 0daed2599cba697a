"""An HTTP client for the service: both origins by their names, on whatever port it listens."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from proxy.demo.guises import GUISES

_FACTS = re.compile(r'<script type="application/json" id="passalong">(.*?)</script>')
COUNTRY = "X-Country"
"""The header for a reader's country, which an edge would set."""
Json = dict[str, Any]


class Line:
    """Calls a service that listens on `port` of loopback, with the Host of each origin."""

    def __init__(self, http: aiohttp.ClientSession, port: int, console: str, pages: str) -> None:
        self._http = http
        self._base = f"http://127.0.0.1:{port}"
        self._origin = console
        self._console = urlsplit(console).netloc
        self._pages = urlsplit(pages).netloc

    def article(self, name: str) -> str:
        """The URL of a sample article."""
        return f"{self._origin}/sample/{name}"

    async def api(self, key: str, method: str, path: str, body: object = None) -> Json:
        """Call the API; `body` is sent as JSON, or as a form if it is one. Raises ClientError."""
        headers = {"Host": self._console, "Authorization": f"Bearer {key}"}
        sent = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        url = f"{self._base}/api/v1{path}"
        async with self._http.request(method, url, headers=headers, **sent) as answer:
            answer.raise_for_status()
            found: Json = await answer.json()
            return found

    async def ticket(self, share: str) -> str:
        """The ticket of a share's page as it is served now. Raises ClientError."""
        headers = {"Host": self._pages, **GUISES["phone"]}
        async with self._http.get(f"{self._base}/s/{share}", headers=headers) as answer:
            answer.raise_for_status()
            block = _FACTS.search(await answer.text())
        return str(json.loads(block[1])["ticket"]) if block else ""

    async def send(
        self, events: list[Json], guise: str, address: str = "", country: str = ""
    ) -> None:
        """Send a beacon, as a browser of this guise does. Raises ClientError."""
        headers: Mapping[str, str] = {
            "Host": self._pages,
            "Content-Type": "text/plain;charset=UTF-8",
            **GUISES[guise],
            **({"X-Forwarded-For": address, COUNTRY: country} if address else {}),
        }
        body = json.dumps(events)
        async with self._http.post(f"{self._base}/e", data=body, headers=headers) as answer:
            answer.raise_for_status()


@asynccontextmanager
async def line(port: int, console: str, pages: str) -> AsyncIterator[Line]:
    """A client of the service on `port`; closed at the end of the block."""
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        yield Line(http, port, console, pages)
