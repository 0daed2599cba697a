"""What making an article leans on; the composition hands the real ones in (a leaf)."""

from typing import Protocol

from proxy.fetch import HTML, Accept, NotModified, Validators
from proxy.page import Mode, Page
from proxy.rights import Signals
from proxy.source import Source


class PageFetcher(Protocol):
    """`proxy.fetch.Fetcher`."""

    async def get(
        self, url: str, *, accept: Accept = HTML, validators: Validators | None = None
    ) -> Source | NotModified:
        """The page, or that it has not changed; raises SourceProblem."""


class SignalGatherer(Protocol):
    """`proxy.signals.Gatherer`."""

    async def outside(self, source_or_url: Source | str) -> Signals:
        """What the publisher's site says of a page; failures are no signal."""


class PageCompiler(Protocol):
    """`proxy.pool.CompilePool`."""

    async def compile(self, source: Source, mode: Mode, outside: Signals) -> Page:
        """The compiled page; raises SourceProblem."""
