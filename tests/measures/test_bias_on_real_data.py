"""Prediction bias of real models on data that ships inside scikit-learn and statsmodels; nothing is downloaded."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_diabetes, load_digits
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from statsmodels.datasets import fair

from ledger import prediction_bias

#: What the model knows of a marriage; not the age, nor how many years it has lasted.
KNOWN = ["rate_marriage", "religious", "educ"]
YOUNG = 25


@pytest.fixture(scope="module")
def marriages() -> pd.DataFrame:
    """Fair's survey of 6,366 married women (1978), scored by a model that was trained on half of the young ones.

    The rows it was trained on are left out. Of the young a fifth has had an affair, of the older ones more.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = fair.load_pandas().data
    data["affair"] = np.where(data.affairs > 0, "yes", "no")
    data["came_true"] = (data.affair == "yes").astype(int)
    data["generation"] = np.where(data.age < YOUNG, "young", "old")
    young = data.index[data.age < YOUNG].to_numpy()
    # Both halves of the young have as many affairs: a model can be no better than its sample.
    trained_on, _ = train_test_split(young, test_size=0.5, random_state=7, stratify=data.loc[young, "affair"])
    model = LogisticRegression(max_iter=500).fit(data.loc[trained_on, KNOWN], data.loc[trained_on, "affair"])
    rest = data.drop(index=trained_on)
    rest["probability"] = model.predict_proba(rest[KNOWN])[:, 1]
    # As many of the young are told yes as were observed in training.
    scores = model.predict_proba(data.loc[trained_on, KNOWN])[:, 1]
    cut = np.quantile(scores, 1 - (data.loc[trained_on, "affair"] == "yes").mean())
    rest["told"] = np.where(rest.probability > cut, "yes", "no")
    return rest


def test_a_model_of_the_young_used_on_the_old_is_caught_with_the_slice_named(marriages: pd.DataFrame) -> None:
    """By its probabilities: right for the young, far too low for the old."""
    found = prediction_bias(marriages, predicted="probability", observed="came_true", slices=["generation"])
    assert found.verdict == "broken"
    assert "generation=old" in found.sentences[0]
    of = {finding["slice"]: finding for finding in found.findings}
    assert of["generation=old"]["verdict"] == "broken"
    assert float(of["generation=old"]["gap"]) < -0.1
    assert of["generation=young"]["verdict"] != "broken"
    assert of["generation=young"]["low"].startswith("-")
    assert not of["generation=young"]["high"].startswith("-")


def test_it_is_caught_by_its_labels_too(marriages: pd.DataFrame) -> None:
    """Yes and no, same rows: McNemar."""
    found = prediction_bias(marriages, predicted="told", observed="affair", slices=["generation"])
    of = {(finding["slice"], finding["class"]): finding for finding in found.findings}
    assert of["generation=old", "yes"]["test"] == "McNemar"
    assert of["generation=old", "yes"]["verdict"] == "broken"
    assert of["generation=young", "yes"]["verdict"] != "broken"


def test_it_is_caught_where_the_outcome_is_known_of_others_only(marriages: pd.DataFrame) -> None:
    """Half of the rows are scored, of the other half it is known what came true: different rows."""
    scored, known = marriages.iloc[::2], marriages.iloc[1::2]
    found = prediction_bias(
        scored[["told", "generation"]], reference=known, predicted="told", observed="affair", slices=["generation"]
    )
    broken = {finding["slice"] for finding in found.findings if finding["verdict"] == "broken"}
    assert "generation=old" in broken
    assert "generation=young" not in broken
    assert {finding["test"] for finding in found.findings} == {"chi-square"}


def test_years_of_age_are_cut_into_slices_by_themselves(marriages: pd.DataFrame) -> None:
    """Six ages are six slices; the oldest are the worst, or next to it."""
    found = prediction_bias(marriages, predicted="probability", observed="came_true", slices=["age"])
    broken = [finding["slice"] for finding in found.findings if finding["verdict"] == "broken"]
    assert {"age=32.0", "age=37.0", "age=42.0"} <= set(broken)
    assert "age=22.0" not in broken


def test_a_regression_trained_on_the_young_is_caught() -> None:
    """Diabetes of 442 patients; the model knows three blood values, and learnt from those under 40.

    It is a twentieth of a standard deviation off beyond doubt; of a tenth of one, and of a quarter of the ages, nobody can
    tell. Trained on half of all ages, the same model is not caught; of 221 rows nobody can call it right either.
    """
    features, target = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    data = features.assign(progression=target, half=np.random.default_rng(0).permutation(len(target)) % 2)
    known = ["s1", "s2", "s4"]
    verdicts = {}
    for name, training in (("young", data.age < 40), ("all", data.half == 0)):
        model = LinearRegression().fit(data.loc[training, known], data.loc[training, "progression"])
        rest = data[~training].assign(told=model.predict(data.loc[~training, known]))
        for threshold in ("0.05", "0.1"):
            found = prediction_bias(rest, predicted="told", observed="progression", threshold=threshold)
            verdicts[name, threshold] = found.verdict
            assert {finding["test"] for finding in found.findings} == {"paired t"}
    assert verdicts.pop(("young", "0.05")) == "broken"
    assert set(verdicts.values()) == {"undecided"}
    by_age = prediction_bias(rest, predicted="told", observed="progression", slices=["age"])
    assert {f["verdict"] for f in by_age.findings if f["slice"] != "all"} == {"undecided"}


def test_ten_digits_are_ten_classes() -> None:
    """A model that never saw an 8 during training tells other digits for it; a fair one is not called broken."""
    images, digits = load_digits(return_X_y=True)
    half = np.arange(len(digits)) % 2 == 0
    verdicts = {}
    for name, training in (("fair", half), ("blind to 8", half & (digits != 8))):
        model = KNeighborsClassifier(5).fit(images[training], digits[training])
        told = pd.DataFrame({"told": model.predict(images[~half]), "digit": digits[~half]})
        found = prediction_bias(told, predicted="told", observed="digit")
        verdicts[name] = (found.verdict, {f["class"] for f in found.findings if f["verdict"] == "broken"})
    # Ten classes of ninety rows each: two points of all rows are a fifth of a class, and nobody can tell them from chance.
    assert verdicts["fair"] == ("undecided", set())
    assert verdicts["blind to 8"][0] == "broken"
    assert "8" in verdicts["blind to 8"][1]
