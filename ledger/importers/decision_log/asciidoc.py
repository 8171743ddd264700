"""AsciiDoc as Markdown has it: its headings, attributes, links and blocks, as far as a decision record says something in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADING = re.compile(r"^(={1,6})[ \t]")
_ATTRIBUTE = re.compile(r"^:([\w -]{1,40}):(?=\s|$)")
_TERM = re.compile(r"^([A-Za-z][A-Za-z -]{1,39})::(?=\s|$)")
_REVISION = re.compile(r"^v?\d+(?:\.\d+)*,\s*(\d{4}-\d{1,2}-\d{1,2})(?=[\s:,]|$)", re.ASCII)
_LINK = re.compile(r"\b(?:link|xref):([^\s\[\]]{1,300})\[([^\[\]]{0,300})\]")
_CROSS_REFERENCE = re.compile(r"<<([^<>,\s]{1,300})(?:,([^<>]{0,300}))?>>")
_COMMENTS = "////"
#: What stands between two of these lines is no text of the record.
_CODE = re.compile(r"^(?:-{4,}|\.{4,}|\+{4,}|`{3,}|~{3,})\s*$")


def as_markdown(lines: list[str]) -> list[str]:
    """The same lines with the marks that Markdown has for them; comments left out."""
    return list(_written(lines))


def _written(lines: list[str]) -> Iterator[str]:
    code, comment, place = "", False, 0
    for line in lines:
        if code or _CODE.match(line):
            mark = line.strip()
            yield "```" if not code or mark == code else line.replace("```", "")
            code = mark if not code else "" if mark == code else code
        elif line.strip() == _COMMENTS:
            comment = not comment
        elif not comment and not (line.startswith("//") and not line.startswith("///")):
            yield _line(line, place)
            place += 1


def _line(line: str, place: int) -> str:
    """place: of the line in the text; the title's next ones may be the author's and the revision's."""
    if heading := _HEADING.match(line):
        words = line[heading.end() :].strip().removesuffix(f" {heading[1]}")
        return f"{'#' * len(heading[1])} {words}"
    if line.startswith("|==="):
        return ""
    if place < 4 and (revision := _REVISION.match(line)):
        return f"Date: {revision[1]}"
    told = _TERM.sub(r"\1:", _ATTRIBUTE.sub(r"\1:", line))
    return _CROSS_REFERENCE.sub(_referred, _LINK.sub(lambda found: f"[{found[2]}]({found[1]})", told))


def _referred(found: re.Match[str]) -> str:
    """A reference to another document; one within this document leads nowhere that matters."""
    target = found[1].partition("#")[0]
    return f"[{(found[2] or target).strip()}]({target})"
