"""Log lines, for people or as JSON, with the request's id and without personal data.

No line has a client's address, an e-mail or a link with a token; the address that aiohttp adds to a
failed request is removed.
"""

import json
import logging
import re
import secrets
import warnings
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")
FORMATS = ("console", "json")
_CONTROL = re.compile(r"[^\n\t\x20-\x7e\xa0-\u2027\u202f-\uffff\U00010000-\U0010ffff]")


def new_request_id() -> str:
    """An id for one request: made here, since what a client sends may be anything."""
    return secrets.token_hex(8)


class Impersonal(logging.Filter):
    """Adds the request's id to a record and takes clients' addresses out of aiohttp's."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass."""
        record.request_id = request_id.get()
        if record.name == "aiohttp.server" and record.args:
            record.msg, record.args = str(record.msg).partition(" from %s")[0], ()
        return True


class Json(logging.Formatter):
    """A log line as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
        }
        if found := getattr(record, "request_id", ""):
            line["request_id"] = found
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class Console(logging.Formatter):
    """One line for people; text from outside can neither begin another line nor colour it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """The line without the traceback, which has lines of its own."""
        return super().formatMessage(record).replace("\n", "\\n")

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, the request's id at its end."""
        found = getattr(record, "request_id", "")
        text = _CONTROL.sub(lambda match: repr(match[0])[1:-1], super().format(record))
        return text + (f" request={found}" if found else "")


_FORMATTERS: Mapping[str, Callable[[], logging.Formatter]] = {"console": Console, "json": Json}


def begin(form: str) -> None:
    """Writes everything from INFO on to standard error in one of FORMATS."""
    handler = logging.StreamHandler()
    handler.setFormatter(_FORMATTERS[form]())
    handler.addFilter(Impersonal())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    # Its warnings quote a form's sender, and Python keeps the text of each for good.
    warnings.filterwarnings("ignore", module=r"aiohttp\.multipart")
