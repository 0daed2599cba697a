"""A body in a file of memory, which the kernel sends as it lies there (a leaf).

Nothing of it is copied on the way out (memfd_create(2), sendfile(2)). What a client has not taken
yet are the file's own pages, so these never change; let go, they stay for as long as they are
on their way.
"""

import mmap
import os
import resource
import socket
from functools import cached_property

SEALED_FROM = 16 * 1024
"""Bytes; of fewer a second call of the kernel's costs more than copying them does."""
FILE_BYTES = 4_000
"""What a file takes beside its bytes: the last page's rest, and the kernel's own."""
FILES_PART = 8
"""One in so many of the descriptors that this process may have; the others are connections'."""
_MORE = socket.MSG_MORE | socket.MSG_DONTWAIT


class Sealed:
    """Raises OSError if there is no file to be had.

    All that there are take so many `files`, and memory (`held`, in bytes) that is not resident.
    """

    files = 0
    held = 0

    def __init__(self, data: bytes) -> None:
        self._size = len(data)
        self._file = os.memfd_create("page")
        Sealed.files += 1
        Sealed.held += weight(self)
        if os.write(self._file, data) < self._size:
            raise OSError("there is no room for a file of memory")

    def __len__(self) -> int:
        return self._size

    def __bytes__(self) -> bytes:
        return os.pread(self._file, self._size, 0)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            Sealed.files -= 1
            Sealed.held -= weight(self)
            os.close(self._file)

    def send(self, to: socket.socket, head: bytes) -> int:
        """Sends `head` and the body behind it as far as they are taken at once: how many bytes."""
        sent = 0
        try:
            sent = to.send(head, _MORE)
            if sent == len(head):
                sent += os.sendfile(to.fileno(), self._file, 0, self._size)
        except OSError:  # whoever sends the rest hears of it again
            pass
        return sent

    def rest(self, at: int) -> memoryview:
        """What follows the first `at` bytes, of which no client who is slow has its own copy."""
        return self._view[at:]

    @cached_property
    def _view(self) -> memoryview:
        return memoryview(mmap.mmap(self._file, self._size, prot=mmap.PROT_READ))


Body = bytes | Sealed


def seal(data: bytes) -> Body:
    """The body as it is best kept to be sent again and again."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // FILES_PART
    if len(data) < SEALED_FROM or Sealed.files >= most:
        return data
    try:
        return Sealed(data)
    except OSError:
        return data


def weight(body: Body) -> int:
    """Bytes of memory that it takes."""
    return len(body) + (FILE_BYTES if isinstance(body, Sealed) else 0)
