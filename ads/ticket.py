"""A page's ticket: its share, ad and ad version, signed, for the beacons of its readers (pure).

It is the same for every reader of a page, so that the page can be cached: it proves to which page
an event belongs, not who sent it.
"""

import base64
import hashlib
import hmac
from binascii import Error as Base64Error
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import msgspec

from ads.clock import HOUR

HOLDS_MS = 96 * HOUR  # caches keep a page for at most 48 (contract, section 6)
EPOCH_MS = HOUR  # as much of the 96 is gone when a page is served
MAX_TEXT = 512

_MAC_BYTES = 16
_PURPOSE = b"passalong ticket 1\0"


class Ticket(NamedTuple):
    """What a page was issued for. `issued` is in epoch milliseconds, `ad` "" if it had none."""

    share: str
    ad: str
    version: int
    issued: int


_decoder = msgspec.msgpack.Decoder(Ticket)


def sign(t: Ticket, keys: Sequence[bytes]) -> str:
    """The ticket as URL-safe ASCII, signed with the first key."""
    payload = msgspec.msgpack.encode(t)
    return base64.urlsafe_b64encode(_mac(keys[0], payload) + payload).rstrip(b"=").decode()


def size(t: Ticket) -> int:
    """How many characters the signed ticket has."""
    return -(-(_MAC_BYTES + len(msgspec.msgpack.encode(t))) * 4 // 3)


def read(text: str, keys: Sequence[bytes]) -> Ticket | None:
    """The ticket behind `text`, or None if none of `keys` signed it."""
    # A forged text of any length must not fill the cache.
    return _read(text, tuple(keys)) if len(text) <= MAX_TEXT else None


def expired(t: Ticket, at_ms: int) -> bool:
    """Whether 96 hours have passed since the ticket was issued."""
    return at_ms - t.issued >= HOLDS_MS


def epoch(share: str, at_ms: int) -> int:
    """The time of issue for a share's page served now: it changes once an hour.

    At another moment for each share: else caches would ask for every page in the same second.
    """
    return at_ms - (at_ms + crc32(share.encode())) % EPOCH_MS


def current(issued: int, at_ms: int) -> bool:
    """Whether this is the time of issue of a page served now."""
    return 0 <= at_ms - issued < EPOCH_MS


def _mac(key: bytes, payload: bytes) -> bytes:
    mac = _keyed(key).copy()  # half of what taking the key in each time costs
    mac.update(payload)
    return mac.digest()[:_MAC_BYTES]


@lru_cache(maxsize=16)
def _keyed(key: bytes) -> hmac.HMAC:
    return hmac.new(key, _PURPOSE, hashlib.sha256)


# All readers of a page send the same text; a beacon then costs no hashing.
@lru_cache(maxsize=4096)
def _read(text: str, keys: tuple[bytes, ...]) -> Ticket | None:
    try:
        # `validate` is no parameter of urlsafe_b64decode, which skips foreign characters.
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if base64.urlsafe_b64encode(raw).rstrip(b"=") != text.encode():
            return None  # another spelling of the same bytes: the last letter has bits to spare
        signed, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not any(hmac.compare_digest(signed, _mac(key, payload)) for key in keys):
            return None
        return _decoder.decode(payload)
    except (Base64Error, ValueError, msgspec.MsgspecError):
        return None
