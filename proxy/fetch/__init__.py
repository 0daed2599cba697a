"""The guarded download: config -> target, names, guard -> fetcher -> answer, body -> Source."""

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
