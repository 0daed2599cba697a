"""How far the making of an article has come, for whoever asked for it (a leaf).

The listener is in a context variable, so that the layers in between need not pass it on. A caller
who joins a flight that another began hears nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Step = Literal["read", "allowed"]
"""`read`: the page is downloaded; `allowed`: its publisher's signals are known."""
Listener = Callable[[Step], None]

_listener: ContextVar[Listener | None] = ContextVar("progress", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """In the block, `listener` is called with every step."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def reached(step: Step) -> None:
    """Tells the listener of this context, if there is one, that a step is done."""
    listener = _listener.get()
    if listener:
        listener(step)
