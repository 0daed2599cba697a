"""An answer's body, decoded as it streams, with a cap on decoded bytes."""

import zlib
from collections.abc import AsyncIterator
from typing import Protocol

import brotli

# Members of one gzip stream; each restarts the decoder, so a flood of empty ones costs time.
_MAX_MEMBERS = 64


class BadEncodingError(ValueError):
    """The body cannot be decoded: its encoding is unknown, doubled, broken or cut off."""


class TooBigError(ValueError):
    """More bytes than the cap, before or after decoding."""


class _Decoder(Protocol):
    def feed(self, data: bytes, room: int) -> bytes:
        """Decode `data`; may stop after `room` + 1 bytes, which shows that it is too long."""

    @property
    def complete(self) -> bool:
        """Whether the encoded stream has ended."""


class _Identity:
    complete = True

    def feed(self, data: bytes, room: int) -> bytes:  # noqa: ARG002 - the bytes are here already
        return data


class _Inflate:
    """gzip (like browsers, joins members and ignores garbage after them) and both deflates."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._members = 0
        self._inflate = zlib.decompressobj(wbits=31) if gzip else None
        self.complete = False

    def feed(self, data: bytes, room: int) -> bytes:
        if self._inflate is None:
            self._inflate = zlib.decompressobj(wbits=15 if _has_zlib_header(data) else -15)
        out = b""
        while data and not self.complete and len(out) <= room:
            out += self._inflate.decompress(data, room + 1 - len(out))
            data = self._next_member() if self._inflate.eof else b""
        return out

    def _next_member(self) -> bytes:
        rest = self._inflate.unused_data if self._inflate else b""
        self._members += 1
        self.complete = not (self._gzip and rest.startswith(b"\x1f\x8b"))
        if self._members > _MAX_MEMBERS:
            raise BadEncodingError("too many gzip members")
        if not self.complete:
            self._inflate = zlib.decompressobj(wbits=31)
        return rest


class _Brotli:
    def __init__(self) -> None:
        self._brotli = brotli.Decompressor()

    @property
    def complete(self) -> bool:
        return bool(self._brotli.is_finished())

    def feed(self, data: bytes, room: int) -> bytes:
        if self.complete:
            return b""
        out: bytes = self._brotli.process(data, output_buffer_limit=room + 1)
        while not self._brotli.can_accept_more_data() and len(out) <= room:
            out += self._brotli.process(b"", output_buffer_limit=room + 1 - len(out))
        return out


async def read(
    chunks: AsyncIterator[bytes], content_encoding: str, max_bytes: int, *, cut: bool = False
) -> bytes:
    """The decoded body, of at most `max_bytes`; with `cut`, a longer one is cut there.

    Raises TooBigError and BadEncodingError.
    """
    decoder = _decoder(content_encoding)
    body = bytearray()
    received = 0
    try:
        async for chunk in chunks:
            received += len(chunk)
            body += decoder.feed(chunk, max_bytes - len(body))
            if max(len(body), received) > max_bytes:
                return _full(body, max_bytes, cut=cut)
    except (zlib.error, brotli.error) as error:
        raise BadEncodingError(str(error)) from error
    if received and not decoder.complete:
        raise BadEncodingError("the answer breaks off")
    return bytes(body)


def _full(body: bytearray, max_bytes: int, *, cut: bool) -> bytes:
    if not cut:
        raise TooBigError(f"more than {max_bytes} bytes")
    return bytes(body[:max_bytes])


# IANA's HTTP Content Coding Registry. Other words ("none", "utf-8") are ignored, as by browsers.
_REGISTERED = frozenset((
    "aes128gcm", "br", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "pack200-gzip",
    "x-compress", "x-gzip", "zstd",
))  # fmt: skip


def _decoder(content_encoding: str) -> _Decoder:
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name in _REGISTERED]
    match names:
        case []:
            return _Identity()
        case ["gzip" | "x-gzip"]:
            return _Inflate(gzip=True)
        case ["deflate"]:
            return _Inflate(gzip=False)
        case ["br"]:
            return _Brotli()
    raise BadEncodingError(f"Content-Encoding {content_encoding[:100]!r}")


def _has_zlib_header(data: bytes) -> bool:
    # RFC 1950: method 8 and a check on the first two bytes; some servers send bare deflate.
    return len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
