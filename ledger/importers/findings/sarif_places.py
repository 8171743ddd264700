"""Where a result is: its file as far as it is the same wherever the code is checked out, and its region.

No file is opened: the names of files are text.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ledger.importers.findings.fields import object_of, objects_of, text_of
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import clean_text

_ABSOLUTE = re.compile(r"/|[A-Za-z][A-Za-z0-9+.-]*:")
_OF_ONE_MACHINE = re.compile(r"/|[A-Za-z]:/")
_REGION = ("startLine", "startColumn", "endLine", "endColumn", "charOffset", "charLength", "byteOffset", "byteLength")


@dataclass(frozen=True, slots=True)
class ResultPlace:
    """file: its name, empty if the result has none. line: from 1, as text. region: its numbers, as text.

    snippet: the code there, as far as the result quotes it. logical: the function or class, where it is named.
    """

    file: str
    line: str
    region: str
    snippet: str
    logical: str

    @property
    def located(self) -> str:
        """As a person looks for it, empty if the result does not say."""
        return ":".join(part for part in (self.file or self.logical, self.line) if part)


@dataclass(frozen=True, slots=True)
class SourceTree:
    """Where a run's files are. bases: locations by their uriBaseId. artifacts: by their index. roots: folders that are
    taken off, each ending in a slash, the longest first.
    """

    bases: dict[str, Any]
    artifacts: list[dict[str, Any]]
    roots: tuple[str, ...]

    def place(self, result: dict[str, Any]) -> ResultPlace:
        """Where a result is: of several locations, the first. Raises Unreadable."""
        locations = objects_of(result, "locations")
        first = locations[0] if locations else {}
        physical = object_of(first, "physicalLocation")
        region = object_of(physical, "region")
        logical = [text_of(each, name) for each in objects_of(first, "logicalLocations") for name in _NAMES]
        return ResultPlace(
            file=self._file(object_of(physical, "artifactLocation")),
            line=text_of(region, "startLine"),
            region=",".join(text_of(region, name) for name in _REGION),
            snippet=" ".join(text_of(object_of(region, "snippet"), "text").split()),
            logical=next((name for name in logical if name), ""),
        )

    def _file(self, location: dict[str, Any]) -> str:
        index = location.get("index")
        if not location.get("uri") and type(index) is int and 0 <= index < len(self.artifacts):
            location = object_of(self.artifacts[index], "location")
        path = self._resolved(location, set())
        root = next((root for root in self.roots if path.startswith(root)), "")
        return path.removeprefix(root)

    def _resolved(self, location: dict[str, Any], seen: set[str]) -> str:
        """A location's path, below its base where that is relative to another. Raises Unreadable for a circle."""
        path, base = path_of(text_of(location, "uri")), text_of(location, "uriBaseId")
        if not base or base not in self.bases or _ABSOLUTE.match(path):
            return path
        if base in seen:
            raise Unreadable(f"The uriBaseId '{base}' is defined by itself.")
        above = self._resolved(object_of(self.bases, base), seen | {base})
        # What is relative to a folder of one machine is the same in a folder of another.
        return path if _ABSOLUTE.match(above) or not above else path_of(posixpath.join(above, path))


_NAMES = ("fullyQualifiedName", "decoratedName", "name")


def is_of_one_machine(path: str) -> bool:
    """Whether a path begins at the root of a machine's files: elsewhere the same file has another."""
    return _OF_ONE_MACHINE.match(path) is not None


def path_of(uri: str) -> str:
    """The path in a file's uri, its escapes undone: src/a.py, /home/ci/a.py, C:/dev/a.py. Other schemes stay.

    Raises Unreadable for what cannot be stored.
    """
    path = unquote(uri, errors="replace").replace("\\", "/")
    if path[:5].lower() == "file:":
        path = path[5:].removeprefix("//")
        path = path[1:] if re.match(r"/[A-Za-z]:", path) else path
    elif _ABSOLUTE.match(path) and not is_of_one_machine(path):
        return clean_text(path)
    path = clean_text(path)
    return posixpath.normpath(path) + "/" * path.endswith("/") if path else ""


def source_tree(run: dict[str, Any], root: str | None) -> SourceTree:
    """Where the files of a run are. root: a folder that is taken off, as a path or uri. Raises Unreadable."""
    bases = object_of(run, "originalUriBaseIds")
    working = [object_of(each, "workingDirectory") for each in objects_of(run, "invocations")]
    folders = [object_of(bases, name) for name in bases] + working
    found = [path_of(text_of(each, "uri")) for each in folders] + ([path_of(root)] if root else [])
    roots = {path.rstrip("/") + "/" for path in found if is_of_one_machine(path)} - {"/"}
    return SourceTree(bases, objects_of(run, "artifacts"), tuple(sorted(roots, key=len, reverse=True)))
