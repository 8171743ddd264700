"""The graph of systems as a drawing."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.graph.model import Graph


def drawing(graph: Graph, figures: Mapping[str, tuple[str, str]], title: str) -> str:
    """The graph as SVG. figures: what each system owes and inherits, in words, by key. Matplotlib is imported for it."""
    from reports.system_graph.drawing import svg

    return svg(graph, figures, title).decode()
