"""A recipe of docs/recipes.md: the files that it touches, and how it is carried out in a copy of the source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.helpers.scratch import ROOT, Scratch

PAGE = ROOT / "docs" / "recipes.md"

#: A file's name and what is done to it; the blocks up to the next name are what is written there.
_FILE = re.compile(r"^`([\w/.]+)` \((new|row)\)", re.MULTILINE)
_BLOCK = re.compile(r"^```(python|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One file. blocks: of a new one its text, else each row in its surroundings."""

    file: str
    kind: Literal["new", "row"]
    blocks: tuple[str, ...]

    def carry_out(self, scratch: Scratch) -> None:
        if self.kind == "new":
            assert not (scratch.folder / self.file).exists(), f"{self.file} is no new file"
            (text,) = self.blocks
            scratch.write(self.file, text)
            return
        for block in self.blocks:
            # The end of the last line may go on in the file.
            lines = block.removesuffix("\n").splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if line[0] in " -")
            after = "".join(line[1:] for line in lines if line[0] in " +")
            assert (scratch.folder / self.file).read_text(encoding="utf-8").count(before.rstrip("\n")) == 1, before
            scratch.edit(self.file, before.rstrip("\n"), after)


@dataclass(frozen=True)
class Recipe:
    """What stands under one heading."""

    title: str
    steps: tuple[Step, ...]

    def carry_out(self, scratch: Scratch, *, only: str = "") -> None:
        """Make the addition in a copy. only: the files whose path begins like this."""
        for step in self.steps:
            if step.file.startswith(only):
                step.carry_out(scratch)

    def files(self, kind: Literal["new", "row"], *, tests: bool = False) -> list[str]:
        """The files that are new, or get a row; those of the tests, or those of the product."""
        return [step.file for step in self.steps if step.kind == kind and step.file.startswith("tests/") == tests]


def recipes(page: Path = PAGE) -> dict[str, Recipe]:
    """Every recipe of the page, by its heading."""
    found = {}
    for section in re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title = section.partition("\n")[0]
        pieces = _FILE.split(section)[1:]
        steps = [
            Step(file, "new" if kind == "new" else "row", tuple(text for _, text in _BLOCK.findall(said)))
            for file, kind, said in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
        ]
        found[title] = Recipe(title, tuple(steps))
    return found
