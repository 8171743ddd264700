"""The commit-msg hook: what a message says about debt is checked before it is written for good, without a ledger."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ledger.importers.commit_trailers import EXAMPLES, WORDS, near_misses, read_value
from ledger.importers.git_log import Repository
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.money import Currency
from ledger.vocabulary.outside_files import bytes_of

NAME = "commit-msg"
#: The setting of git under which a message with a mistake is no commit.
ENFORCED = "debt.enforce"
_MOST_BYTES = 16 * 2**20
_MARK = "# Written by `debt git hook install`."
#: Only what `check` itself refuses is no commit: not an older `debt`, nor one that cannot run.
_CALL = 'command -v debt >/dev/null 2>&1 || exit 0\ndebt git hook check "$1"\n[ $? -ne 1 ]\n'
_SCRIPT = f"#!/bin/sh\n{_MARK}\n{_CALL}"
#: Money is read with this many decimals where no book says which currency it is.
_ANY_CURRENCY = Currency("EUR", 2)


def install(folder: Path, *, force: bool = False) -> Path:
    """Write the hook of a repository, and give its path. Raises Refused for another one that is there. force: replace that."""
    path = _path(folder)
    if path.is_symlink() and not force:
        raise Refused(f"{path} is a link to another hook.", "`debt git hook install --force` replaces the link.")
    if path.exists() and not force and _MARK not in path.read_text(encoding="utf-8", errors="replace"):
        raise Refused(
            f"{path} is there already, and not ours.",
            'Add to it: `debt git hook check "$1"`; or replace it with `debt git hook install --force`.',
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    # A link may be to what others share: it is replaced, and not what it leads to.
    path.unlink(missing_ok=True)
    path.write_text(_SCRIPT, encoding="utf-8", newline="\n")
    path.chmod(0o755)
    return path


def uninstall(folder: Path) -> Path:
    """Remove the hook of a repository, and give its path. Raises Refused where there is none of ours."""
    path = _path(folder)
    if not path.exists() or _MARK not in path.read_text(encoding="utf-8", errors="replace"):
        raise Refused(f"{path} is not there, or not ours.", "`debt git hook install` writes it.")
    path.unlink()
    return path


def _path(folder: Path) -> Path:
    return Repository(folder).hooks() / NAME


@dataclass(frozen=True, slots=True)
class MessageCheck:
    """What is wrong with a message, line by line, and whether that forbids the commit."""

    wrong: tuple[str, ...]
    enforced: bool


def check_message(file: Path, folder: Path) -> MessageCheck:
    """Check the message that a file holds as git hands it to a hook: its lines of ours, and what looks like one."""
    message = _without_comments(bytes_of(file, most=_MOST_BYTES, what="message").decode(errors="replace"))
    wrong = [f"{word} is no word of ours. Did you mean {meant}?" for word, meant in near_misses(message)]
    said = Counter[tuple[str, str]]()
    for word, value in _ours(message):
        try:
            item, _ = read_value(word, value, _ANY_CURRENCY)
            said[word, item] += 1
        except Unreadable as error:
            wrong.append(str(error))
    # What a scan would not take either.
    wrong += [
        f"It says {word} of {item} more than once: one line has the sum." for (word, item), n in said.items() if n > 1
    ]
    if len(_ours(_last_paragraph(message))) < len(_ours(message)):
        wrong.append(
            "What it says of debt belongs into its last paragraph, below an empty line: there git looks for trailers."
        )
    return MessageCheck(tuple(wrong), bool(wrong) and Repository(folder).setting(ENFORCED))


def _without_comments(message: str) -> str:
    """What git will keep: nothing below the scissors, no comments."""
    kept = message.partition("\n# ------------------------ >8 ------------------------")[0]
    return "\n".join(line for line in kept.splitlines() if not line.startswith("#"))


def _last_paragraph(message: str) -> str:
    """The lines below the last empty one; of a message without one there are none: its first line is its title."""
    paragraphs = re.split(r"\n[ \t]*\n", message.strip())
    return paragraphs[-1] if len(paragraphs) > 1 else ""


def _ours(message: str) -> list[tuple[str, str]]:
    known = {word.lower(): word for word in WORDS}
    pairs = (line.partition(":") for line in message.splitlines())
    return [
        (known[word.strip().lower()], value) for word, mark, value in pairs if mark and word.strip().lower() in known
    ]


def examples() -> tuple[str, ...]:
    """How each trailer is written."""
    return tuple(EXAMPLES.values())
