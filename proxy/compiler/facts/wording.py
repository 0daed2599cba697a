"""Compares two wordings of a headline."""

from collections import Counter

from proxy.compiler.facts.visible import folded, words

# The share of words that two versions of a headline have in common; NEARLY where that is enough.
ALIKE = 0.5
NEARLY = 0.2
# A headline has at least so many words; fewer are as often a section's or a site's name.
FEW = 4


def adds(whole: str, headline: str) -> bool:
    """Whether a title is a headline and what a site adds to it: a kicker, its own name.

    Not if the title only continues a headline that was cut short, or adds its subtitle.
    """
    if len(words(headline)) < FEW or folded(headline) == folded(whole):
        return False
    rest = whole[len(headline) :].lstrip() if whole.startswith(headline) else ""
    cut = rest[:1].isalnum() or rest.startswith(":")
    return not cut and folded(headline) in folded(whole)


def is_version(headline: str, other: str, alike: float = ALIKE) -> bool:
    """Whether two headlines say the same in other words; neither may contain the other."""
    left, right = folded(headline), folded(other)
    if left in right or right in left:
        return False
    one, two = Counter(words(headline.lower())), Counter(words(other.lower()))
    return 2 * (one & two).total() >= alike * (one.total() + two.total())


def goes_on(headline: str, whole: str) -> bool:
    """Whether a title is a headline and, directly after its last word, what a site adds.

    A subtitle after a colon is part of the headline.
    """
    begins = whole.lower().startswith(headline.lower())
    return begins and whole[len(headline) :].startswith((" ", ",", "("))
