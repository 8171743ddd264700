"""The registry: the kinds of findings that `debt import` reads. One line per kind."""

from __future__ import annotations

from ledger.importers.findings import sarif, sonarqube
from ledger.importers.findings.kind import FindingsKind

#: By the word that is typed.
KINDS: dict[str, FindingsKind] = {
    kind.source: kind
    for kind in (
        sarif.KIND,
        sonarqube.KIND,
    )
}  # fmt: skip
