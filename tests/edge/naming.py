"""A service that uses the tests' name server, so that publishers have names."""

from pathlib import Path
from typing import Any

from tests.nameserver import NameServer
from tests.service import Service

NAMES = Path(__file__).parent / "names"
ADDRESS = "127.0.0.2"


class Zone:
    """Resolves every name to ADDRESS; `texts` are the TXT records of some names."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def __call__(self, name: str, kind: str) -> list[str]:
        if kind == "TXT" and name in self.texts:
            return [f'"{self.texts[name]}"']
        return [ADDRESS] if kind == "A" else []


class NamingService(Service):
    """A service that knows only that name server."""

    def __init__(self, data_dir: Path, names: NameServer, **settings: Any) -> None:
        super().__init__(data_dir, **settings)
        self._names = names

    @property
    def environment(self) -> dict[str, str]:
        more = {"PYTHONPATH": str(NAMES), "NAMES_PORT": str(self._names.port)}
        return super().environment | more
