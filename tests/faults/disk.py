"""A small disk that can be filled and made read-only."""

import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

BLOCK = 1 << 16
GONE_SECONDS = 15.0


class Disk:
    """A file system of a few MB in memory, mounted at `path`; needs root."""

    def __init__(self, path: Path, size: str = "8m") -> None:
        self.path = path
        self._size = size
        self._ballast = path / "ballast"

    @staticmethod
    def possible(probe: Path) -> bool:
        """Whether this machine lets us mount one."""
        if os.geteuid() or not shutil.which("mount"):
            return False
        disk = Disk(probe, "64k")
        with suppress(OSError, subprocess.CalledProcessError):
            disk.mount()
            disk.unmount()
            return True
        return False

    def mount(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        _run("mount", "-t", "tmpfs", "-o", f"size={self._size}", "tmpfs", str(self.path))

    def unmount(self) -> None:
        _run("umount", "-l", str(self.path))

    def fill(self) -> None:
        """Fill the disk until not a byte more fits."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            size = BLOCK
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def writable(self, yes: bool) -> None:
        """Set the mode once the last writer is gone. Raises CalledProcessError if it stays."""
        deadline = time.monotonic() + GONE_SECONDS
        while True:
            try:
                return _run("mount", "-o", f"remount,{'rw' if yes else 'ro'}", str(self.path))
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=30)
