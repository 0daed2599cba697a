"""Compressed bodies, real or only declared, are refused without an error in the log."""

import gzip

from tests.client import HUMAN
from tests.contract.kit import ask
from tests.service import Service

GARBAGE = b"\x1f\x8b but this is no gzip"
CUT = gzip.compress(b'{"v": 1}' * 1000)[:30]


def test_a_body_that_says_it_is_packed_is_refused_and_leaves_no_trace(service: Service) -> None:
    service.start()
    key = service.command("account", "create", "--email", "mei@example.com", "--print-key")
    headers = {"Content-Encoding": "gzip", "User-Agent": HUMAN}
    text = headers | {"Content-Type": "text/plain"}
    json = headers | {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {key.stdout.strip()}",
    }
    for body in (GARBAGE, CUT):
        assert ask(f"{service.pages}/e", "POST", body, text).said == (400, "malformed")
        refused = ask(f"{service.console}/api/v1/ads", "POST", body, json)
        assert refused.said == (415, "unsupported_media_type")
        assert ask(f"{service.console}/nowhere", "POST", body, json).status == 405
    assert service.stop() == 0
    assert "Traceback" not in "".join(service.output)
