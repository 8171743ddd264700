"""Every line of the command line that reads a file from outside; `@` stands for the file, NOTE for a checkpoint."""

from __future__ import annotations

import shlex
from pathlib import Path

#: A line for every way in which a file is read.
READERS = (
    "--config @ list",
    "budget import @",
    "verify-workbook @",
    "reproduce @",
    "verify --against @",
    "verify --against NOTE --allowed-signers @",
    "prove 2 --against @",
    "checkpoint --sign @",
    "adopt --file @",
    "git hook check @",
    "import sonarqube @ --system FRAUD",
    "import csv @",
    "import sarif @ --system FRAUD",
    "datasheet FRAUD --dataset d --import @",
    "db restore @",
    "measure prediction-bias FRAUD @ --predicted a --observed b --dry-run",
    "measure drift FRAUD --reference @ --live @ --dry-run",
    "measure explainability FRAUD --model @ --data @ --target a --dry-run",
    "measure comprehensibility FRAUD --repo @ --dry-run",
    "robustness run FRAUD @ --model @ --data @ --trust --dry-run",
)
#: Of those, the lines that a folder is good for, too; and the file in it that they read.
FOLDERS = {
    "reproduce @": "MANIFEST.json",
    "verify --against @": "MANIFEST.json",
    "import sonarqube @ --system FRAUD": "issues.json",
    "import sarif @ --system FRAUD": "log.sarif",
    "measure comprehensibility FRAUD --repo @ --dry-run": "model.py",
}
#: Lines that a folder alone is good for, and a file in it that they read.
FOLDERS_ALONE = {
    "import adr @ --system FRAUD": "0001-record-decisions.md",
    "adr --check @": "FRAUD-1.md",
}


def words_of(line: str, file: Path, note: Path) -> list[str]:
    """A line as it is typed about a file."""
    return [{"@": str(file), "NOTE": str(note)}.get(word, word) for word in shlex.split(line)]
