"""The garbage collector: when it may run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let the collector rest meanwhile.

    A replay or a large pack keeps most of what it makes until it is done: walking over millions of records again and
    again in search of cycles takes a seventh of the time, and finds none.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
