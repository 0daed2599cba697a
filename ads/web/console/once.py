"""A form that is sent twice, by a double click, acts once."""

import asyncio
from hashlib import sha256
from typing import Any

from aiohttp import web

from ads.ids import digest
from ads.store.idempotency import Idempotency, Remembered
from ads.web.console.desk import Screen, Visit
from ads.web.form import Upload

WAIT_SECONDS = 0.2  # how often the second request looks whether the first is done


def once(store: Idempotency, screen: Screen) -> Screen:
    """The screen of a form; the same form sent again is redirected to where the first one was.

    Every rendering of a form has its own token, so a reloaded page sends another form. A form that
    was not answered with a redirect (303) may be sent again.
    """

    async def sent(visit: Visit) -> web.StreamResponse:
        account, key = visit.owner.id, _sending(visit)
        # Ends, since a request that died is forgotten after a while (`Idempotency.begin`).
        while earlier := await store.begin(account, key, ""):
            if earlier.status:
                return visit.go(earlier.headers["Location"])
            await asyncio.sleep(WAIT_SECONDS)
        try:
            answer = await screen(visit)
        except BaseException:
            await store.forget(account, key)
            raise
        if led := answer.headers.get("Location"):
            await store.finish(account, key, Remembered("", answer.status, {"Location": led}))
        else:
            await store.forget(account, key)
        return answer

    return sent


def _sending(visit: Visit) -> str:
    fields = [(name, _said(value)) for name, value in visit.form.items()]
    return digest(repr((visit.request.path, fields)))


def _said(value: Any) -> str:
    return sha256(value.data).hexdigest() if isinstance(value, Upload) else str(value)
