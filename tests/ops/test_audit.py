"""All dependencies are free to use, and a tool can list them."""

import json
import re
import runpy
import subprocess
import sys
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKED = dict(
    re.findall(r"(?m)^([\w.-]+)==([^ ;\\]+)", (ROOT / "ops/requirements.lock").read_text())
)
FREE = ("apache", "bsd", "mit", "isc", "psf", "python-2.0", "python software foundation")
# Licences that the metadata do not state, or whose conditions we meet.
LOOKED_AT = {
    "async-timeout": "Apache-2.0; for Python 3.11.0 to 3.11.2 alone",
    "chardet": "LGPL: imported unchanged, from its own package, by readability-lxml",
    "crawler-user-agents": "MIT, says its repository",
    "colorama": "BSD-3-Clause; on Windows alone",
}


def said(package: str) -> str:
    """All that a package's metadata say about its licence."""
    found = metadata(package)
    lines = [found.get("License-Expression", ""), (found.get("License") or "")[:100]]
    lines += [c for c in found.get_all("Classifier", []) if c.startswith("License ::")]
    return " ".join(filter(None, lines)).lower()


@pytest.mark.parametrize("package", sorted(set(LOCKED) - set(LOOKED_AT)))
def test_every_package_that_is_shipped_is_free_software_without_conditions(package: str) -> None:
    assert any(re.search(rf"\b{name}", said(package)) for name in FREE), said(package)
    assert "gpl" not in said(package)


def test_the_bill_of_materials_names_every_locked_package_with_its_version(tmp_path: Path) -> None:
    # From the lock only; `ops/audit sbom` does this for an environment, with licences.
    tool = ROOT / ".venv/bin/cyclonedx-py"
    file = tmp_path / "sbom.json"
    subprocess.run(
        [tool, "requirements", ROOT / "ops/requirements.lock", "-o", file, "--no-validate",
         "--pyproject", ROOT / "pyproject.toml"],
        check=True, timeout=60, capture_output=True,
    )  # fmt: skip
    bill = json.loads(file.read_text())
    parts = {part["name"]: part for part in bill["components"]}
    assert {name: part["version"] for name, part in parts.items()} == LOCKED
    assert bill["metadata"]["component"]["name"] == "passalong"


NAME, VERSION = next(iter(LOCKED.items()))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}, 1),
        (
            {
                "ranges": [
                    {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "0.0.1"}]}
                ]
            },
            0,
        ),
        (
            {
                "ranges": [
                    {"type": "SEMVER", "events": [{"last_affected": "999"}, {"introduced": "0"}]}
                ]
            },
            1,
        ),
        ({"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}, 0),
        ({"versions": [VERSION]}, 1),
        ({"versions": ["0.0.0"]}, 0),
        ({"versions": [VERSION], "package": {"ecosystem": "npm", "name": NAME}}, 0),
        (
            {
                "package": {"ecosystem": "npm", "name": "esbuild"},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
            },
            1,
        ),
    ],
)
def test_an_advisory_about_what_is_locked_is_found_without_a_network(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, object],
    code: int,
) -> None:
    shouted = {"ecosystem": "PyPI", "name": NAME.upper().replace("-", "_")}
    record = {"id": "PYSEC-1", "aliases": ["CVE-1"], "affected": [{"package": shouted, **changes}]}
    gone = record | {"withdrawn": "2026-01-01T00:00:00Z", "affected": [{"versions": [VERSION]}]}
    (tmp_path / "one.json").write_text(json.dumps(record))
    (tmp_path / "two.yaml").write_text(json.dumps(gone))
    assert advisories(tmp_path, monkeypatch) == code
    assert capsys.readouterr().out.endswith("PYSEC-1 CVE-1\n" if code else "")


def test_a_folder_without_advisories_says_nothing_of_safety(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert advisories(tmp_path, monkeypatch) == 2


def advisories(folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run `ops/advisories`; returns its exit code."""
    monkeypatch.setattr(sys, "argv", ["ops/advisories", str(folder)])
    code: int = runpy.run_path(str(ROOT / "ops/advisories"))["main"]()
    return code
