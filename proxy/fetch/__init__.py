"""The guarded download: a public address -> Source, or a reason for none.

`config` is what it is told. `target` decides by the URL, `guard` by each address that `names`
finds, or `egress` where a proxy connects; `breaker` leaves sites alone that are away. `fetcher`
asks; `framing` bounds how it is answered, `body` how much; `answer` judges what that means.
"""

from proxy.fetch.config import (
    HTML,
    Accept,
    FetchConfig,
    NotModified,
    Validators,
    user_agent,
)
from proxy.fetch.fetcher import Fetcher

__all__ = (
    "HTML",
    "Accept",
    "FetchConfig",
    "Fetcher",
    "NotModified",
    "Validators",
    "user_agent",
)
