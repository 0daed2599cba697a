"""How bytes are decoded: pages by the manifest's charset, and the cases of suites/encoding.

A case counts if its folder or file name is an encoding of the WHATWG's, for then HTML has one
answer; labels mean there what browsers take them for.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from . import Sample

# What the WHATWG Encoding Standard takes these labels for, by Python's names.
_MEANT = {
    "ascii": "cp1252", "iso-8859-1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932",
    "big5": "big5hkscs", "tis-620": "cp874", "windows-874": "cp874", "iso-8859-9": "cp1254",
    "utf-8-sig": "utf-8", "maccyrillic": "mac_cyrillic", "ibm866": "cp866",
    "charset-utf-16be": "utf-8", "euc-kr": "cp949",
}  # fmt: skip
# Encodings of Chardet's that browsers do not have.
_NOT_HTML = {"ibm855", "johab", "euc-tw", "iso-2022-kr", "utf-32be", "utf-32le"}
_NAME = re.compile(r"((?:iso-8859|windows|utf|koi8|cp|euc|iso-2022)-?\w+?)(?:-[a-z]{4,})?$")
_FILES = {
    "jsoup/bom_utf16le.html": "utf-16", "jsoup/bom_utf32le.html": "utf-32",
    "nokogiri/encoding.shift_jis.html": "cp932", "wpull/videogame_top.shift_jis.html": "cp932",
    "html5lib-tests/encoding/chardet/test_big5.txt": "big5hkscs",
}  # fmt: skip


def right(sample: Sample, text: str) -> bool:
    """Whether `text` equals the page decoded by its manifest in 99.9 % of the characters."""
    wanted = sample.markup.removeprefix("\ufeff")
    same = sum(a == b for a, b in zip(text, wanted, strict=False))
    lost = "\ufffd" in text and "\ufffd" not in wanted
    return not lost and (same >= 0.999 * len(wanted) or "\ufffd" in wanted)


def cases(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes and text of each case with one answer; none without the folder."""
    for name, body, encoding in _cases(folder):
        meant = _MEANT.get(encoding, encoding)
        if encoding not in _NOT_HTML:
            yield name, body, body.decode(meant, "replace").removeprefix("\ufeff")


def _cases(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    for path in sorted((folder / "chardet").rglob("*.*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes(), _encoding(path.parent.name)
    for path in sorted((folder / "html-encoding-sniffer").rglob("*.html")):
        encoding = path.stem.rpartition("_")[2].lower()
        yield str(path.relative_to(folder)), path.read_bytes(), encoding
    for name, encoding in _FILES.items():
        if (folder / name).exists():
            yield name, (folder / name).read_bytes(), encoding
    for path in sorted((folder / "html5lib-tests").rglob("*.dat")):
        yield from _trees(path)


def _trees(path: Path) -> Iterator[tuple[str, bytes, str]]:
    """html5lib's format: `#data`, bytes, `#encoding`, name."""
    for number, part in enumerate(path.read_bytes().split(b"#data\n")[1:]):
        data, _, rest = part.partition(b"#encoding\n")
        yield (
            f"{path.name} {number}",
            data.rstrip(b"\n"),
            rest.split(b"\n")[0].decode().lower().strip(),
        )


def _encoding(folder: str) -> str:
    name = folder.lower()
    found = _NAME.match(name)
    return name if name in _MEANT or name in _NOT_HTML or found is None else found[1]
