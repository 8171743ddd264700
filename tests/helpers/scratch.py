"""A copy of the ledger's source that a test may add to, run by a Python of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Scratch:
    """The copy's folder; the ledger it holds goes before the installed one."""

    folder: Path

    @classmethod
    def made_in(cls, folder: Path, *packages: str) -> Scratch:
        """Copy the packages, those of a ledger without its reports by default."""
        for package in packages or ("ledger", "migrations"):
            shutil.copytree(
                ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
            )
        return cls(folder)

    def write(self, name: str, text: str) -> None:
        """Add a file."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Put the new text in the place of the first old one, which has to be there."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold: {old}"
        self.write(name, text.replace(old, new, 1))

    def run(self, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program in the copy."""
        environment = {"PYTHONPATH": str(self.folder), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
