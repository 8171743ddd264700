"""Explainability: importance that can be worked out by hand, one row explained, and files that are not trusted."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

from ledger import explainability
from ledger.measures.explainability.explainability import unexplained
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.measurements import Measurement, is_decimal

DIABETES, PROGRESS = load_diabetes(return_X_y=True, as_frame=True)
CELLS, BENIGN = load_breast_cancer(return_X_y=True, as_frame=True)
NAMED = ["mean texture", "mean smoothness"]
TREE = "sklearn.tree._tree.Tree"


def saved(folder: Path, model: Any) -> Path:
    """The model as a skops file."""
    path = folder / "model.skops"
    skops.io.dump(model, path)
    return path


def by_feature(found: Measurement, name: str) -> dict[str, float]:
    """A figure of every feature."""
    return {each["feature"]: float(each[name]) for each in found.findings}


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A linear regression of the diabetes data that ships with scikit-learn."""
    return saved(tmp_path_factory.mktemp("linear"), LinearRegression().fit(DIABETES, PROGRESS))


def test_a_row_of_a_linear_model_is_explained_by_coefficient_times_distance(linear: Path) -> None:
    """Exactly: contribution = coefficient x (value - median), alone the same, and nothing left over."""
    found = explainability(linear, DIABETES, row=3)
    model = LinearRegression().fit(DIABETES, PROGRESS)
    expected = model.coef_ * (DIABETES.iloc[2] - DIABETES.median())
    for figure in ("contribution", "alone"):
        assert by_feature(found, figure) == pytest.approx(expected.to_dict(), abs=1e-6)
    assert float(found.figures["row-rest"]) == 0
    assert float(found.figures["row-output"]) == pytest.approx(model.predict(DIABETES.iloc[[2]])[0], abs=1e-6)


def test_the_importance_of_a_linear_model_is_twice_the_variance_it_gives(tmp_path: Path) -> None:
    """Shuffled, x is another draw: the error grows by 2 x coefficient^2 x variance, of the variance of the output."""
    rng = np.random.default_rng(1)
    data = pd.DataFrame(rng.normal(size=(4_000, 3)), columns=list("abc"))
    frame = data.assign(y=3 * data.a + 1 * data.b)
    expected = {"a": 2 * 9 / 10, "b": 2 * 1 / 10, "c": 0.0}
    found = explainability(saved(tmp_path, LinearRegression().fit(data, frame.y)), frame, target="y")
    assert by_feature(found, "importance") == pytest.approx(expected, abs=0.08)
    assert by_feature(found, "share") == pytest.approx({"a": 0.9, "b": 0.1, "c": 0.0}, abs=0.02)
    assert found.figures["r-squared"] == "1.0000"


def test_what_lies_outside_the_ten_most_important_is_unexplained() -> None:
    """Twelve that matter alike: two of twelve; what hurts the model explains nothing, and takes nothing away."""
    assert unexplained(np.ones(12)) == pytest.approx(2 / 12)
    assert unexplained(np.asarray([1.0] * 12 + [-5.0])) == pytest.approx(2 / 12)
    assert unexplained(np.ones(10)) == 0
    assert unexplained(np.zeros(20)) == 0


@pytest.mark.reliability
def test_a_model_with_thirty_features_that_all_count_is_judged(tmp_path: Path) -> None:
    """Breast cancer data, logistic: between the lowest and the highest of ten repeats, and held to the threshold."""
    model = saved(tmp_path, make_pipeline(StandardScaler(), LogisticRegression()).fit(CELLS, BENIGN))
    found = explainability(model, CELLS.assign(y=BENIGN), target="y", threshold="0.2")
    assert found.verdict == "broken"
    assert 0.2 < float(found.value) < 0.4
    assert float(found.figures["unexplained-lowest"]) < float(found.figures["unexplained-highest"])
    assert sum(by_feature(found, "share").values()) == pytest.approx(1, abs=0.01)
    outside = sum(float(each["share"]) for each in found.findings[10:])
    assert outside == pytest.approx(float(found.value), abs=0.002)
    assert explainability(model, CELLS.assign(y=BENIGN), target="y", threshold="0.5").verdict == "kept"
    assert explainability(model, CELLS.head(49), threshold="0.2").verdict == "undecided"


def test_the_same_files_give_the_same_figures(linear: Path, tmp_path: Path) -> None:
    """Shuffled with a fixed seed; from CSV as from Parquet."""
    frame = DIABETES.assign(y=PROGRESS)
    frame.to_csv(tmp_path / "data.csv", index=False)
    frame.to_parquet(tmp_path / "data.parquet")
    one, other = (explainability(linear, tmp_path / f"data.{form}", target="y") for form in ("csv", "parquet"))
    assert (one.value, one.findings, one.figures) == (other.value, other.findings, other.figures)
    assert one.files["model"] == other.files["model"]
    assert one.files["data"] != other.files["data"]
    assert all(is_decimal(each[name]) for each in one.findings for name in each if name != "feature")


def test_of_many_rows_a_sample_is_drawn_and_the_row_that_is_asked_for_is_there(linear: Path) -> None:
    """5,000 of 8,840; row 8,000 is explained whether it was drawn or not."""
    many = pd.concat([DIABETES] * 20, ignore_index=True)
    found = explainability(linear, many, row=8_000)
    assert (found.rows, found.figures["rows-sampled"]) == (8_840, "5000")
    model = LinearRegression().fit(DIABETES, PROGRESS)
    assert float(found.figures["row-output"]) == pytest.approx(model.predict(many.iloc[[7_999]])[0], abs=1e-6)


def test_words_are_features_and_classes_too(tmp_path: Path) -> None:
    """An encoder in a pipeline; what stands for a word is the most frequent one."""
    frame = pd.DataFrame({"colour": ["red", "blue", "red", "green"] * 50, "size": np.arange(200.0)})
    label = np.where(frame.colour == "red", "yes", "no")
    pipeline = make_pipeline(
        make_column_transformer((OneHotEncoder(), ["colour"]), remainder="passthrough"),
        LogisticRegression(max_iter=5_000),
    ).fit(frame, label)
    frame.assign(label=label).to_csv(tmp_path / "data.csv", index=False)
    found = explainability(saved(tmp_path, pipeline), tmp_path / "data.csv", target="label", row=2)
    assert found.findings[0]["feature"] == "colour"
    assert by_feature(found, "contribution")["colour"] > 0.9
    assert "Row 2: probability of no" in found.sentences[-1]


def test_a_classifier_without_probabilities_is_told_by_its_classes(tmp_path: Path) -> None:
    """1 for the class it says."""
    data = DIABETES[["bmi", "age"]]
    model = saved(tmp_path, LinearSVC().fit(data.to_numpy(), PROGRESS > 140))
    found = explainability(model, data.assign(y=PROGRESS > 140), target="y")
    assert found.findings[0]["feature"] == "bmi"
    assert set(by_feature(found, "contribution").values()) <= {0.0, 1.0, -1.0}


def test_a_model_that_says_one_thing_has_nothing_to_be_explained(tmp_path: Path) -> None:
    """Undecided, with a figure of 0."""
    model = saved(tmp_path, LinearRegression().fit(DIABETES, np.full(len(DIABETES), 7.0)))
    found = explainability(model, DIABETES, threshold="0.2")
    assert (found.value, found.verdict) == ("0.0000", "undecided")


# --- what is not trusted ----------------------------------------------------------------------------------


class Trap:
    """A pickle that writes a file as it is loaded."""

    def __init__(self, path: Path) -> None:
        """path: of the file."""
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("name", ["trap.pkl", "trap.joblib", "trap", "trap.model"])
def test_a_pickle_is_refused_before_it_runs_anything(name: str, tmp_path: Path) -> None:
    """And runs it with trust: the trap works."""
    sprung = tmp_path / "sprung"
    (tmp_path / name).write_bytes(pickle.dumps(Trap(sprung)))
    with pytest.raises(Refused, match="can run any code"):
        explainability(tmp_path / name, DIABETES)
    assert not sprung.exists()
    with pytest.raises(Unreadable), pytest.warns(UserWarning, match="is trusted"):
        explainability(tmp_path / name, DIABETES, trust=True)
    assert sprung.exists()


@pytest.mark.parametrize("dump", [joblib.dump, lambda model, path: path.write_bytes(pickle.dumps(model))])
def test_a_pickle_with_trust_is_measured_and_a_warning_is_given(dump: Any, tmp_path: Path, linear: Path) -> None:
    """The figures are those of the skops file."""
    dump(LinearRegression().fit(DIABETES, PROGRESS), tmp_path / "model.joblib")
    said: list[str] = []
    found = explainability(tmp_path / "model.joblib", DIABETES, trust=True, warn=said.append)
    assert said == [f"{tmp_path / 'model.joblib'} is a pickle and is trusted: loading it runs whatever code it holds."]
    assert found.findings == explainability(linear, DIABETES).findings


@pytest.mark.reliability
def test_types_that_skops_does_not_know_are_listed_and_refused_until_they_are_trusted(tmp_path: Path) -> None:
    """By name, or all; a name that is not the one does not help."""
    forest = RandomForestClassifier(3, random_state=0).fit(CELLS, BENIGN)
    path = saved(tmp_path, forest)
    for trusted in ([], ["sklearn.tree._tree.Forest"]):
        with pytest.raises(Refused, match=TREE) as refusal:
            explainability(path, CELLS, trusted=trusted)
        assert "Nothing was recorded." in str(refusal.value)
    said: list[str] = []
    by_name = explainability(path, CELLS, trusted=[TREE], warn=said.append)
    assert by_name.settings["trust-type"] == (TREE,)
    assert by_name.findings == explainability(path, CELLS, trust=True, warn=said.append).findings
    assert len(said) == 2
    assert TREE in said[0]


# --- bad input --------------------------------------------------------------------------------------------

FRAME = DIABETES.assign(y=PROGRESS)
BAD: dict[str, tuple[pd.DataFrame, dict[str, Any], str]] = {
    "a feature is missing": (FRAME.drop(columns="bmi"), {}, "has no column 'bmi'"),
    "the target is missing": (FRAME, {"target": "z"}, "no column 'z' (--target)"),
    "no such row": (FRAME, {"row": 443}, "has 442 rows, and no row 443"),
    "a target that is no number": (FRAME.assign(y="high"), {"target": "y"}, "Column 'y' of {data} holds 'high'"),
    "a target in part missing": (FRAME.assign(y=PROGRESS.where(PROGRESS > 50)), {"target": "y"}, "missing values"),
    "one value only": (FRAME.assign(y=1.5), {"target": "y"}, "'1.5' in every row"),
    "missing values": (FRAME.assign(bmi=np.nan), {}, "cannot predict from {data}"),
    "words for numbers": (FRAME.assign(bmi="x"), {}, "cannot predict from {data}"),
    "a bad threshold": (FRAME, {"threshold": "2"}, "--threshold is '2'"),
}


@pytest.mark.parametrize("about", BAD)
def test_what_cannot_be_measured_is_wrong_usage(about: str, linear: Path, tmp_path: Path) -> None:
    """With file and column in the message."""
    frame, options, says = BAD[about]
    data = tmp_path / "data.csv"
    frame.to_csv(data, index=False)
    with pytest.raises(Unreadable) as refusal:
        explainability(linear, data, **options)
    assert says.format(data=data) in str(refusal.value)


def test_a_class_that_the_model_does_not_know_is_named(tmp_path: Path) -> None:
    """0 and 1 it knows, and 1.0 and True are 1."""
    model = saved(tmp_path, LogisticRegression().fit(CELLS[NAMED], BENIGN))
    with pytest.raises(Unreadable, match="holds '2'"):
        explainability(model, CELLS[NAMED].assign(y=BENIGN + 1), target="y")
    as_bool, as_float = (
        explainability(model, CELLS[NAMED].assign(y=BENIGN.astype(kind)), target="y") for kind in (bool, float)
    )
    assert as_bool.findings == as_float.findings


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("model.skops", b"text", "not what its name says"),
        ("model.txt", b"text", "neither a skops file nor a pickle"),
        ("absent", None, "cannot be read"),
        ("cut.skops", 0.5, "not what its name says"),
    ],
)
def test_a_file_that_is_no_model_is_wrong_usage(
    name: str, content: bytes | float | None, says: str, linear: Path, tmp_path: Path
) -> None:
    """Whatever it is called."""
    whole = linear.read_bytes()
    if content is not None:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else whole[: int(len(whole) * content)])
    with pytest.raises(Unreadable, match=says):
        explainability(tmp_path / name, DIABETES)


def test_what_neither_classifies_nor_estimates_is_named(tmp_path: Path) -> None:
    """There is no right and wrong to lose."""
    path = saved(tmp_path, KMeans(2, n_init=1).fit(DIABETES))
    with pytest.raises(Unreadable, match="KMeans"):
        explainability(path, DIABETES)


def test_a_model_without_names_takes_as_many_columns_as_it_was_made_of(tmp_path: Path) -> None:
    """All but the target."""
    path = saved(tmp_path, LinearRegression().fit(DIABETES.to_numpy(), PROGRESS))
    assert explainability(path, FRAME, target="y").figures["features"] == "10"
    with pytest.raises(Unreadable, match="11 columns"):
        explainability(path, FRAME)
