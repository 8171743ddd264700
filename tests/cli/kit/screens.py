"""What every command that prints a table shows on terminals of 80, 100 and 120 columns; kept in `screens/`, and compared.

After a change of what commands print: `python -m tests.cli.kit.screens`, and read the difference.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from ledger.cli.kit.edge import Edge
from tests.helpers.lines import GATE
from tests.helpers.teller import NOON, Clock, Teller, new_id
from tests.helpers.terminals import on_a_terminal

FOLDER = Path(__file__).with_name("screens")
WIDTHS = (80, 100, 120)

_JOIN, _THRESHOLDS = "Hand-written join of two feeds that nobody owns any more", "不正検知の特徴量を手で選んだ"
_COMMITTEE = "--decided-by 'The steering committee of the summer fair' --because 'the fair' --benefit 'two weeks'"
_LATE = f"{_COMMITTEE} --repay-by 2026Q2 --on 2026-03-02"
_EXPLAINED = "--method 'SHAP values of the ten largest features' --artifact https://example.org/a --audience analysts"

#: Long keys and amounts, wide letters, words without blanks, sums below zero.
STORY = (
    "init --book main --currency EUR",
    "system add FRAUD 'Fraud scoring of card payments in every market' --team red --cost-centre CC-1",
    "system add RECOMMENDATIONS-EU 'Recommendations' --team 'personalisation & search' --cost-centre 470012345",
    "rate set 800 --from 2026-01-01",
    "rate set 950.50 --from 2026-03-01 --team red",
    f"commission FRAUD '{_JOIN}' --category glue-code --principal 12000000 --interest 987654.32/year {GATE} --on 2026-02-01",
    f"commission RECOMMENDATIONS-EU {_THRESHOLDS} --category configuration --principal 15d --interest 2h/month {_LATE}",
    f"observe FRAUD {'x' * 90} --category missing-tests --cause missing-tests --principal 450.50 --on 2026-04-01",
    "observe RECOMMENDATIONS-EU 'No owner' --category untracked-input --cause untracked --on 2026-04-02",
    "repay FRAUD-1 2000000 --spent 2500000 --on 2026-05-01",
    "repay FRAUD-1 10 --spent 10 --on 2026-03-05 --key early",
    "tag FRAUD-1 +feeds +autumn +for-the-architects",
    "assign FRAUD-1 ada@example.org",
    "plan FRAUD-1 2026Q4",
    "note FRAUD-1 'A long note about what was found, which does not fit on one line of a terminal and goes on for a while'",
    "interest FRAUD-1 6h --because 'incident 341'",
    "budget set 2026Q2 3000000 --team red",
    "forecast set 2026Q2 2750000.25 --team red",
    "budget set 2026Q2 20000 --team 'personalisation & search'",
    "policy set second-actor-close on",
    "monitor FRAUD bias --what prediction-bias --threshold 0.1 --alerts no --remediation manual --plan 'train it again'",
    f"explain FRAUD --scope local {_EXPLAINED} --quality checked",
    "robustness FRAUD rotated --perturbation 'by 90 degrees' --passed 9 --of 10 --data digits.csv",
    "score FRAUD data-1 manual --evidence https://ci.example.org/42",
    "system depends RECOMMENDATIONS-EU FRAUD --what 'scores of the day'",
    "policy set second-actor-close off",
    "close 2026Q1",
)

#: Of each command that prints a table, a line for each shape that it has.
SHOWN = (
    "status",
    "due",
    "list",
    "list --status all --sort outstanding --columns item,title,outstanding,interest-observed,tags,assignee,planned",
    "search feed",
    "show FRAUD-1",
    "show RECOMMENDATIONS-EU-1",
    "log --limit 8",
    "delta",
    "delta --by system",
    "delta --by team,category",
    "rollforward 2026Q2",
    "rollforward 2026Q2 --by team",
    "rollforward 2026Q2 --by category",
    "ageing",
    "budget list",
    "review --system FRAUD",
    "policy list",
    "replay --as-of 2026-06-30",
    "accepted",
    "system list",
    "system show RECOMMENDATIONS-EU",
    "expectations FRAUD",
    "rate list",
    "categories",
    "monitor FRAUD",
    "explain FRAUD",
    "robustness FRAUD",
    "score FRAUD",
)

_NOT_KEPT = {
    r"\x1b\[[0-9;?]*[A-Za-z]": "",
    r"[^\n]*━[^\n]*\n?": "",
    r"\r": "",
    r"\b[0-9a-f]{64}\b": "#" * 64,
    r"(?<= )[0-9a-f]{12}(?=[ \n])": "#" * 12,
}


def book(folder: Path) -> Path:
    """The book that the screens are of."""
    path = folder / "ledger.db"
    Teller(path, Clock(NOON)).do(*STORY)
    return path


def screen(path: Path, line: str, columns: int) -> str:
    """What somebody sees who types a line on a terminal of so many columns."""
    words = ["--database", f"sqlite:///{path}", "--actor", "ada@example.org", *shlex.split(line)]
    said = on_a_terminal(words, Edge(Clock(NOON), new_id), columns)
    for pattern, instead in _NOT_KEPT.items():
        said = re.sub(pattern, instead, said)
    return "".join(f"{each.rstrip()}\n" for each in said.splitlines())


def screens(path: Path, columns: int) -> dict[str, str]:
    """Every screen by its line."""
    return {line: screen(path, line, columns) for line in SHOWN}


def kept(columns: int) -> dict[str, str]:
    """The screens as they are kept."""
    text = (FOLDER / f"{columns}.txt").read_text(encoding="utf-8")
    parts = re.split(r"^\$ debt (.*)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, chdir(temporary):
        path = book(Path(temporary))
        for columns in WIDTHS:
            text = "".join(f"$ debt {line}\n{said}" for line, said in screens(path, columns).items())
            (FOLDER / f"{columns}.txt").write_text(text, encoding="utf-8")
    sys.exit()
