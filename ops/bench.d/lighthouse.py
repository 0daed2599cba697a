"""Lighthouse on the console and a reader's page of the demonstration: 95 or more is wanted.

Lighthouse (Apache-2.0) is no dependency: npm puts this very version into .venv when the table is
first asked for; words after the table's name leave the pages that it calls so or whose end they are
(`ops/bench lighthouse /spread /s/…`), `-v` tells what was found. Chromium is $CHROMIUM or
PATH's. The phone is Lighthouse's own, slowed down four times; on a busy machine the performance
falls, the other two do not.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

VERSION = "12.8.2"
ROOT = Path(__file__).parents[2]
HOME = ROOT / ".venv/lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")
WANTED = 95
PORT = 18_433


def lighthouse() -> Path:
    """The installed program."""
    program = HOME / "node_modules/.bin/lighthouse"
    if not program.exists():
        HOME.mkdir(exist_ok=True)
        npm = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]
        subprocess.run([*npm, f"lighthouse@{VERSION}"], cwd=HOME, check=True)
    return program


@contextmanager
def demo() -> Iterator[str]:
    """What `passalong demo` printed, while it runs."""
    command = [sys.executable, "-m", "proxy", "demo", "--port", str(PORT)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        printed = ""
        while "Ctrl-C" not in printed:
            printed += process.stdout.readline()
        yield printed
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def entered(printed: str) -> tuple[str, list[str]]:
    """The session's cookie, and the addresses to look at."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    where = re.search(r"(http\S+)/signin\?email=(\S+)", printed)
    password = re.search(r"Password: (\S+)", printed)
    assert where
    assert password
    origin = where[1]
    page = browser.open(f"{origin}/signin").read().decode()
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    form = {"csrf": token[1], "email": where[2], "password": password[1]}
    sent = urllib.request.Request(f"{origin}/signin", urllib.parse.urlencode(form).encode())
    sent.add_header("Origin", origin)
    browser.open(sent)
    shares = re.findall(
        r'href="/shares/(\w{12})"', browser.open(f"{origin}/shares").read().decode()
    )
    ads = re.findall(r'href="/ads/(\w{12})"', browser.open(f"{origin}/ads").read().decode())
    ad, share = f"/ads/{ads[0]}", f"/shares/{shares[-1]}"
    paths = ["/", "/shares", ad, f"{ad}/report", f"{ad}/ledger", f"{share}/spread", "/settings"]
    readers = f"http://127.0.0.1:{PORT}/s/{shares[-1]}"
    cookie = "; ".join(f"{each.name}={each.value}" for each in jar)
    return cookie, [*(origin + path for path in paths), f"{origin}/signin", readers]


def measured(program: Path, url: str, cookie: str, *, desktop: bool) -> dict[str, float]:
    """Category -> points."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [
            str(program),
            url,
            "--quiet",
            "--output=json",
            f"--output-path={out}",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ]
        command += ["--preset=desktop"] if desktop else []
        if "/s/" not in url and "/signin" not in url:
            command.append("--extra-headers=" + json.dumps({"Cookie": cookie}))
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
        environ = os.environ | {"CHROME_PATH": chromium}
        subprocess.run(
            command, env=environ, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        found = json.loads(out.read_text())
    if "-v" in sys.argv:
        for audit in found["audits"].values():
            if audit["score"] is not None and audit["score"] < 0.9:
                print("   ", audit["id"], audit["score"], audit.get("displayValue", ""))
    return {name: 100 * (found["categories"][name]["score"] or 0) for name in CATEGORIES}


def _path(url: str) -> str:
    """An address as the table names it, without its ids."""
    return re.sub(r"\w{12}", "…", urllib.parse.urlsplit(url).path)


def main() -> None:
    program = lighthouse()
    least = 100.0
    with demo() as printed:
        cookie, urls = entered(printed)
        print(f"{'page':<28}{'screen':<9}" + "".join(f"{name:>16}" for name in CATEGORIES))
        wanted = [each for each in sys.argv[1:] if not each.startswith("-")]
        for url in urls:
            path = _path(url)
            if wanted and not path.endswith(tuple(wanted)):
                continue
            for desktop in (False, True):
                points = measured(program, url, cookie, desktop=desktop)
                least = min(least, *points.values())
                screen = "desktop" if desktop else "phone"
                print(
                    f"{path:<28}{screen:<9}" + "".join(f"{n:>16.0f}" for n in points.values()),
                    flush=True,
                )
    print(f"lowest: {least:.0f} (wanted: {WANTED})")


if __name__ == "__main__":
    main()
