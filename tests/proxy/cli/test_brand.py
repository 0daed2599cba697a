"""`passalong brand`: its errors, and what it must not reach. See also `contract/test_commands`."""

import json
import socket
from pathlib import Path

import pytest

from proxy.__main__ import main

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


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["/no/such/file"], 2, "invalid"),
        (["ftp://a.example/x"], 2, "bad_url"),
        (["PAGE", "--base-url", "nonsense"], 2, "bad_url"),
        (["PAGE", "--ad", "BAD"], 2, "invalid"),
        (["PAGE", "--ad", "PAGE"], 2, "invalid"),
        (["PAGE", "--ad", "LIST"], 2, "invalid"),
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
        "LIST": "[]",
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


def test_a_pdf_is_branded_as_a_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper, out = tmp_path / "paper.pdf", tmp_path / "out.html"
    paper.write_bytes(b"%PDF-1.7")
    assert main(["brand", str(paper), "--base-url", "https://a.example/p.pdf", "-o", str(out)]) == 0
    assert capsys.readouterr().err == "mode: card (media_pdf)\n"
    assert "p.pdf" in out.read_text()


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
