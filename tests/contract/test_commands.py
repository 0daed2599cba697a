"""Contract, section 1: the commands, their exit codes, and their one line on standard error."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client import AD
from tests.commands import Fork, ended, process
from tests.contract.kit import Publisher, Reply, article, ask
from tests.service import Service

NETS = {"PASSALONG_FETCH_ALLOW_NETS": "127.0.0.0/8"}


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    yield made
    made.close()


def run(
    *words: str, feed: bytes = b"", cwd: Path | None = None, **settings: str
) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"} | settings
    return ended(Fork, words, environment, feed, cwd or ".")


def one_line(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_version_says_the_name_and_a_version() -> None:
    for begin in (process, Fork):
        told = ended(begin, ["--version"], {})
        assert told.returncode == 0
        assert re.fullmatch(rb"passalong \d+\.\d+\S*\n", told.stdout)


def test_brand_takes_a_file_and_needs_neither_settings_nor_a_data_directory(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(article())
    done = run("brand", "page.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    page = done.stdout.decode("utf-8")
    assert page.count('data-slot="top"') == page.count('data-slot="end"') == 1
    assert "Pass it along with your own ad" in page, "the house's"
    assert "What the last oolong of the year tastes like" in page
    assert sorted(p.name for p in tmp_path.iterdir()) == ["page.html"]


def test_without_a_server_there_is_no_passalong_block_and_no_script(tmp_path: Path) -> None:
    done = run("brand", "-", "-o", "-", feed=article(head="<script>1</script>").encode())
    assert done.returncode == 0
    assert b"data-slot" in done.stdout
    assert b"<script" not in done.stdout
    assert b'id="passalong"' not in done.stdout


def test_brand_reads_raw_bytes_from_standard_input_as_the_header_said() -> None:
    page = article("Ein grüner Tee").replace('<meta charset="utf-8">', "").encode("latin-1")
    done = run("brand", "-", "--content-type", "text/html; charset=iso-8859-1", feed=page)
    assert done.returncode == 0, done.stderr
    assert "Ein grüner Tee" in done.stdout.decode("utf-8")


def test_the_base_url_makes_links_and_pictures_absolute() -> None:
    page = article(body='<p><a href="more">more</a> <img src="/cup.jpg" alt=""></p>')
    done = run("brand", "-", "--base-url", "https://tea.example/a/b", feed=page.encode())
    assert b"https://tea.example/a/more" in done.stdout
    assert b"https://tea.example/cup.jpg" in done.stdout


def test_o_writes_a_file_and_nothing_to_standard_output(tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    done = run("brand", "-", "-o", str(out), feed=article().encode())
    assert (done.returncode, done.stdout) == (0, b"")
    assert "data-slot" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_brand_takes_an_ad_in_a_file(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "ad.json"
    places = ["top", "middle", "end", "sticky"]
    file.write_text(json.dumps(AD | {"placements": places}), encoding=encoding)
    done = run("brand", "-", "--ad", str(file), feed=article(paragraphs=20).encode())
    assert done.returncode == 0, done.stderr
    page = done.stdout.decode()
    assert [page.count(f'data-slot="{place}"') for place in places] == [1, 1, 1, 1]
    assert page.count("Half Hill Tea") >= 2
    assert 'href="https://halfhill.example/harvest"' in page


@pytest.mark.parametrize("state", ["paused", "ended"])
def test_an_ad_that_rests_leaves_no_slot(tmp_path: Path, state: str) -> None:
    file = tmp_path / "ad.json"
    file.write_text(json.dumps(AD | {"state": state}))
    done = run("brand", "-", "--ad", str(file), feed=article().encode())
    assert (done.returncode, one_line(done)) == (0, f"ad: {state}")
    assert b"Half Hill Tea" not in done.stdout
    assert b'data-slot="' not in done.stdout


def test_bad_usage_is_exit_2_and_one_line_too() -> None:
    for words in (["brand"], ["brand", "-", "--mode", "poster"], ["brand", "/no/file"], ["x"]):
        done = run(*words, feed=b"x")
        assert (done.returncode, done.stdout) == (2, b"")
        assert "invalid" in one_line(done)


@pytest.mark.parametrize("mode", ["full", "reader", "excerpt", "card"])
def test_a_mode_that_nobody_lowers_is_given_without_a_word(mode: str) -> None:
    done = run("brand", "-", "--mode", mode, feed=article().encode())
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_lowered_mode_exits_0_and_says_which_and_why() -> None:
    page = article(head='<meta name="robots" content="noarchive">')
    done = run("brand", "-", feed=page.encode())
    assert (done.returncode, one_line(done)) == (0, "mode: excerpt (noarchive)")
    done = run("brand", "-", "--mode", "card", feed=page.encode())
    assert (done.returncode, done.stderr) == (0, b"")


def test_brand_takes_a_url(publisher: Publisher) -> None:
    done = run("brand", publisher.put("/a", article()), **NETS)
    assert done.returncode == 0, done.stderr
    assert b"data-slot" in done.stdout


GONE = "unavailable_after: 1 Jan 2020 00:00:00 GMT"
SOURCES = {
    "bad_url": (None, 2),
    "blocked_address": (None, 3),
    "refused_by_publisher": (Reply(article(), headers={"X-Robots-Tag": GONE}), 3),
    "source_not_found": (Reply("", 404), 4),
    "unreachable": (Reply("", 500), 4),
    "not_an_article": (Reply("{}", headers={"Content-Type": "application/json"}), 5),
    "too_big": (Reply("<p>" + "x" * (5 * 1024 * 1024)), 5),
}
LINKS = {"bad_url": "http://a:b@127.0.0.2/", "blocked_address": "http://169.254.169.254/"}


@pytest.mark.parametrize("code", SOURCES)
def test_a_source_that_cannot_be_had_has_its_exit_code_and_one_line(
    publisher: Publisher, code: str
) -> None:
    reply, exit_code = SOURCES[code]
    url = LINKS.get(code) or publisher.put(f"/{code}", reply)
    done = run("brand", url, **NETS)
    assert (done.returncode, done.stdout) == (exit_code, b"")
    assert re.search(rf"\b{code}\b\W+\w+", one_line(done))


def test_accounts_are_made_whether_or_not_the_service_runs(tmp_path: Path) -> None:
    service = Service(tmp_path / "data")
    words = ("account", "create", "--email")
    before = service.command(*words, "early@example.com", "--print-key")
    assert before.returncode == 0
    assert re.fullmatch(r"\S{20,}\n", before.stdout)
    try:
        service.start()
        during = service.command(*words, "late@example.com", "--print-key")
        assert re.fullmatch(r"\S{20,}\n", during.stdout)
        for key in (before.stdout.strip(), during.stdout.strip()):
            answer = ask(
                f"{service.console}/api/v1/account", headers={"Authorization": f"Bearer {key}"}
            )
            assert answer.status == 200
        again = service.command(*words, "Early@example.com", "--print-key")
        assert (again.returncode, again.stdout) == (2, "")
        assert len(again.stderr.splitlines()) == 1
    finally:
        service.close()
    assert service.command(*words, "late@example.com").returncode == 2
