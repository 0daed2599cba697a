"""Counts of readings that merge: exact while they are few, else in buckets of known error (pure).

Buckets as DDSketch's (Masson, Rim, Lee, VLDB 2019): their bounds grow by a constant factor, so that
the value that stands for a bucket is never further than `ERROR` from any in it. Which of the two
forms a set of readings has follows from their number alone, never from the order they came in.
"""

import math
from collections import Counter
from collections.abc import Mapping

ERROR = 0.005
"""The greatest relative error of a value in a bucket, before it is rounded to a whole number."""
WHOLE = 1000
"""Smaller values have buckets of their own: percents, and times under a second."""
PRECISE = 1024
"""Up to so many readings are kept exactly."""

_FACTOR = (1 + ERROR) / (1 - ERROR)
_STEP = math.log(_FACTOR)


def reduced(readings: Mapping[int, int]) -> dict[int, int]:
    """The same counts by a bounded number of values: about 230 for each power of ten."""
    if sum(readings.values()) <= PRECISE:
        return dict(readings)
    sums: Counter[int] = Counter()
    for value, count in readings.items():
        sums[bucket(value)] += count
    return dict(sums)


def bucket(value: int) -> int:
    """The whole number that represents this value's bucket."""
    if value < WHOLE:
        return value
    place = math.ceil(math.log(value) / _STEP)
    return round(2 * _FACTOR**place / (_FACTOR + 1))
