"""A child process ends with its parent, even when the parent is killed (a leaf; Linux)."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1  # prctl(2)

_prctl = ctypes.CDLL(None, use_errno=True).prctl


def end_with_parent(parent: int) -> None:
    """Asks the kernel to send SIGTERM when process `parent` dies; for the child to call."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)
