"""Prediction bias from Python: verdicts on whole intervals, slices, series, references, kinds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ledger
from ledger import prediction_bias
from ledger.measures.drift.distances import population_stability
from ledger.measures.kit.judging import MIN_ROWS
from ledger.vocabulary.decimals import is_decimal
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.measurements import Measurement


def rows_of(table: dict[tuple[str, str], int], **more: str) -> pd.DataFrame:
    """Rows as often as a table of (predicted, observed) says; more: columns with one value."""
    pairs = [pair for pair, count in table.items() for _ in range(count)]
    return pd.DataFrame(pairs, columns=["p", "y"]).assign(**more)


def scored(rows: int, shift: int = 0, **more: str) -> pd.DataFrame:
    """Half yes and half no observed, a tenth of each told wrong; `shift` rows more are wrongly told yes."""
    half, wrong = rows // 2, rows // 20
    return rows_of(
        {
            ("yes", "yes"): half - wrong,
            ("no", "yes"): wrong,
            ("no", "no"): half - wrong - shift,
            ("yes", "no"): wrong + shift,
        },
        **more,
    )


def found_in(data: pd.DataFrame, **options: object) -> Measurement:
    """A measurement of the columns p and y."""
    return prediction_bias(data, predicted="p", observed="y", **options)  # type: ignore[arg-type]


def verdicts(measurement: Measurement) -> dict[str, str]:
    """Of each group, the verdict on the class yes."""
    return {
        finding["slice"]: finding["verdict"]
        for finding in measurement.findings
        if finding["class"] in ("yes", "mean", "c0")
    }


def test_three_points_in_seventy_thousand_rows_are_broken_though_psi_calls_them_stable() -> None:
    """PSI does not know how many rows there are: under 0.1 it is called stable, whatever the test says."""
    found = found_in(scored(70_000, shift=2_100))
    assert float(found.figures["psi"]) < 0.1
    assert population_stability([37_100, 32_900], [35_000, 35_000]) < 0.1
    assert (found.value, found.verdict, found.rows) == ("0.0300", "broken", 70_000)
    assert found.figures["p"] == "0.000000"


def test_a_gap_that_is_significant_and_small_is_kept() -> None:
    """One point in seventy thousand rows is no chance, and no matter."""
    found = found_in(scored(70_000, shift=700))
    assert float(found.figures["p"]) < 0.001
    assert (found.value, found.verdict) == ("0.0100", "kept")


def test_a_gap_that_is_large_and_may_be_chance_is_undecided() -> None:
    """Four of a hundred rows: nobody can tell, so it is not called kept; and it says how many rows would tell."""
    found = found_in(scored(100, shift=4))
    assert found.verdict == "undecided"
    assert found.sentences[0].startswith("Cannot tell")
    needed = int(found.figures["rows-to-tell"])
    assert any(f"n = 100: about {needed:,} rows would tell" in sentence for sentence in found.sentences)
    assert found_in(scored(needed, shift=needed * 4 // 100)).verdict == "broken"


def test_a_gap_of_nothing_in_few_rows_is_not_called_kept() -> None:
    """The estimate is 0 and its interval reaches past the threshold: of 100 rows nobody can tell, of 2,000 one can."""
    assert (found_in(scored(100)).value, found_in(scored(100)).verdict) == ("0.0000", "undecided")
    assert found_in(scored(2_000)).verdict == "kept"


@pytest.mark.parametrize(("rows", "judged"), [(MIN_ROWS - 10, False), (MIN_ROWS + 10, True)])
def test_a_slice_too_small_to_judge_says_so_with_its_size(rows: int, judged: bool) -> None:
    """Whatever it looks like: here every row of the small slice is told yes."""
    small = rows_of({("yes", "yes"): rows // 2, ("yes", "no"): rows - rows // 2}, region="small")
    found = found_in(pd.concat([scored(2_000, region="large"), small]), slices=["region"])
    assert verdicts(found)["region=small"] == ("broken" if judged else "undecided")
    assert any(f"region=small ({rows})" in sentence for sentence in found.sentences) != judged
    assert next(f for f in found.findings if f["slice"] == "region=small")["n_predicted"] == str(rows)


def test_the_worst_slice_is_named_in_the_first_sentence() -> None:
    """And the headline is its gap."""
    data = pd.concat([scored(2_000, age="young"), scored(2_000, shift=200, age="old")])
    found = found_in(data, slices=["age"])
    assert (found.value, found.verdict) == ("0.1000", "broken")
    assert "age=old" in found.sentences[0]
    assert verdicts(found) == {"all": "broken", "age=young": "kept", "age=old": "broken"}


def test_gaps_that_cancel_each_other_out_are_seen_in_the_slices() -> None:
    """As a whole nothing is wrong; in both slices everything is."""
    swapped = {"yes": "no", "no": "yes"}
    one, other = scored(2_000, shift=200, sex="f"), scored(2_000, shift=200, sex="m")
    other["p"], other["y"] = other.p.map(swapped), other.y.map(swapped)
    found = found_in(pd.concat([one, other]), slices=["sex"])
    assert verdicts(found) == {"all": "kept", "sex=f": "broken", "sex=m": "broken"}
    assert found.verdict == "broken"


def test_more_slices_ask_for_more_certainty() -> None:
    """The interval that breaks one group reaches back to the threshold among twenty: it is wider there."""
    data = scored(1_000, shift=50)
    assert found_in(data).verdict == "broken"
    many = pd.concat([data.assign(part="00"), *(scored(1_000).assign(part=f"{part:02}") for part in range(1, 20))])
    found = found_in(many, slices=["part"])
    assert verdicts(found)["part=00"] == "undecided"
    lows = [
        next(float(f["low"]) for f in one.findings if f["slice"] in where and f["class"] == "yes")
        for one, where in ((found, "part=00"), (found_in(data), "all"))
    ]
    assert lows[0] < 0.02 < lows[1]
    assert found.figures["effects-judged"] == "21"


RARE = {("rare", "rare"): 4, ("no", "rare"): 1}


def rare(rows: int, flagged: int) -> pd.DataFrame:
    """0.5 % are observed as rare, four fifths of them are flagged, and others besides up to so many of a thousand."""
    of_each = {pair: count * rows // 1_000 for pair, count in RARE.items()}
    hits = of_each["rare", "rare"]
    more = flagged * rows // 1_000 - hits
    return rows_of({**of_each, ("rare", "no"): more, ("no", "no"): rows - sum(of_each.values()) - more})


@pytest.mark.parametrize(
    ("rows", "flagged", "ratio", "verdict"),
    [
        (20_000, 10, None, "kept"),
        (20_000, 10, "1.25", "broken"),
        (1_000, 10, "1.25", "undecided"),
        (1_000, 22, "1.25", "broken"),
        (20_000, 22, "1.25", "broken"),
        (200_000, 5, "1.25", "kept"),
        (20_000, 22, "8", "kept"),
    ],
)
def test_twice_too_many_of_a_rare_class_break_a_ratio(rows: int, flagged: int, ratio: str | None, verdict: str) -> None:
    """Flagging 5 of 1,000 too many, or 4.5 times too many, is within 0.02, and no ratio lets it pass."""
    found = found_in(rare(rows, flagged), ratio=ratio)
    assert found.verdict == verdict
    of_rare = next(f for f in found.findings if f["class"] == "rare")
    assert of_rare.get("ratio", "") == ("" if ratio is None else f"{flagged / 5:.4f}")
    said = " ".join(found.sentences)
    assert ("Not judged is how many times as often" in said) == (ratio is None)
    assert ("the ratio 1.25" in said.split("Worst")[-1].split(":")[0]) == (verdict == "broken")


def test_a_ratio_of_means_is_held_for_probabilities_and_numbers_too() -> None:
    """Probabilities twice too high; amounts a tenth too high, which no ratio of 1.25 minds, and below 0 has none."""
    rng = np.random.default_rng(3)
    p = rng.uniform(0.002, 0.008, 50_000)
    y = (rng.random(50_000) < p).astype(int)
    doubled = pd.DataFrame({"p": 2 * p, "y": y})
    assert found_in(doubled).verdict == "kept"
    assert found_in(doubled, ratio="1.25").verdict == "broken"
    amounts = rng.lognormal(3, 0.5, 5_000)
    more = pd.DataFrame({"p": amounts * 1.1, "y": amounts})
    assert found_in(more, threshold="0.5", ratio="1.25").verdict == "kept"
    assert found_in(more, threshold="0.5", ratio="1.05").verdict == "broken"
    with pytest.raises(Unreadable, match="below 0"):
        found_in(pd.DataFrame({"p": amounts - 20.5, "y": amounts}), ratio="1.25")


@pytest.mark.parametrize(
    ("p", "y", "verdict"),
    [
        (["yes"] * 5_000 + ["no"] * 5_000, ["no"] * 10_000, "broken"),
        ([1] * 5_000, [0] * 5_000, "broken"),
        ([True] * 5_000, [False] * 5_000, "broken"),
        ([0.3] * 5_000, [0] * 5_000, "broken"),
        ([0.3] * 5_000, [1] * 5_000, "broken"),
        (["no"] * 10_000, ["yes"] * 20 + ["no"] * 9_980, "kept"),
        ([0.001] * 10_000, [0] * 10_000, "kept"),
    ],
)
@pytest.mark.parametrize("apart", [False, True])
def test_nothing_on_one_side_is_a_verdict_where_the_other_has_more(
    p: list[object], y: list[object], verdict: str, apart: bool
) -> None:
    """5,000 predicted and none observed: in the same rows and in different ones."""
    data = pd.DataFrame({"p": p, "y": y})
    found = found_in(data[["p"]], reference=data[["y"]]) if apart else found_in(data)
    assert found.verdict == verdict
    held = found_in(data[["p"]], reference=data[["y"]], ratio="1.25") if apart else found_in(data, ratio="1.25")
    assert held.verdict == "broken"


def test_words_without_one_in_common_are_classes_where_that_is_said() -> None:
    """Else they may be one class in two languages."""
    data = pd.DataFrame({"p": ["fraud"] * 100, "y": ["fine"] * 100})
    with pytest.raises(Unreadable, match="--kind labels"):
        found_in(data)
    assert (found_in(data, kind="labels").value, found_in(data, kind="labels").verdict) == ("1.0000", "broken")


def test_of_several_classes_the_one_that_is_wrong_is_named() -> None:
    """Class a is told for b; of c as much is told as observed."""
    table = {("a", "a"): 300, ("b", "b"): 240, ("c", "c"): 300, ("a", "b"): 60, ("b", "a"): 10, ("c", "a"): 20}
    ten_times = {pair: 10 * count for pair, count in {**table, ("a", "c"): 20, ("b", "c"): 15, ("c", "b"): 15}.items()}
    found = found_in(rows_of(ten_times))
    assert {f["class"]: f["verdict"] for f in found.findings} == {"a": "broken", "b": "broken", "c": "kept"}
    assert {f["test"] for f in found.findings} == {"Stuart-Maxwell"}


def test_a_class_is_not_broken_for_what_others_did() -> None:
    """a and b are told for each other beyond doubt; c is off by three points of a hundred rows, which may be chance."""
    table = {("a", "a"): 5, ("b", "b"): 5, ("c", "c"): 22, ("a", "b"): 50, ("c", "a"): 8, ("a", "c"): 5, ("b", "a"): 5}
    found = found_in(rows_of(table))
    assert {f["class"]: f["verdict"] for f in found.findings} == {"a": "broken", "b": "broken", "c": "undecided"}
    assert len({f["p_corrected"] for f in found.findings}) == 1


def test_a_model_that_tells_every_row_no_is_broken() -> None:
    """One class only is predicted; that is a bias, and no bad input."""
    found = found_in(rows_of({("no", "no"): 300, ("no", "yes"): 100}))
    assert (found.value, found.verdict) == ("0.2500", "broken")


def test_a_series_names_its_first_broken_period() -> None:
    """Months by their dates, quarters by the fiscal year."""
    months = [scored(10_000, shift=0 if month < 3 else 1_500, when=f"2026-{month:02}-15") for month in range(1, 5)]
    data = pd.concat(months)
    found = found_in(data, time="when", by="month")
    assert "First broken period: 2026-03." in found.sentences
    assert verdicts(found) == {
        "all": "broken",
        "2026-01": "kept",
        "2026-02": "kept",
        "2026-03": "broken",
        "2026-04": "broken",
    }
    fiscal = found_in(data, time="when", by="quarter", first_month=4)
    assert [group for group in verdicts(fiscal) if group != "all"] == ["2026Q4", "2027Q1"]
    stamped = data.assign(when=pd.to_datetime(data.when).dt.tz_localize("Asia/Tokyo"))
    assert verdicts(found_in(stamped, time="when", by="month")) == verdicts(found)


def test_a_day_is_that_of_the_zone_it_is_written_in() -> None:
    """The first minute of May in Tokyo is April in UTC, and May in the file."""
    data = scored(100).assign(when=pd.Timestamp("2026-05-01 00:01", tz="Asia/Tokyo"))
    assert "2026-05" in verdicts(found_in(data, time="when", by="month"))


def test_many_numbers_of_a_slice_are_cut_into_quarters_of_the_rows() -> None:
    """Ages 18 to 89: four bands of equally many rows; a missing age is a slice of its own."""
    data = pd.concat([scored(2_000, shift=0), scored(2_000, shift=300)])
    ages = [*np.linspace(18, 60, 2_000).round(), *np.linspace(61, 89, 1_999).round(), np.nan]
    found = found_in(data.assign(age=ages), slices=["age"])
    bands = [group for group in verdicts(found) if group != "all"]
    assert [band.split()[0] for band in bands] == ["age=up", "age=over", "age=over", "age=over", "age=(missing)"]
    assert verdicts(found)[bands[3]] == "broken"
    sizes = [int(f["n_predicted"]) for f in found.findings if f["class"] == "yes" and f["slice"] in bands]
    assert sum(sizes) == 4_000
    assert max(sizes[:4]) < 1_100


def test_a_reference_is_other_rows() -> None:
    """What is predicted live is held against what was observed elsewhere; slice by slice, and each month by all of it."""
    live = pd.concat(
        [scored(20_000, shift=2_000, age="old", when="2026-01-01"), scored(20_000, age="young", when="2026-02-01")]
    )
    reference = pd.concat([scored(30_000, age="old"), scored(30_000, age="young")])
    found = found_in(live[["p", "age", "when"]], reference=reference, slices=["age"], time="when", by="month")
    assert verdicts(found) == {
        "all": "broken",
        "age=old": "broken",
        "age=young": "kept",
        "2026-01": "broken",
        "2026-02": "kept",
    }
    assert {f["test"] for f in found.findings} == {"chi-square"}
    assert {f["n_observed"] for f in found.findings if f["slice"] == "2026-01"} == {"60000"}


def test_a_file_is_its_own_reference_where_that_is_asked_for(tmp_path: Path) -> None:
    """Different rows, though they are of one file and one column: nothing moved."""
    path = tmp_path / "scored.csv"
    scored(20_000).to_csv(path, index=False)
    found = prediction_bias(path, predicted="y", observed="y", reference=path)
    assert (found.verdict, found.value, set(found.files)) == ("kept", "0.0000", {"data", "reference"})


def test_a_slice_that_the_reference_does_not_have_is_undecided() -> None:
    """There is nothing to hold it against."""
    live = pd.concat([scored(400, age="old"), scored(400, age="new")])
    found = found_in(live, reference=scored(400, age="old"), slices=["age"])
    assert verdicts(found)["age=new"] == "undecided"
    assert any("age=new (400 predicted, 0 observed)" in sentence for sentence in found.sentences)


def test_probabilities_are_told_from_labels_and_numbers() -> None:
    """By their values: fractions between 0 and 1 beside 0 and 1; what cannot be guessed can be told."""
    rng = np.random.default_rng(1)
    p = rng.uniform(size=3_000)
    y = (rng.random(3_000) < p).astype(int)
    found = found_in(pd.DataFrame({"p": p, "y": y}))
    assert found.findings[0]["test"] == "calibration in the large, score"
    assert found.verdict == "kept"
    assert found.figures["decile-1-predicted"] < "0.1" < found.figures["decile-2-observed"]
    assert found_in(pd.DataFrame({"p": p * 0.8, "y": y})).verdict == "broken"
    assert found_in(pd.DataFrame({"p": p, "y": y == 1})).findings[0]["test"] == "calibration in the large, score"
    assert found_in(pd.DataFrame({"p": p, "y": p + 1.0})).findings[0]["test"] == "paired t"
    told = found_in(pd.DataFrame({"p": p, "y": y}), kind="numbers")
    assert (told.findings[0]["test"], told.settings["kind"]) == ("paired t", ("numbers",))


def test_a_mean_that_is_right_although_no_probability_is_is_shown_by_tenths() -> None:
    """Half the rows get 0.1 and half 0.9, and of each half came true: right in the large, wrong in every tenth."""
    data = pd.DataFrame({"p": [0.1] * 5_000 + [0.9] * 5_000, "y": [0, 1] * 5_000})
    found = found_in(data)
    assert (found.verdict, found.value) == ("kept", "0.0000")
    assert any("By tenths" in sentence and "0.4000" in sentence for sentence in found.sentences)


def test_numbers_are_held_in_standard_deviations_of_what_is_observed() -> None:
    """2 of a standard deviation of 10 are a gap of 0.2; its raw means, quantiles and Wasserstein stand beside it."""
    rng = np.random.default_rng(2)
    y = rng.normal(100, 10, 5_000)
    data = pd.DataFrame({"p": y + 2, "y": y})
    found = found_in(data)
    assert found.value == f"{2 / y.std(ddof=1):.4f}"
    assert (found.threshold, found.verdict) == ("0.1", "broken")
    assert found.figures["wasserstein"] == "2.0000"
    assert float(found.figures["predicted_q50"]) - float(found.figures["observed_q50"]) == pytest.approx(2)


def test_rows_that_are_not_observed_yet_are_left_out_and_counted() -> None:
    """A label may come later than its prediction."""
    data = scored(1_000)
    data.loc[:99, "y"] = None
    found = found_in(data)
    assert (found.rows, found.figures["rows-left-out"]) == (900, "100")
    assert any("100 rows have nothing in 'y' yet" in sentence for sentence in found.sentences)


@pytest.mark.parametrize("form", ["csv", "parquet", "semicolons"])
def test_a_file_measures_as_its_data_frame_does(tmp_path: Path, form: str) -> None:
    """CSV, Parquet and pandas come to the same figures; files have fingerprints."""
    data = pd.concat([scored(500, age="a", when="2026-01-31"), scored(500, shift=90, age="b", when="2026-02-01")])
    data["score"] = np.linspace(0, 1, len(data))
    path = tmp_path / ("x.parquet" if form == "parquet" else "x.csv")
    data.to_parquet(path) if form == "parquet" else data.to_csv(path, sep=";" if form == "semicolons" else ",")
    asked = {"slices": ["age", "score"], "time": "when", "by": "month"}
    of_file, of_frame = (
        prediction_bias(source, predicted="p", observed="y", **asked)  # type: ignore[arg-type]
        for source in (path, data)
    )
    assert (of_file.findings, of_file.figures) == (of_frame.findings, of_frame.figures)
    assert len(of_file.files["data"]) == 64
    assert of_frame.files == {}


def test_every_figure_is_a_decimal_text_and_every_key_ascii() -> None:
    """So that an event can hold it."""
    found = found_in(scored(1_000, shift=90, Ort="Köln"), slices=["Ort"])
    assert all(is_decimal(text) for text in (*found.figures.values(), found.value))
    assert all(key.isascii() for finding in found.findings for key in (*finding, *found.figures))


def test_broken_findings_come_first_so_that_they_survive_a_cut() -> None:
    """An event keeps 200 findings; here the broken slice is the last of all."""
    data = pd.concat([scored(200, part=f"{part:03}") for part in range(90)] + [scored(600, shift=150, part="zzz")])
    found = found_in(data, slices=["part"])
    assert found.findings[0]["slice"] == "part=zzz"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=60, max_size=200), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(labels: list[str], random: object) -> None:
    """Rows are counted, wherever they stand; and a copy of what is observed has no gap."""
    observed = sorted([*labels, "a", "b"])
    data = pd.DataFrame({"p": [*labels, "a", "b"], "y": observed})
    shuffled = data.sample(frac=1, random_state=1)
    assert found_in(data).findings == found_in(shuffled).findings
    copied = found_in(data.assign(p=data.y))
    assert (copied.value, copied.verdict != "broken") == ("0.0000", True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"time": "when"}, "go together"),
        ({"threshold": "-1"}, "--threshold"),
        ({"threshold": "much"}, "--threshold"),
        ({"alpha": "1.5"}, "--alpha"),
        ({"alpha": "0"}, "--alpha"),
        ({"alpha": "1"}, "--alpha"),
        ({"ratio": "1"}, "--ratio"),
        ({"ratio": "0.8"}, "--ratio"),
        ({"ratio": "twice"}, "--ratio"),
        ({"ratio": "nan"}, "--ratio"),
        ({"ratio": "inf"}, "--ratio"),
        ({"threshold": "nan"}, "--threshold"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, str], told: str) -> None:
    """Before anything is read."""
    with pytest.raises(Unreadable, match=told):
        found_in(scored(100), **options)


def test_importing_the_ledger_imports_no_statistics() -> None:
    """`from ledger import prediction_bias` does, and `import ledger` does not; a name that is not there is an error."""
    with pytest.raises(AttributeError, match="no_such_thing"):
        ledger.no_such_thing  # noqa: B018
    tell = "import sys, ledger; assert not {'pandas', 'scipy', 'pyarrow'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", tell], check=True)
