"""`ops/edge` says what to install if its programs are missing and it cannot install them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.edge.kit import EDGE, KINDS

TOOLS = ("bash", "cat", "dirname", "env", "flock", "id", "mkdir", "sed")
"""All commands on the machine; apt-get is missing too."""


def _hidden(*words: str) -> list[str]:
    """A command without the folders that Debian has beside PATH."""
    script = 'mount -t tmpfs none /usr/sbin && exec "$@"'
    return ["unshare", "--mount", "bash", "-c", script, "hidden", *words]


@pytest.mark.parametrize("kind", KINDS)
def test_it_names_the_packages_that_are_missing_and_ends_with_1(kind: str, tmp_path: Path) -> None:
    probe = shutil.which("unshare") and subprocess.run(
        _hidden("true"), capture_output=True, check=False, timeout=20
    )
    if not probe or probe.returncode:
        pytest.skip("NO NAMESPACES: only root can hide a machine's programs")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(str(shutil.which(name)))
    where = ("--listen", "127.0.0.1:1", "--upstream", "127.0.0.1:2", "--dir", str(tmp_path / "e"))
    told = subprocess.run(
        _hidden("env", "-i", f"PATH={tools}", "bash", str(EDGE), kind, *where),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert told.returncode == 1
    assert f"edge: {kind} could not be installed: apt-get install {kind}" in told.stderr
    assert not (tmp_path / "e").exists(), "nothing was begun"
