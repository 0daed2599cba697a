"""`passalong brand`: the main job as a command (contract, section 1)."""

import asyncio
import io
import json
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from proxy.__main__ import main
from tests.client import origin

PARAGRAPH = "The harvest came early this year, and with it the question of who carries baskets. "
PAGE = (
    "<!DOCTYPE html><html lang=en><head><title>Harvest</title>{head}</head><body><article>"
    "<h1>Harvest</h1>{body}</article></body></html>"
).replace("{body}", f"<p>{PARAGRAPH * 3}</p>" * 8)
AD = {
    "name": "Spring",
    "advertiser": "Acme Tea",
    "kind": "text",
    "title": "First flush",
    "target": "https://tea.example/",
    "placements": ["top", "middle", "end", "sticky"],
}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE.replace("{head}", ""))
    return path


@pytest.fixture
def ad(tmp_path: Path) -> Path:
    path = tmp_path / "ad.json"
    path.write_text(json.dumps(AD))
    return path


def test_a_file_becomes_a_page_with_the_ad(
    page: Path, ad: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["brand", str(page), "--base-url", "https://a.example/x", "--ad", str(ad)]) == 0
    out, err = capsysbinary.readouterr()
    text = out.decode()
    assert [text.count(f'data-slot="{slot}"') for slot in AD["placements"]] == [1, 1, 1, 1]
    assert "Acme Tea" in text
    assert 'href="https://tea.example/"' in text
    assert "<script" not in text
    assert 'id="passalong"' not in text
    assert err == b""


def test_without_an_ad_the_house_has_one(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    assert main(["brand", str(page), "-o", str(out)]) == 0
    assert 'data-slot="top"' in out.read_text()
    assert "Passalong" in out.read_text()


def test_standard_input_is_raw_bytes_whose_header_the_options_say(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    body = PAGE.replace("{head}", "").replace("Harvest", "收获").encode("gbk")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(body)))
    words = ["brand", "-", "--base-url", "https://a.example/", "--content-type"]
    assert main([*words, "text/html; charset=gb2312"]) == 0
    assert "<h1>收获</h1>" in capsysbinary.readouterr().out.decode()


def test_a_lowered_mode_is_said_and_is_no_failure(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page.write_text(PAGE.replace("{head}", "<meta name=robots content=noarchive>"))
    assert main(["brand", str(page), "-o", "/dev/null"]) == 0
    assert capsys.readouterr().err == "mode: excerpt (noarchive)\n"


@pytest.mark.parametrize("mode", ["reader", "excerpt", "card"])
def test_a_mode_can_be_asked_for(page: Path, tmp_path: Path, mode: str) -> None:
    out = tmp_path / "out.html"
    assert main(["brand", str(page), "--mode", mode, "-o", str(out)]) == 0
    assert "<h1>Harvest</h1>" in out.read_text()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["/no/such/file"], 2, "invalid"),
        (["ftp://a.example/x"], 2, "bad_url"),
        (["PAGE", "--base-url", "nonsense"], 2, "bad_url"),
        (["PAGE", "--ad", "BAD"], 2, "invalid"),
        (["PAGE", "--ad", "PAGE"], 2, "invalid"),
        (["PAGE", "-o", "/no/such/folder/x"], 2, "invalid"),
        (["http://127.0.0.1/"], 3, "blocked_address"),
        (["http://10.0.0.1/x"], 3, "blocked_address"),
        (["GONE"], 3, "refused_by_publisher"),
        (["SHORT"], 5, "not_an_article"),
        (["HUGE"], 5, "too_big"),
        (["PAGE", "--content-type", "application/zip"], 5, "not_an_article"),
    ],
)
def test_each_failure_has_its_exit_code_and_one_line(
    page: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    says: str,
) -> None:
    files = {
        "PAGE": page.read_text(),
        "BAD": json.dumps(AD | {"kind": "shouting"}),
        "SHORT": "<p>Nothing here.</p>",
        "HUGE": "x" * 6_000_000,
        "GONE": PAGE.replace("{head}", '<meta name=robots content="unavailable_after:2020-01-01">'),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    words = [str(tmp_path / word) if word in files else word for word in words]
    assert main(["brand", *words]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"passalong: {says}: ")
    assert err.count("\n") == 1


def test_bad_words_exit_with_2(page: Path) -> None:
    for words in (["brand"], ["brand", str(page), "--mode", "loud"]):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 2


def test_a_pdf_is_branded_as_a_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper, out = tmp_path / "paper.pdf", tmp_path / "out.html"
    paper.write_bytes(b"%PDF-1.7")
    assert main(["brand", str(paper), "--base-url", "https://a.example/p.pdf", "-o", str(out)]) == 0
    assert capsys.readouterr().err == "mode: card (media_pdf)\n"
    assert "p.pdf" in out.read_text()


async def test_a_url_is_fetched_where_settings_allow_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "out.html"
    async with origin({"/story": PAGE.replace("{head}", "")}) as site:
        port = site.rpartition(":")[2]
        monkeypatch.setenv("PASSALONG_FETCH_ALLOW_NETS", f"127.0.0.0/8:{port}")
        for path, code in (("/story", 0), ("/none", 4)):
            words = ["brand", f"{site}{path}", "-o", str(out)]
            assert await asyncio.to_thread(main, words) == code
    assert "The harvest came early" in out.read_text()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "{port}"),
        ("METRICS_PORT", "{port}"),
        ("REDIS_URL", "redis://127.0.0.1:{port}/0"),
        ("REDIS_URL", "redis://localhost:{port}"),
    ],
)
def test_what_the_service_itself_listens_on_is_refused_in_allowed_networks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        port = canary.getsockname()[1]
        monkeypatch.setenv("PASSALONG_FETCH_ALLOW_NETS", "127.0.0.0/8,[::1/128]")
        monkeypatch.setenv("PASSALONG_PAGES_ORIGIN", "https://pages.example")
        monkeypatch.setenv(f"PASSALONG_{name}", value.format(port=port))
        for host in ("127.0.0.1", "127.1.2.3", "[::1]", "[::ffff:127.0.0.1]"):
            assert main(["brand", f"http://{host}:{port}/x"]) == 3
            assert "blocked_address" in capsys.readouterr().err
        with pytest.raises(BlockingIOError):
            canary.accept()


def test_nothing_is_left_on_disk(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert main(["brand", str(page), "-o", "/dev/null"]) == 0
    assert sorted(tmp_path.iterdir()) == before
