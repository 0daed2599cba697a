"""Log lines for people and for machines, with a request's id and without addresses."""

import json
import logging
import warnings
from collections.abc import Iterator

import pytest
from aiohttp.multipart import parse_content_disposition

from proxy import logs

log = logging.getLogger("passalong")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_json_is_one_object_a_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("json")
    token = logs.request_id.set("0123456789abcdef")
    try:
        raise ValueError("two\nlines")  # noqa: TRY301 - raised to be logged
    except ValueError:
        log.exception("it\nfailed: %s", "茶")
    finally:
        logs.request_id.reset(token)
    (line,) = said(capsys)
    found = json.loads(line)
    assert (found["level"], found["message"]) == ("error", "it\nfailed: 茶")
    assert found["request_id"] == "0123456789abcdef"
    assert "ValueError: two" in found["exception"]
    assert found["at"].endswith("+00:00")


def test_the_console_gets_a_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("console")
    log.warning("store ended; starting it again")
    (line,) = said(capsys)
    assert line.endswith("WARNING store ended; starting it again")


def test_what_somebody_wrote_begins_no_line_and_colours_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.begin("console")
    log.warning("not read: %s", "茶\r\n2026-01-01 ERROR all is lost\x1b[31m\x9b\u2028\u202e")
    (line,) = said(capsys)
    assert line.endswith(r"not read: 茶\r\n2026-01-01 ERROR all is lost\x1b[31m\x9b\u2028\u202e")


def test_what_a_forms_sender_wrote_is_not_warned_of() -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("default")
        logs.begin("console")
        parse_content_disposition('form-data; filename*="\x1b[31mmei.jpg"')
    assert heard == []


@pytest.mark.parametrize("form", logs.FORMATS)
def test_the_address_that_aiohttp_adds_is_left_out(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.begin(form)
    logging.getLogger("aiohttp.server").error("Error handling request from %s", "203.0.113.9")
    (line,) = said(capsys)
    assert "Error handling request" in line
    assert "203.0.113.9" not in line


def test_ids_of_requests_are_our_own_and_differ() -> None:
    assert len({logs.new_request_id() for _ in range(100)}) == 100
