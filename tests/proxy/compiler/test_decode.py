"""Bytes are decoded to the text that their author meant."""

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proxy.compiler.decode import decode

CHINESE = "<p>香港特首選舉結束，中国的朋友们好。</p>"
RUSSIAN = "<p>Воры вернули картину художника Рене Магритта в музей</p>"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("中国".encode("gbk"), "text/html; charset=gb2312", "中国"),
        ("中国".encode("gbk"), 'text/html; charset="GBK"', "中国"),
        (b"\xef\xbb\xbf" + "中".encode(), "text/html; charset=gbk", "中"),
        ("中".encode("utf-16"), "", "中"),
        (b"<meta charset=gb2312>" + "朱镕基".encode("gbk"), "", "朱镕基"),
        (b"<meta charset=iso-8859-1>" + "“x” €".encode("cp1252"), "", "“x” €"),
        (b"<meta charset=shift_jis>" + "髙①".encode("cp932"), "", "髙①"),
        (b"<meta charset=utf-16>" + "é".encode(), "", "é"),
        (b"<meta charset=nonsense>" + "é".encode(), "", "é"),
        (b"<meta charset=utf-8>" + "für".encode("cp1252"), "", "für"),
        ("<p>中国 and more".encode("utf-16-le"), "", "中国 and more"),
        ("<p>中国 and more".encode("utf-16-be"), "", "中国 and more"),
        ("<p>中国 and more".encode("utf-32-be"), "", "中国 and more"),
        ("<p>コンソール".encode("iso2022_jp"), "", "コンソール"),
        (
            "<p>기사의 제목은 한국어로 쓰여 있다".encode("euc-kr"),
            "",
            "기사의 제목은 한국어로 쓰여 있다",
        ),
        (b"", "", ""),
    ],
    ids=str,
)
def test_header_mark_and_meta_are_believed_as_browsers_do(
    body: bytes, content_type: str, text: str
) -> None:
    assert decode(body, content_type).rpartition(">")[2] == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "koi8-r"])
def test_a_one_byte_label_in_the_page_yields_to_bytes_that_are_utf_8(label: str) -> None:
    page = f"<meta charset={label}><p>für den Frühling – ¿qué?"
    assert decode(page.encode()) == page
    assert "ü" not in decode(page.encode(), f"text/html; charset={label}"), "a header is believed"
    short = f"<meta charset={label}>é".encode()
    assert decode(short) == short.decode({"koi8-r": "koi8_r"}.get(label, "cp1252"))


def test_a_label_that_does_not_fit_yields_to_what_does() -> None:
    assert decode(CHINESE.encode(), "text/html; charset=iso-2022-kr") == CHINESE
    assert decode(RUSSIAN.encode("cp1251") * 5, "text/html; charset=utf-8") == RUSSIAN * 5


def test_a_label_is_belied_by_what_is_read_not_by_comments_and_attributes() -> None:
    head, strays = "<meta charset=euc-jp>", "<!--京--><meta name=description content=日本>"
    assert decode((head + strays).encode() + "<p>ポータル".encode("euc-jp")).endswith("<p>ポータル")
    assert decode((head + strays + "<title>日本").encode()) == head + strays + "<title>日本"


def test_windows_quotes_among_utf_8_are_read_as_what_they_are() -> None:
    body = CHINESE.encode() * 20 + b"\x93quote\x94"
    assert decode(body, "text/html; charset=utf-8") == CHINESE * 20 + "“quote”"


NO_LABELS = """
uu hex rot13 bz2 zlib base64 quopri punycode idna undefined unicode_escape raw_unicode_escape utf-7
"""


@pytest.mark.parametrize("label", NO_LABELS.split())
def test_a_codec_that_no_browser_has_is_no_label(label: str) -> None:
    body = b"\\u003cb>+ADw-b> \xe4\xb8\xad"
    for header, page in (
        (f"text/html; charset={label}", body),
        ("", f"<meta charset={label}>".encode() + body),
    ):
        assert decode(page, header).rpartition("meta")[2].endswith("\\u003cb>+ADw-b> 中")


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_under_any_header_are_some_text(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type), str)


# UTF-16 is recognised by the places of its NULs.
@given(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=200))
@example("\ufffd")
def test_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    body = text.encode(errors="ignore")
    assert decode(body, "") == body.decode().removeprefix("\ufeff")


def test_every_corpus_page_decodes_as_its_manifest_says(corpus: Path) -> None:
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = []
    for row in rows:
        body = gzip.decompress((corpus / row["file"]).read_bytes())
        text = decode(body)
        expected = body.decode(row["charset"].partition("(")[0], "replace").removeprefix("\ufeff")
        same = sum(a == b for a, b in zip(text, expected, strict=False))
        if "\ufffd" not in expected and ("\ufffd" in text or same < len(expected) * 0.999):
            wrong.append((row["file"], row["charset"]))
    assert wrong == []


def test_a_label_beyond_thirty_kilobytes_is_not_looked_for() -> None:
    label, text = b"<meta charset=iso-8859-7>", b"<p>Un caf\xe9, s'il vous pla\xeet." * 100
    assert "caf\u03b9" in decode(label + text + b" " * 1_000_000)
    assert "caf\xe9" in decode(b" " * 40_000 + label + text + b" " * 1_000_000)
