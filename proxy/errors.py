"""Why a link could not be published: the codes of the contract's section 3 (a leaf)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from ads.errors import Problem


class SourceProblem(Problem):
    """A pasted link that cannot be published, with the contract's `code`."""

    STATUS: ClassVar[Mapping[str, int]] = MappingProxyType(
        {
            **Problem.STATUS,
            "bad_url": 400,
            "blocked_address": 403,
            "refused_by_publisher": 403,
            "source_not_found": 404,
            "source_refused": 424,
            "login_required": 424,
            "not_an_article": 415,
            "unreachable": 502,
            "source_timeout": 504,
        }
    )
