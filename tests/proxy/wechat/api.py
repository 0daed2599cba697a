"""WeChat's API and its app, as far as they are documented: our counterparts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

APP_ID, SECRET = "wx0123456789abcdef", "s" * 32
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


@dataclass
class Api:
    """Gives the account a ticket, or the `refusal`; `asked` are the calls."""

    refusal: Mapping[str, Any] | None = None
    seconds: int = 7200
    asked: list[str] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/cgi-bin/stable_token", self._token)
        app.router.add_get("/cgi-bin/ticket/getticket", self._ticket)
        return app

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append("token")
        told = await request.json()
        if self.refusal:
            return web.json_response(self.refusal)
        if told != {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}:
            return web.json_response({"errcode": 40125, "errmsg": "invalid appsecret"})
        # WeChat's answers are not declared as JSON either.
        return web.Response(text='{"access_token":"token 1","expires_in":7200}')

    async def _ticket(self, request: web.Request) -> web.Response:
        self.asked.append("ticket")
        if request.query != {"access_token": "token 1", "type": "jsapi"}:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential"})
        said = {"errcode": 0, "errmsg": "ok", "ticket": TICKET, "expires_in": self.seconds}
        return web.json_response(said)


def vouched(told: Mapping[str, Any], url: str) -> bool:
    """Whether the values of a call are the account's signature of the page at `url`."""
    text = (
        f"jsapi_ticket={TICKET}&noncestr={told.get('verifyNonceStr')}"
        f"&timestamp={told.get('verifyTimestamp')}&url={url}"
    )
    ours = told.get("appId") == told.get("verifyAppId") == APP_ID
    return ours and hashlib.sha1(text.encode()).hexdigest() == told.get("verifySignature")
