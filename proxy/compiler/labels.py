"""The label of an encoding -> the codec by which browsers decode it (a leaf)."""

import codecs
import re
from collections.abc import Iterator

# Labels that mean another encoding to browsers (WHATWG Encoding Standard, section 4.2); Python's
# codecs of the same names are stricter or older.
_OTHERS = {
    "gb18030": "gb2312 gbk x-gbk gb_2312-80",
    "cp1252": "iso-8859-1 latin1 us-ascii ascii",
    "cp1254": "iso-8859-9",
    "cp874": "tis-620 iso-8859-11",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j",
    "cp949": "ks_c_5601-1987 euc-kr",
    "big5hkscs": "big5 big5-hkscs",
    "mac_cyrillic": "x-mac-cyrillic",
    # A page that declares UTF-16 in ASCII is not in it (WHATWG, "change the encoding").
    "utf-8": "utf8 utf-16 utf-16le utf-16be",
}
_LABELS = {label: codec for codec, labels in _OTHERS.items() for label in labels.split()}
# Python has codecs that no browser has: they make no text (`uu`), are very slow (`punycode`),
# decode escapes (`unicode_escape`, `utf-7`) or raise in spite of `errors` (`idna`).
_CODEC = re.compile(
    r"utf-(?:8|8-sig|(?:16|32)(?:-[bl]e)?)|ascii|cp\d+|iso8859-\d+|iso2022_\w+|koi8-\w|mac-\w+"
    r"|gb\d+|gbk|hz|big5\w*|euc_\w+|shift_jis\w*|johab|tis-620|kz1048|ptcp154"
    r"|whatwg_\w+"  # the engine's own, which its guesses may name
)


def codec(label: str) -> Iterator[str]:
    """Python's name of the codec; nothing for a label that no browser supports."""
    name = _LABELS.get(label.strip().lower(), label.strip())
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return
    if _CODEC.fullmatch(found):
        yield found
