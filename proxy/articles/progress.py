"""How far the making of an article has come, told to whoever asked for it (a leaf).

The listener travels with the context of the call, so that nothing in between has to hand it on;
who joins a download that others began hears nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Step = Literal["read", "allowed"]
"""`read`: the page is here; `allowed`: what its publisher says of it is known."""
Listener = Callable[[Step], None]

_listener: ContextVar[Listener | None] = ContextVar("progress", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Within it, `listener` hears of every step."""
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
