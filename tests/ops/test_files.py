"""The files that operators install, checked by standard tools, without a container engine."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

OPS = Path(__file__).parents[2] / "ops"
BIN = Path(sys.executable).parent
UNITS = [OPS / "passalong.service", OPS / "passalong-edge.service"]


def judged(*words: str | Path) -> None:
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_image_is_built_as_hadolint_likes_it() -> None:
    judged(BIN / "hadolint", OPS / "Dockerfile")


def test_everything_that_the_image_copies_is_there_and_reaches_the_builder() -> None:
    let_in = (OPS / "Dockerfile.dockerignore").read_text()
    for line in re.findall(
        r"^COPY (?!--from)(.+)$", (OPS / "Dockerfile").read_text(), re.MULTILINE
    ):
        for source in line.split()[:-1]:
            assert (OPS.parent / source).exists(), source
            assert f"!{source.split('/')[0]}\n" in let_in


def test_the_service_in_the_image_is_nobody_known_and_keeps_all_in_data() -> None:
    service = (OPS / "Dockerfile").read_text().partition(" AS service")[2].partition("FROM ")[0]
    assert re.search(r"^USER 10001:10001$", service, re.MULTILINE)
    assert "PASSALONG_DATA_DIR=/data" in service
    compose = (OPS / "compose.yaml").read_text()
    assert "read_only: true" in compose
    assert compose.count("<<: *hardened") == 5


def test_compose_sets_no_setting_to_nothing_that_its_file_of_settings_may_set() -> None:
    service = yaml.safe_load((OPS / "compose.yaml").read_text())["services"]["service"]
    assert [name for name, value in service["environment"].items() if value.endswith(":-}")] == []


def test_the_image_of_the_edge_may_run_what_varnish_compiles_its_configuration_to() -> None:
    edge = yaml.safe_load((OPS / "compose.yaml").read_text())["services"]["edge"]
    folder = edge["command"][edge["command"].index("--dir") + 1]
    mounts = dict(mount.split(":") for mount in edge["tmpfs"])
    assert "exec" in mounts[folder].split(",")  # which is not the default of Docker's tmpfs


def test_the_scripts_are_as_shellcheck_likes_them() -> None:
    bash = [
        p
        for p in OPS.iterdir()
        if p.is_file() and p.read_bytes().startswith(b"#!/usr/bin/env bash")
    ]
    assert len(bash) > 5
    judged(BIN / "shellcheck", *bash)


@pytest.fixture
def systemd() -> str:
    found = shutil.which("systemd-analyze")
    if not found:
        pytest.skip("NO SYSTEMD: systemd-analyze is missing")
    return found


@pytest.mark.parametrize("shipped", UNITS)
def test_a_unit_is_sound_but_for_programs_that_are_not_installed(
    systemd: str, shipped: Path, tmp_path: Path
) -> None:
    unit = tmp_path / shipped.name
    unit.write_text(re.sub(r"/opt/passalong/\S+/\w+ ", "/bin/true ", shipped.read_text()))
    told = subprocess.run([systemd, "verify", unit], capture_output=True, text=True, check=False)
    assert not [line for line in told.stderr.splitlines() if unit.name in line], told.stderr


@pytest.mark.parametrize("shipped", UNITS)
def test_a_unit_is_exposed_as_little_as_systemd_can_tell(systemd: str, shipped: Path) -> None:
    judged(systemd, "security", "--offline=yes", "--threshold=20", shipped)


def test_an_installed_copy_has_every_file_that_the_checkout_has() -> None:
    settings = tomllib.loads((OPS.parent / "pyproject.toml").read_text())
    data = settings["tool"]["setuptools"]["package-data"]
    for room in ("ads", "proxy"):
        root = OPS.parent / room
        packed = {path for pattern in data[room] for path in root.glob(pattern)}
        # Scripts are built into static/dist; caches belong to no package.
        ours = {
            path
            for path in root.rglob("*")
            if path.is_file() and path.suffix not in {".py", ".pyc"} and "scripts" not in path.parts
        }
        assert not ours - packed


@pytest.mark.parametrize("word", ["sped", "/spread"])
def test_a_table_that_is_not_there_is_named_before_anything_is_measured(word: str) -> None:
    told = subprocess.run([OPS / "bench", word], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (2, "")
    assert f"no table {word};" in told.stderr
    assert {"fidelity", "speed", "memory", "faults"} < set(told.stderr.split())
