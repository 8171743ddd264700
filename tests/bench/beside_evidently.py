"""Our verdicts of drift beside Evidently's, on real data, column by column; prints where they differ, and why.

    python -m tests.bench.beside_evidently

It makes an environment under build/ and installs Evidently there, which neither running nor testing needs. The tables are in
docs/method-drift.md, 'Beside Evidently'.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger import drift
from ledger.vocabulary.verdict_words import VERDICT_WORDS
from tests.bench.floors import evidently_drift
from tests.bench.real_splits import Split, splits

#: Its release, and the newest pandas that it runs with.
NEEDED = ("evidently==0.7.23", "pandas<3")
_FOLDER = Path("build/evidently")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a split, judged twice. ours: its finding; theirs: as `floors.evidently_drift.judged` tells it."""

    split: Split
    name: str
    ours: Mapping[str, str]
    theirs: Mapping[str, Any]

    @property
    def verdicts(self) -> tuple[str, str]:
        """Ours and theirs, as a person reads them."""
        return VERDICT_WORDS[self.ours["verdict"]], "drift" if self.theirs["drifted"] else "no drift"

    @property
    def differ(self) -> bool:
        return self.verdicts not in {("kept", "no drift"), ("broken", "drift")}

    @property
    def reason(self) -> str:
        """Why the two differ, by what each of them held against what."""
        by_p = self.theirs["method"].endswith("p_value")
        match self.ours["verdict"], bool(self.theirs["drifted"]):
            case "kept", True:
                return (
                    "significant, and surely smaller than 0.1"
                    if by_p
                    else "a distance on another scale than a share of rows"
                )
            case "broken", False:
                return "not significant by its test" if by_p else "a distance on another scale than a share of rows"
            case "undecided", True if self.split.how == "by chance":
                return "a false alarm: nothing moved but by chance, and of many columns p is not corrected"
            case "undecided", True:
                return "it differs, and 0.1 is inside the interval: whether by more nobody can tell"
            case _:
                return "that none is found is no evidence of none: the interval reaches past 0.1"


def main() -> None:
    """Judge every column twice, and print two tables."""
    columns = list(_judged(list(splits())))
    sys.stdout.write("\n".join([*_counts(columns), "", *_differences(columns)]) + "\n")


def _judged(made: list[Split]) -> Iterator[Column]:
    """Every column that both judge, of every split, read from the same files."""
    with TemporaryDirectory() as folder:
        for split in made:
            (pair := Path(folder) / split.name).mkdir()
            split.reference.to_csv(pair / "reference.csv", index=False)
            split.live.to_csv(pair / "live.csv", index=False)
        script = evidently_drift.__file__
        command = [_python_with_evidently(), script, folder]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for split in made:
            pair = Path(folder) / split.name
            findings = drift(pair / "reference.csv", pair / "live.csv").findings
            ours = {
                each["feature"]: each
                for each in findings
                if each["of"] == "values" and each["verdict"] in VERDICT_WORDS
            }
            for name in ours.keys() & told[split.name].keys():
                yield Column(split, name, ours[name], told[split.name][name])


def _python_with_evidently() -> str:
    python = _FOLDER / "bin" / "python"
    if not python.exists():
        venv.create(_FOLDER, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *NEEDED], check=True)
    return str(python)


def _counts(columns: Iterable[Column]) -> Iterator[str]:
    """How often which two verdicts met, by how the rows were split."""
    ours = tuple(VERDICT_WORDS.values())
    pairs = [(mine, theirs) for theirs in ("drift", "no drift") for mine in ours]
    yield f"| rows split | columns | {' | '.join(f'{mine}; {theirs}' for mine, theirs in pairs)} |"
    yield f"|---|---:|{'---:|' * len(pairs)}"
    met = Counter((each.split.how.split(" ", 1)[0], each.verdicts) for each in columns)
    for how in ("by", "tilted", "along"):
        of_it = [met[how, pair] for pair in pairs]
        words = {"by": "by chance", "along": "along a column"}.get(how, how)
        yield f"| {words} | {sum(of_it)} | {' | '.join(map(str, of_it))} |"


def _differences(columns: Iterable[Column]) -> Iterator[str]:
    """Of each kind of difference how often it is there, why, and one column as a case of it."""
    kinds: dict[tuple[str, str, str, str], list[Column]] = {}
    for each in sorted(columns, key=lambda each: (each.split.name, each.name)):
        if each.differ:
            kinds.setdefault((*each.verdicts, each.theirs["method"], each.reason), []).append(each)
    yield "| ours | Evidently's | its method | columns | why | for example |\n|---|---|---|---:|---|---|"
    for (ours, theirs, method, reason), of_it in sorted(kinds.items()):
        yield f"| {ours} | {theirs} | {method} | {len(of_it)} | {reason} | {_case(of_it[len(of_it) // 2])} |"


def _case(column: Column) -> str:
    ours, split = column.ours, column.split
    rows = f"{len(split.reference):,} and {len(split.live):,} rows"
    effect = f"{ours['effect']} ({ours['low']} to {ours['high']})"
    return f"`{column.name}` of {split.data}, {split.how}, {rows}: {effect} against {column.theirs['value']:.4f}"


if __name__ == "__main__":
    main()
