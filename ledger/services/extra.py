"""What measuring needs besides: the libraries of the extra `ml`, imported where they are used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.vocabulary.errors import Unreadable

_INSTALL = "pip install 'debt-ledger[ml]'"
#: What the extra installs, and what comes with that, as it is imported.
EXTRA = ("joblib", "pandas", "pathspec", "pyarrow", "radon", "scipy", "sklearn", "skops", "statsmodels")


@contextmanager
def extra_needed() -> Iterator[None]:
    """Say of a library that is missing what installs it. Raises Unreadable; another module that is missing is a defect."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        raise Unreadable(f"Measuring needs {error.name}, which is not installed: {_INSTALL}") from error
