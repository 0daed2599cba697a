"""The guarded download: config -> guard (addresses) -> fetcher (hops) -> answer, body -> Source."""

from proxy.fetch.config import (
    HTML,
    Accept,
    FetchConfig,
    NotModified,
    Validators,
    user_agent,
)

__all__ = (
    "HTML",
    "Accept",
    "FetchConfig",
    "NotModified",
    "Validators",
    "user_agent",
)
