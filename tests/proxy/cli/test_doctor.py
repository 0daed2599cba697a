"""`passalong doctor` names each fault once and says how to mend it."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from ads.store import connect
from proxy.__main__ import main
from proxy.cli import doctor
from proxy.run.store import EmbeddedStore, socket_path, url
from tests.client import listening
from tests.proxy.wechat.api import APP_ID, SECRET, Api
from tests.service import Service, free_port

Examine = Callable[[Service], tuple[int, str]]


@pytest.fixture
def examine(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Examine:
    """Runs the command in this process, with a service's settings: its exit code and output."""

    def run(service: Service) -> tuple[int, str]:
        monkeypatch.setattr(os, "environ", service.environment)
        return main(["doctor"]), capsys.readouterr().out

    return run


def test_an_installation_that_does_not_run_yet_is_fine(tmp_path: Path) -> None:
    found = Service(tmp_path).command("doctor")
    assert found.returncode == 0, found.stdout
    assert "starts with `passalong serve`" in found.stdout
    assert "FAULT" not in found.stdout


def test_a_running_service_is_asked_for_its_store_and_clock(
    examine: Examine, service: Service
) -> None:
    service.start()
    code, told = examine(service)
    assert code == 0, told
    assert "append-only file is on" in told
    assert "clock: 0." in told


async def test_a_store_that_takes_no_function_is_told_with_what_it_must_allow(
    examine: Examine, service: Service
) -> None:
    service.start()
    store = connect(f"unix://{socket_path(service.data_dir)}")
    await store.execute_command("ACL", "SETUSER", "default", "-function")
    code, told = await asyncio.to_thread(examine, service)
    await store.aclose()
    assert code == 1
    assert "FAULT store: the function that counts is refused" in told
    assert "allow its user FUNCTION LOAD" in told


def test_an_embedded_store_that_hangs_is_not_said_to_rest(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path) as store:
        assert store.process
        store.process.send_signal(signal.SIGSTOP)
        found = Service(tmp_path).command("doctor")
        store.process.send_signal(signal.SIGCONT)
    assert found.returncode == 1
    assert "FAULT store: the embedded one does not answer" in found.stdout


async def test_a_store_that_forbids_what_is_needed_is_not_said_to_be_away(service: Service) -> None:
    service.start()
    store = connect(f"unix://{socket_path(service.data_dir)}")
    await store.execute_command("ACL", "SETUSER", "default", "-info")
    found = await asyncio.to_thread(service.command, "doctor")
    await store.aclose()
    assert found.returncode == 1
    assert "no permissions to run the 'info' command" in found.stdout
    assert "does not answer" not in found.stdout


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"port": "0x50"}, "PASSALONG_PORT"),
        ({"port": "8080", "metrics_port": "8080"}, "PASSALONG_METRICS_PORT: it is PASSALONG_PORT"),
        ({"worker": "4"}, "there is no PASSALONG_WORKER; is it PASSALONG_WORKERS?"),
        ({"trusted_proxies": "0.0.0.0/0"}, "trusts everyone's X-Forwarded-For"),
        ({"pages_origin": "https://read.example"}, "none is trusted, so all readers are one"),
        ({"pages_origin": "http://read.example"}, "use https"),
        (
            {"console_origin": "https://a.example", "pages_origin": "https://a.example"},
            "another registrable domain",
        ),
    ],
)
def test_a_fault_is_told_with_what_mends_it(
    examine: Examine, tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    code, told = examine(Service(tmp_path, **settings))
    assert code == 1
    assert said in told


def test_a_store_that_is_away_is_named_without_its_password(
    examine: Examine, tmp_path: Path
) -> None:
    server = f"127.0.0.1:{free_port()}"
    code, told = examine(Service(tmp_path, redis_url=f"redis://mei:secret@{server}"))
    assert code == 1
    assert f"{server} does not answer" in told
    assert "secret" not in told


async def test_a_store_that_wants_a_password_says_where_it_is_given(
    examine: Examine, tmp_path: Path
) -> None:
    with EmbeddedStore(tmp_path):
        redis = connect(url(tmp_path))
        await redis.config_set("requirepass", "secret")
        await redis.aclose()
        code, told = await asyncio.to_thread(examine, Service(tmp_path))
    assert code == 1
    assert "wants a password" in told


def test_an_edge_that_takes_no_purges_is_told(examine: Examine, tmp_path: Path) -> None:
    away = f"http://127.0.0.1:{free_port()}/"
    code, told = examine(Service(tmp_path, purge_urls=away))
    assert code == 1
    assert f"FAULT edges: {away} does not take purges" in told


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (None, f"ok    wechat: {APP_ID} vouches for pages"),
        ({"errcode": 40125, "errmsg": "no"}, "FAULT wechat: no ticket: no (40125): the secret is"),
    ],
)
async def test_what_keeps_an_account_from_vouching_for_pages_is_told(
    examine: Examine, tmp_path: Path, refusal: dict[str, object] | None, said: str
) -> None:
    async with listening(Api(refusal).app()) as api:
        account = {"wechat_app_id": APP_ID, "wechat_secret": SECRET, "wechat_api": api}
        code, told = await asyncio.to_thread(examine, Service(tmp_path, **account))
    assert code == (1 if refusal else 0)
    assert said in told


def test_every_fault_in_the_settings_is_told_at_once_by_doctor_and_by_serve(
    examine: Examine, tmp_path: Path
) -> None:
    wrong = Service(
        tmp_path,
        metrics_port="none",
        limits="maybe",
        secret_keys="short",
        purge_urls="fastly://service",
        log_format="xml",
        redis_url="mysql://mei:secret@127.0.0.1",
        fetch_allow_nets="nonsense",
        signup="perhaps",
        default_mode="poster",
        spool_sync="maybe",
    )
    served = wrong.command("serve")
    for code, told in (examine(wrong), (served.returncode, served.stderr)):
        assert code == 1
        assert all(f"PASSALONG_{name.upper()}" in told for name in wrong.settings)
        assert "secret@" not in told


def test_what_another_user_left_in_the_spool_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(tmp_path))
    left = tmp_path / "spool" / "hold"
    left.parent.mkdir()
    left.touch()
    monkeypatch.setattr(os, "access", lambda path, _: path != left)
    assert [text for fine, text in doctor.examine() if not fine] == [
        f"spool: {left} cannot be written; give it to the service's user"
    ]
