"""A child process ends with its parent, even when the parent is killed (a leaf; Linux).

Where memory runs out it ends before its parent: that starts it anew, and nobody the parent.
"""

import ctypes
import os
import signal
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1  # prctl(2)
OOM_POINTS = 100
"""Of a thousand, by which the kernel prefers a child to its parent: a tenth of the memory."""
_SCORE = Path("/proc/self/oom_score_adj")

_prctl = ctypes.CDLL(None, use_errno=True).prctl


def end_with_parent(parent: int) -> None:
    """Asks the kernel to send SIGTERM when process `parent` dies; for the child to call."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    with suppress(OSError):
        _SCORE.write_text(str(min(1000, int(_SCORE.read_text()) + OOM_POINTS)))
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)
