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
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from ledger import explainability
from ledger.vocabulary.decimals import is_decimal
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.measurements import Measurement

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


@pytest.mark.reliability
def test_a_number_of_features_alone_changes_nothing(tmp_path: Path) -> None:
    """Thirty that all count in a logistic regression are explained; ten in a forest of what acts together are not."""
    rng = np.random.default_rng(4)
    thirty = pd.DataFrame(rng.normal(size=(1_200, 30)), columns=[f"f{n}" for n in range(30)])
    label = thirty.sum(axis=1) + rng.logistic(size=len(thirty)) > 0
    many = explainability(saved(tmp_path, LogisticRegression().fit(thirty, label)), thirty, threshold="0.1")
    assert (many.verdict, float(many.value) < 0.02, many.figures["features"]) == ("kept", True, "30")
    ten = thirty[[f"f{n}" for n in range(10)]]
    together = ten.f0 * ten.f1 * ten.f2 > 0
    forest = RandomForestClassifier(40, random_state=0).fit(ten, together)
    few = explainability(saved(tmp_path, forest), ten, threshold="0.1", trusted=[TREE], warn=lambda _: None)
    assert (few.verdict, float(few.value) > 0.8, few.figures["features"]) == ("broken", True, "10")


@pytest.mark.parametrize("added", [0, pytest.param(30, marks=pytest.mark.reliability)])
def test_features_that_a_model_does_not_use_change_no_verdict(added: int, tmp_path: Path) -> None:
    """Neither of a linear model, nor of one in which two features act together."""
    rng = np.random.default_rng(6)
    names = ["a", "b", "c", *(f"x{n}" for n in range(added))]
    frame = pd.DataFrame(rng.normal(size=(400, len(names))), columns=names)
    for y, verdict in ((2 * frame.a - frame.b, "kept"), (frame.a * frame.b, "broken")):
        wide = PolynomialFeatures(2, interaction_only=True)
        model = make_pipeline(make_column_transformer((wide, ["a", "b", "c"])), LinearRegression()).fit(frame, y)
        found = explainability(saved(tmp_path, model), frame, threshold="0.2")
        assert found.verdict == verdict
        # a and b act together and matter alike: which is first is chance, and what is not used makes it no less so.
        assert (float(found.figures["attribution-stability"]) == 1) == (verdict == "kept")


@pytest.mark.reliability
def test_what_a_surrogate_leaves_is_worked_out_by_hand(tmp_path: Path) -> None:
    """y = 2a + bc: of a variance of 5 a linear model leaves that of bc, 1; it has no tree of sixteen leaves either."""
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(rng.normal(size=(5_000, 3)), columns=list("abc"))
    y = 2 * frame.a + frame.b * frame.c
    found = explainability(
        saved(tmp_path, make_pipeline(PolynomialFeatures(2), LinearRegression()).fit(frame, y)), frame
    )
    assert float(found.value) == pytest.approx(1 / 5, abs=0.03)
    assert float(found.figures["unexplained-lowest"]) < float(found.value) < float(found.figures["unexplained-highest"])
    assert float(found.figures["fidelity"]) == pytest.approx(1 - float(found.value), abs=1e-4)
    assert (found.figures["held-out"], found.figures["surrogate-terms"]) == ("2500", "3")


def test_a_step_is_told_by_a_tree(tmp_path: Path) -> None:
    """Of few leaves, and nothing is left."""
    frame = pd.DataFrame({"a": np.linspace(-1, 1, 600), "b": np.tile([0.0, 1.0, 2.0], 200)})
    model = DecisionTreeClassifier(max_depth=2, random_state=0).fit(frame, (frame.a > 0.2) & (frame.b > 0.5))
    found = explainability(saved(tmp_path, model), frame, threshold="0.1", trusted=[TREE], warn=lambda _: None)
    assert found.verdict == "kept"
    assert float(found.figures["agreement"]) > 0.98
    assert int(found.figures["surrogate-leaves"]) <= 16


def test_of_few_rows_nobody_can_tell(tmp_path: Path) -> None:
    """And how many would tell is said."""
    rng = np.random.default_rng(9)
    frame = pd.DataFrame(rng.normal(size=(5_000, 3)), columns=list("abc"))
    y = 2 * frame.a + frame.b * frame.c
    model = saved(tmp_path, make_pipeline(PolynomialFeatures(2), LinearRegression()).fit(frame, y))
    small = explainability(model, frame.head(100), threshold="0.25")
    assert small.verdict == "undecided", small.figures
    assert int(small.figures["rows-to-tell"]) > 100
    assert explainability(model, frame, threshold="0.15").verdict == "broken"
    assert explainability(model, frame, threshold="0.3").verdict == "kept"
    assert explainability(model, frame.head(49), threshold="0.15").verdict == "undecided"


@pytest.mark.reliability
def test_the_order_of_features_that_matter_alike_is_not_stable(tmp_path: Path) -> None:
    """That of features that do not is; a feature alone has no order."""
    rng = np.random.default_rng(10)
    frame = pd.DataFrame(rng.normal(size=(400, 6)), columns=list("abcdef"))
    alike, apart = (
        float(explainability(saved(tmp_path, LinearRegression().fit(frame, frame @ np.asarray(weights))), frame)
              .figures["attribution-stability"])
        for weights in ([1.0] * 6, [6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    )  # fmt: skip
    assert apart > 0.95
    assert alike < 0.5
    alone = explainability(saved(tmp_path, LinearRegression().fit(frame[["a"]], frame.a)), frame)
    assert "attribution-stability" not in alone.figures


@pytest.mark.reliability
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


@pytest.mark.reliability
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


@pytest.mark.reliability
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


@pytest.mark.reliability
def test_a_model_without_names_takes_as_many_columns_as_it_was_made_of(tmp_path: Path) -> None:
    """All but the target."""
    path = saved(tmp_path, LinearRegression().fit(DIABETES.to_numpy(), PROGRESS))
    assert explainability(path, FRAME, target="y").figures["features"] == "10"
    with pytest.raises(Unreadable, match="11 columns"):
        explainability(path, FRAME)


def test_the_feature_that_contributes_most_is_the_one_that_is_named(tmp_path: Path) -> None:
    """y = 2c + 3b - 1.1ab: where a and b are 1 the output loses 1.9 without b, which alone gains 3, and 2 without c."""
    rows = pd.DataFrame(np.random.default_rng(5).normal(size=(400, 3)), columns=["a", "b", "c"])
    rows = rows - rows.median()
    said = 2 * rows["c"] + 3 * rows["b"] - 1.1 * rows["a"] * rows["b"]
    model = make_pipeline(PolynomialFeatures(interaction_only=True), LinearRegression()).fit(rows, said)
    one = pd.DataFrame([[1.0, 1.0, 1.0]], columns=["a", "b", "c"])
    # Its mirror image leaves the medians where they are.
    found = explainability(saved(tmp_path, model), pd.concat([one, -one, rows]), row=1)
    assert any(
        "'c' contributes most: +2.0000, and +2.0000 alone; alone 'b' does: +3.0000." in t for t in found.sentences
    )
