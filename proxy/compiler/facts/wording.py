"""Two wordings of one headline."""

import re
from collections import Counter

from proxy.compiler.facts.visible import folded, words

# What stands between the parts of a headline.
_BETWEEN = re.compile(r"[:|–—-]")
# So many words of two versions of a headline are in both.
ALIKE = 0.5
NEARLY = 0.2
# A headline has so many words; fewer are as often a section's or a site's name.
FEW = 4


def adds(whole: str, headline: str) -> bool:
    """Whether a title is a headline and what a site writes around it: a kicker, its own name.

    A headline of which the title goes on amid a sentence was cut for a limit of letters, one that
    a subtitle follows for want of place.
    """
    if len(words(headline)) < FEW or folded(headline) == folded(whole):
        return False
    rest = whole[len(headline) :].lstrip() if whole.startswith(headline) else ""
    cut = rest[:1].isalnum() or rest.startswith(":")
    return not cut and folded(headline) in folded(whole)


def is_version(headline: str, other: str, alike: float = ALIKE) -> bool:
    """Whether two headlines say the same in other words; one within the other is the same."""
    left, right = folded(headline), folded(other)
    if left in right or right in left:
        return False
    one, two = Counter(words(headline.lower())), Counter(words(other.lower()))
    return 2 * (one & two).total() >= alike * (one.total() + two.total())


def is_respelt(headline: str, other: str) -> bool:
    """Whether a headline is the other in other signs and no less apart: `Tea – a guide`."""
    if folded(headline) != folded(other):
        return False
    return len(_BETWEEN.findall(headline)) >= len(_BETWEEN.findall(other))


def is_below(headline: str, whole: str) -> bool:
    """Whether a headline ends the whole behind words that nothing sets apart: a kicker's line."""
    ahead = whole[: -len(headline)] if whole.endswith(headline) else ""
    return ahead[-1:].isspace() and ahead.rstrip()[-1:].isalnum()


def goes_on(headline: str, whole: str) -> bool:
    """Whether a title is a headline and, behind its last word, what a site adds to it.

    A subtitle behind a colon belongs to it.
    """
    begins = whole.lower().startswith(headline.lower())
    return begins and whole[len(headline) :].startswith((" ", ",", "("))
