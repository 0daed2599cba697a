"""Whatever its streams, locale and signals are, a command ends without a traceback."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ads.spool import backup_lock
from tests.contract.kit import until
from tests.service import Service

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "proxy/sample/oolong.html"
LATIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def shell(data_dir: Path, line: str, **environ: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a line of bash, in which `$p` is the command."""
    return subprocess.run(
        [
            "bash",
            "-c",
            line.replace("$p", f"{sys.executable} -m proxy").encode("utf-8", "surrogateescape"),
        ],
        env=Service(data_dir).environment | environ,
        capture_output=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("$p doctor >/dev/full", 1),
        ("$p doctor >&-", 0),
        ("$p archive <&- >&-", 0),
        (f"$p brand {PAGE} >&-", 0),
        ("$p brand - <&-", 5),
        ("$p doctor | true; exit ${PIPESTATUS[0]}", 0),
        ("$p ad pause \udcff", 2),
        ("$p backup ''", 1),
        ("$p backup .", 1),
        ("$p restore .", 1),
        ("$p backup \udcff.tar && rm \udcff.tar", 0),
    ],
)
def test_whatever_a_command_is_given_it_ends_with_its_code_and_no_traceback(
    tmp_path: Path, line: str, code: int
) -> None:
    (tmp_path / "store").mkdir()  # of an installation
    done = shell(tmp_path, line)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr


def test_names_are_written_and_read_whatever_the_locale(tmp_path: Path) -> None:
    made = shell(tmp_path, "$p account create --email tea@a.example --name 茶", **LATIN)
    assert made.returncode == 0, made.stderr
    for locale in ({}, LATIN):
        assert "茶" in shell(tmp_path, "$p list accounts", **locale).stdout.decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_backup_that_is_told_to_end_leaves_nothing_half_made(
    tmp_path: Path, number: signal.Signals
) -> None:
    service, folder = Service(tmp_path / "data"), tmp_path / "backups"
    for each in (folder, spool := service.data_dir / "spool", service.data_dir / "store"):
        each.mkdir(parents=True)
    with backup_lock.copying(spool, 0):  # so that the command waits in its midst
        # The tests' parent may ignore signals, as nohup does, and the command would inherit that.
        heard = ["env", "--default-signal=INT,TERM,HUP", sys.executable]
        command = [*heard, "-m", "proxy", "backup", str(folder / "b.tar")]
        with subprocess.Popen(command, env=service.environment, stderr=subprocess.PIPE) as running:
            try:
                until(lambda: len(list(folder.iterdir())) == 2)
                running.send_signal(number)
                assert running.communicate(timeout=20)[1] == b""
            finally:
                running.kill()
    assert (running.returncode, list(folder.iterdir())) == (128 + number, [])
