"""The label of an encoding -> the codec by which browsers decode it (a leaf)."""

import codecs
import re
from collections.abc import Iterator

# Labels that mean another encoding to browsers (WHATWG Encoding Standard, section 4.2); Python's
# codecs of the same names are stricter or older.
_LABELS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-mac-cyrillic": "mac_cyrillic",
    "utf8": "utf-8",
    # A page that declares it in ASCII is not in UTF-16 (WHATWG, "change the encoding").
    "utf-16": "utf-8",
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
}
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
