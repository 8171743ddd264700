"""Comprehensibility: how large and how tangled a system's Python code is, and what its comments admit.

What is counted, and how, is defined in docs/method-explainability.md. The files are read, never run or imported.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from ledger.measures.comprehensibility.code_files import CodeFiles, is_generated
from ledger.measures.comprehensibility.source_code import CodeBlock, NoPython, SourceFile, read_source
from ledger.vocabulary.decimals import decimal_text
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measure_settings import read_threshold
from ledger.vocabulary.measurements import Measurement

#: A block is complex above this: McCabe's own bound (1976).
COMPLEX_ABOVE = 10
#: A file of more bytes is data, or was generated; nobody reads it, and neither does this.
MOST_BYTES = 5_000_000
#: How many of each are named.
_NAMED = 20


@dataclass
class _Reading:
    """What was read so far, file by file in the order of their names."""

    files: CodeFiles
    sources: dict[str, SourceFile] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    notebooks: int = 0
    # Hashes every file's name and content in order: the same code has the same fingerprint wherever it lies.
    fingerprint: hashlib._Hash = field(default_factory=hashlib.sha256)


def comprehensibility(
    repo: str | Path, *, threshold: str | float | Decimal | None = None, exclude: Sequence[str] = ()
) -> Measurement:
    """How hard the Python code below a folder is to read.

    repo: a folder, or one file. threshold: the share of blocks, from 0 to below 1, that may be complex; without one
    nothing is judged. exclude: patterns of what is left out, as in a .gitignore.

    Value: the share of functions, methods and deciding top levels with a cyclomatic complexity
    above 10, 4 digits. Undecided without a threshold, and where no block is found. Raises Unreadable: no such folder,
    no Python file in it, or none that can be read.
    """
    bearable = None if threshold is None else read_threshold("comprehensibility", threshold)
    root = Path(repo)
    reading = _read(root, exclude)
    blocks = [(name, block) for name, source in reading.sources.items() for block in source.blocks]
    blocks.sort(key=lambda placed: (-placed[1].complexity, placed[0], placed[1].line))
    complex_ones = sum(block.complexity > COMPLEX_ABOVE for _, block in blocks)
    value = decimal_text(complex_ones / len(blocks) if blocks else 0, 4)
    files = {"code": reading.fingerprint.hexdigest()}
    if revision := git_revision(root):
        files["git-revision"] = revision
    figures = _figures(reading, [block for _, block in blocks], complex_ones)
    return Measurement(
        what="comprehensibility",
        value=value,
        threshold=None if bearable is None else str(bearable),
        verdict=_verdict(value, bearable, len(blocks)),
        rows=sum(source.lines for source in reading.sources.values()),
        figures=figures,
        findings=(*_worst(blocks), *_unread(reading), *_admitting(reading), *_left_out(reading)),
        files=files,
        settings={"repo": (str(repo),)} | ({"exclude": tuple(exclude)} if exclude else {}),
        sentences=_sentences(reading, blocks, figures),
    )


def git_revision(folder: Path) -> str | None:
    """The revision that is checked out where the folder lies, by git; None without git, or outside a repository.

    What changed since is not in it: the fingerprint of the code is of the files as they were read.
    """
    git = shutil.which("git")
    if git is None:
        return None
    # A hook's GIT_DIR would name another repository than the one that is asked about.
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    where = folder if folder.is_dir() else folder.parent
    # No shell, no hook, no file system monitor: nothing that the repository configures is run by this.
    asked = [git, "-C", str(where), "rev-parse", "--verify", "--quiet", "HEAD"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=surroundings)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else None


def _read(root: Path, exclude: Sequence[str]) -> _Reading:
    if not root.exists():
        raise Unreadable(f"There is no folder {root}.")
    reading = _Reading(CodeFiles(root, exclude))
    for path in reading.files:
        name = _shown(path.relative_to(root).as_posix() if path != root else path.name)
        if path.suffix == ".ipynb":
            reading.notebooks += 1
            continue
        try:
            if not path.is_file():
                raise NoPython("no file")
            if path.stat().st_size > MOST_BYTES:
                raise NoPython(f"more than {MOST_BYTES // 1_000_000} MB: data, or generated")
            content = path.read_bytes()
            if path != root and is_generated(name, content):
                reading.files.leave_out(path, "generated")
                continue
            reading.fingerprint.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
            reading.sources[name] = read_source(content)
        except OSError as error:
            reading.unread[name] = error.strerror or "cannot be read"
        except NoPython as error:
            reading.unread[name] = _shown(str(error))
    if not reading.sources:
        unread = f" {len(reading.unread)} cannot be read: {_first(reading.unread)}." if reading.unread else ""
        notebooks = f" {reading.notebooks} notebooks are not read: export them as scripts." if reading.notebooks else ""
        left_out = f" Left out: {_reasons(reading)}." if reading.files.left_out else ""
        raise Unreadable(f"{root} holds no Python file that can be read.{unread}{notebooks}{left_out}")
    return reading


def _verdict(value: str, threshold: Decimal | None, blocks: int) -> Verdict:
    if threshold is None or not blocks:
        return "undecided"
    return "broken" if Decimal(value) > threshold else "kept"


def _figures(reading: _Reading, blocks: list[CodeBlock], complex_ones: int) -> dict[str, str]:
    lines = sum(source.lines for source in reading.sources.values())
    admitted = sum(len(source.admitted) for source in reading.sources.values())
    indices = [source.index for source in reading.sources.values() if source.index is not None]
    figures = {
        "files": str(len(reading.sources)),
        "files-not-read": str(len(reading.unread)),
        "files-left-out": str(sum(files for _, files in reading.files.left_out.values())),
        "notebooks-not-read": str(reading.notebooks),
        "source-lines": str(lines),
        "blocks": str(len(blocks)),
        "complex-blocks": str(complex_ones),
        "admitted": str(admitted),
        "files-without-index": str(len(reading.sources) - len(indices)),
    }
    if blocks:
        figures["complexity-mean"] = decimal_text(sum(block.complexity for block in blocks) / len(blocks), 2)
        figures["complexity-highest"] = str(max(block.complexity for block in blocks))
    if lines:
        figures["admitted-per-1000-lines"] = decimal_text(admitted * 1000 / lines, 2)
    if indices:
        figures["maintainability-mean"] = decimal_text(sum(indices) / len(indices), 1)
        figures["maintainability-lowest"] = decimal_text(min(indices), 1)
    return figures


def _worst(blocks: list[tuple[str, CodeBlock]]) -> Iterator[dict[str, str]]:
    for name, block in blocks[:_NAMED]:
        yield {
            "finding": "complex" if block.complexity > COMPLEX_ABOVE else "block",
            "file": name,
            "line": str(block.line),
            "block": block.name,
            "complexity": str(block.complexity),
        }


def _unread(reading: _Reading) -> Iterator[dict[str, str]]:
    for name, why in list(reading.unread.items())[:_NAMED]:
        yield {"finding": "not-read", "file": name, "why": why}


def _admitting(reading: _Reading) -> Iterator[dict[str, str]]:
    admitting = [(name, source) for name, source in reading.sources.items() if source.admitted]
    for name, source in sorted(admitting, key=lambda named: (-len(named[1].admitted), named[0]))[:_NAMED]:
        yield {
            "finding": "admitted",
            "file": name,
            "line": str(source.admitted[0]),
            "comments": str(len(source.admitted)),
        }


def _left_out(reading: _Reading) -> Iterator[dict[str, str]]:
    for name, (why, files) in list(reading.files.left_out.items())[:_NAMED]:
        yield {"finding": "left-out", "file": _shown(name), "why": why, "files": str(files)}


def _reasons(reading: _Reading) -> str:
    """How many files were left out, by reason: '12 vendored, 3 generated'."""
    reasons = sorted({why for why, _ in reading.files.left_out.values()})
    return ", ".join(f"{reading.files.count(why)} {why}" for why in reasons)


def _sentences(reading: _Reading, blocks: list[tuple[str, CodeBlock]], figures: dict[str, str]) -> tuple[str, ...]:
    told = []
    if blocks:
        name, worst = blocks[0]
        told.append(
            f"{figures['complex-blocks']} of {figures['blocks']} blocks are complex (above {COMPLEX_ABOVE}); the worst "
            f"is {worst.name} in {name}, line {worst.line}: {worst.complexity}."
        )
    else:
        told.append("No block was found: nothing but statements that decide nothing.")
    admitted = f"{figures['admitted']} comments admit debt"
    if density := figures.get("admitted-per-1000-lines"):
        admitted += f", {density} in 1,000 of {int(figures['source-lines']):,} lines of code"
    told.append(f"{admitted}.")
    if reading.unread:
        told.append(f"{len(reading.unread)} files could not be read, first {_first(reading.unread)}.")
    if reading.notebooks:
        told.append(f"{reading.notebooks} notebooks were not read.")
    if reading.files.left_out:
        told.append(f"Left out, as not this team's to read (files): {_reasons(reading)}.")
    return tuple(told)


def _first(unread: dict[str, str]) -> str:
    name, why = next(iter(unread.items()))
    return f"{name} ({why})"


def _shown(text: str) -> str:
    """A name as it can be kept: a byte that is no text shows as its number."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
