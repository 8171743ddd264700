"""The program `debt`: it runs this project's packages, whatever else on the path has their names.

`ledger`, `reports` and `migrations` are common words. In another project's folder, with that folder on the path, Python
would take its packages for ours. This module's name is the distribution's, which nobody else has. It pins the names to the
folder that it lies in, for the program alone: who imports `ledger` as a library keeps a path of their own making.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

#: Objects made before Python looks for circles among them; its own 700 has it look a hundred times at what imports made and
#: nothing frees, a twentieth of a command's time.
_BEFORE_COLLECTING = 50_000

OWN_PACKAGES = ("ledger", "migrations", "reports")


class OwnPackages:
    """Finds the project's own packages beside this file, and nothing else.

    A finder by what it does: to inherit from the class of them would import half of Python's library for packages.
    """

    def __init__(self, folder: Path) -> None:
        self._path = [str(folder)]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where an own package is; None for every other module, which is then looked for on the path."""
        return PathFinder.find_spec(fullname, self._path, target) if fullname in OWN_PACKAGES else None


def _folder() -> Path:
    """Where the packages are: beside this module where they are installed, two folders above it in a checkout."""
    here = Path(__file__).resolve().parent
    return here if (here / "ledger").is_dir() else here.parents[1]


def main() -> None:
    """The entry point of `debt`, and of `python -m ledger` and `python -m debt_ledger`."""
    gc.set_threshold(_BEFORE_COLLECTING)
    sys.meta_path.insert(0, OwnPackages(_folder()))
    from ledger.cli import main as debt

    try:
        debt()
    finally:
        # What is left belongs to the system, which takes it all at once: Python would look through it object by object, twice,
        # a third of a short command's time. Databases are closed by then (`ledger.store.engine`).
        gc.freeze()


if __name__ == "__main__":
    main()
