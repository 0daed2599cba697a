"""Contract, section 1: the commands, their exit codes, and their one line on standard error."""

import json
import re
import stat
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
    done = run("brand", "-", feed=article(head="<script>1</script>").encode())
    assert done.returncode == 0
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


def test_a_dash_for_the_file_is_standard_output() -> None:
    done = run("brand", "-", "-o", "-", feed=article().encode())
    assert done.returncode == 0
    assert b"data-slot" in done.stdout


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


BAD_ADS = {
    "no json": "{",
    "no object": "[]",
    "a field is missing": json.dumps({k: v for k, v in AD.items() if k != "name"}),
    "a target of another scheme": json.dumps(AD | {"target": "javascript:alert(1)"}),
}


@pytest.mark.parametrize("text", BAD_ADS.values(), ids=BAD_ADS.keys())
def test_a_bad_ad_is_exit_2_with_the_code_invalid(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ad.json"
    file.write_text(text)
    done = run("brand", "-", "--ad", str(file), feed=article().encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert "invalid" in one_line(done)


def test_bad_usage_is_exit_2_and_one_line_too() -> None:
    for words in (["brand"], ["brand", "-", "--mode", "poster"], ["brand", "/no/file"], ["x"]):
        done = run(*words, feed=b"x")
        assert (done.returncode, done.stdout) == (2, b"")
        assert "invalid" in one_line(done)


@pytest.mark.parametrize(
    ("line", "setting"),
    [("doctor --data-dir /srv", "DATA_DIR"), ("archive --redis=redis://one", "REDIS_URL")],
)
def test_an_option_that_only_serve_takes_is_answered_with_its_setting(
    line: str, setting: str
) -> None:
    done = run(*line.split())
    assert done.returncode == 2
    assert f"; set PASSALONG_{setting};" in one_line(done)


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


def test_serve_prints_the_consoles_address_and_on_the_first_start_a_link_that_works_once(
    tmp_path: Path,
) -> None:
    service = Service(tmp_path / "data")
    try:
        service.start()
        link = service.first_link()
        assert link.startswith(f"{service.console}/start?token=")
        assert any(re.search(rf"{service.console}\b", line) for line in service.output)
        assert ask(link).status == 200
    finally:
        service.close()


def test_a_made_secret_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    service = Service(tmp_path / "data")
    assert service.command("account", "create", "--email", "a@example.com").returncode == 0
    key = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_bytes()) >= 32


@pytest.mark.parametrize(
    "settings",
    [
        {"secret_keys": "short"},
        {"fetch_allow_nets": "nonsense"},
        {"signup": "perhaps"},
        {"default_mode": "poster"},
        {"spool_sync": "maybe"},
        {"port": "0x50"},
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_nothing_starts(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    done = Service(tmp_path / "data", **settings).command("serve")
    assert done.returncode not in (0, None)
    (name,) = settings
    assert f"PASSALONG_{name.upper()}" in done.stderr
    assert "Traceback" not in done.stderr
