"""Models as files: skops files, of which every type is checked; pickles only where somebody trusts them.

A pickle runs whatever code its author put into it, while it is loaded. A skops file names its types, and only those
that skops knows to be harmless are loaded; others are listed and refused, unless somebody trusts the file.
"""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import skops.io
from sklearn.base import is_classifier, is_regressor
from sklearn.exceptions import InconsistentVersionWarning

from ledger.measures.kit.reading import unreadable
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.outside_files import bytes_of

#: What this measures is explained row by row; a larger model is no thing of minutes.
_MOST_BYTES = 4 * 2**30

Warn = Callable[[str], None]

_PICKLES = (".pkl", ".pickle", ".joblib")
_NAMED = 10


@dataclass(frozen=True)
class Model:
    """A classifier or a regressor as it was loaded. sha256: of the file's bytes; trusted: the types trusted by name."""

    name: str
    estimator: Any
    sha256: str
    trusted: tuple[str, ...]

    @property
    def is_classifier(self) -> bool:
        """Whether it tells classes, not numbers."""
        return bool(is_classifier(self.estimator))


def load_model(path: str | Path, *, trust: bool, trusted: Sequence[str], warn: Warn) -> Model:
    """Load a scikit-learn model.

    trust: load whatever is not known to be harmless. trusted: the types in a skops file that may be loaded all the
    same. warn: is told what is trusted.

    Raises Refused: a pickle, or a type that skops does not know, without trust. Raises Unreadable: no such file, not
    a model's file, damaged, neither a classifier nor a regressor.
    """
    content = bytes_of(Path(path), most=_MOST_BYTES, what="model that this measures")
    if _is_skops(content):
        load = _checked(str(path), content, None if trust else trusted, warn)
    elif Path(path).suffix.lower() == ".skops":
        raise unreadable(f"{path} is not what its name says: it is no skops file.", "`skops.io.dump` writes one.")
    elif content[:1] == b"\x80" or Path(path).suffix.lower() in _PICKLES:
        load = _trusted_pickle(str(path), content, trust=trust, warn=warn)
    else:
        raise unreadable(f"{path} is neither a skops file nor a pickle.", "`skops.io.dump` writes a model's file.")
    estimator = _loaded(str(path), load, warn)
    if not hasattr(estimator, "__sklearn_tags__") or not (is_classifier(estimator) or is_regressor(estimator)):
        raise unreadable(f"{path} holds a {type(estimator).__name__}: neither a classifier nor a regressor.")
    return Model(str(path), estimator, hashlib.sha256(content).hexdigest(), tuple(trusted))


def _is_skops(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return "schema.json" in file.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _checked(path: str, content: bytes, trusted: Sequence[str] | None, warn: Warn) -> Callable[[], Any]:
    """What loads a skops file. trusted: types that may be loaded although skops does not know them; None for all."""
    try:
        unknown = skops.io.get_untrusted_types(data=content)
    except Exception as error:
        # A damaged file can make the reader raise anything.
        raise unreadable(f"{path} is a damaged skops file: {_first_line(error)}") from error
    refused = [] if trusted is None else [name for name in unknown if name not in trusted]
    if refused:
        raise Refused(
            f"{path} holds types that are not known to be harmless: {_listed(refused)}.",
            "Look at what they do; --trust-type NAME trusts one of them, --trust all.",
        )
    if unknown:
        warn(f"{path} is loaded with types that are not known to be harmless: {_listed(unknown)}.")
    return lambda: skops.io.loads(content, trusted=unknown)


def _trusted_pickle(path: str, content: bytes, *, trust: bool, warn: Warn) -> Callable[[], Any]:
    if not trust:
        raise Refused(
            f"{path} is a pickle, which can run any code while it is loaded.",
            "Save the model with `skops.io.dump`; or, if you know who made the file, --trust loads it.",
        )
    warn(f"{path} is a pickle and is trusted: loading it runs whatever code it holds.")
    return lambda: joblib.load(io.BytesIO(content))


def _loaded(path: str, load: Callable[[], Any], warn: Warn) -> Any:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            estimator = load()
        except Exception as error:
            raise unreadable(f"{path} cannot be loaded: {type(error).__name__}: {_first_line(error)}") from error
    versions = {
        (one.message.original_sklearn_version, one.message.current_sklearn_version)
        for one in said
        if isinstance(one.message, InconsistentVersionWarning)
    }
    for made, now in sorted(versions):
        warn(f"{path} was made with scikit-learn {made} and is read by {now}: its output may differ.")
    return estimator


def _first_line(error: Exception) -> str:
    return (str(error).strip() or "no reason given").splitlines()[0]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
