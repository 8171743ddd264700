"""docs/robustness.md: what it offers is all there is, and the suites that are shipped as examples run."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import joblib
import pandas as pd
import pytest

from ledger.measures.robustness import perturbations
from ledger.measures.robustness.trials import tried

pytest.importorskip("sklearn", reason="the extra `ml` is not installed")

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/robustness.md").read_text(encoding="utf-8")


def test_every_perturbation_that_is_offered_is_on_the_page() -> None:
    tree = ast.parse(Path(perturbations.__file__).read_text(encoding="utf-8"))
    offered = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert re.findall(r"^\| `(\w+)\(", PAGE, re.MULTILINE) == offered


def test_the_example_of_reviews_runs_as_it_says(tmp_path: Path) -> None:
    """Typing errors cost words, and capitals all of them."""
    from sklearn.compose import make_column_transformer
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = {True: "good great fine lovely", False: "bad awful broken late"}
    rows = [(f"{words[liked]} thing number {number}", 3, liked) for number in range(60) for liked in words]
    reviews = pd.DataFrame(rows, columns=["text", "stars", "liked"])
    reviews.to_csv(tmp_path / "reviews.csv", index=False)
    encoder = make_column_transformer((CountVectorizer(lowercase=False), "text"), (SimpleImputer(), ["stars"]))
    joblib.dump(
        make_pipeline(encoder, LogisticRegression()).fit(reviews[["text", "stars"]], reviews["liked"]), tmp_path / "m"
    )
    found = tried(ROOT / "examples/reviews_suite.py", tmp_path / "m", tmp_path / "reviews.csv", trust=True)
    passed = {trial.case: trial.passed / trial.of for trial in found.trials}
    assert passed["0 typos"] == 1
    assert passed["8 typos"] < 1
    assert passed["shouted"] == 0.5
    assert {trial.case: trial.scale for trial in found.trials}["4 typos"] == "typing errors"
    assert [trial.words for trial in found.trials][-1] == "Written in capitals."
