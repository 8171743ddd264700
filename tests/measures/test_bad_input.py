"""What cannot be measured is refused with the file, the column and what to do: nothing is guessed, nothing counted apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ledger import prediction_bias
from ledger.measures.kit.opening import opened
from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable

GOOD = "p,y,age,when\n" + "yes,no,30,2026-01-01\nno,yes,40,2026-02-01\n" * 60


def refusal(data: Any, **options: Any) -> str:
    """The message with which a measurement is refused."""
    with pytest.raises(Unreadable) as caught:
        prediction_bias(data, **({"predicted": "p", "observed": "y"} | options))
    assert caught.value.exit_code == 2
    return str(caught.value)


def with_y(values: list[object]) -> pd.DataFrame:
    """A frame whose predictions are the labels 1 and 0, as text, and whose observed ones are given."""
    return pd.DataFrame({"p": ["1", "0"] * (len(values) // 2), "y": values})


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n\n \n", "is empty"),
        ("header.csv", b"p,y\n", "no rows"),
        ("text.parquet", GOOD.encode(), "not what its name says: it holds text"),
        ("cut.parquet", b"PAR1 and then nothing", "damaged Parquet"),
        ("parquet.csv", b"PAR1 and then nothing", "not what its name says: it holds Parquet"),
        ("book.csv", b"PK\x03\x04 a workbook", "workbook"),
        ("packed.csv", b"\x1f\x8b\x08 gzip", "gzip"),
        ("half.csv", GOOD.encode("utf-16")[:-1], "is not UTF-16 text, at line 121, column 21"),
        ("mixed.csv", (GOOD + "jä,").encode() + b"n\xe4,,\n", "in two encodings: line 122"),
        ("ragged.csv", (GOOD + "yes,no\n").encode(), "row 121 (line 122), has 2 fields, the column names 4"),
        ("twice.csv", b"p,y,p\n1,0,1\n", "two columns called 'p'"),
        ("binary.csv", b"p,y\n\x00\x01\x02\n", "is no text: it holds a byte 0, at line 2, column 1"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    """With what is wrong with it."""
    (tmp_path / name).write_bytes(content)
    message = refusal(tmp_path / name)
    assert name in message
    assert told in message
    assert NOTHING_RECORDED in message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Neither is a folder a file."""
    assert "No such file" in refusal(tmp_path / "nothing.csv")
    assert "is a folder and no file" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"predicted": "P"}, "no column 'P' (--predicted). Nothing was recorded. Did you mean 'p'?"),
        ({"observed": "label"}, "It has 'p', 'y', 'age', 'when'."),
        ({"slices": ["aeg"]}, "no column 'aeg' (--slice). Nothing was recorded. Did you mean 'age'?"),
        ({"time": "wehn", "by": "month"}, "Did you mean 'when'?"),
        ({"observed": "p"}, "always agrees with itself"),
        ({"time": "age", "by": "month"}, "'30', which is no date"),
        ({"kind": "numbers"}, "Column 'p' of"),
        ({"kind": "probabilities", "predicted": "age"}, "Column 'y' of"),
    ],
)
def test_a_column_that_is_not_there_or_not_that_is_named(tmp_path: Path, options: dict[str, Any], told: str) -> None:
    """With the one that was probably meant."""
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    message = refusal(path, **options)
    assert told in message
    assert "good.csv" in message or "itself" in message


@pytest.mark.parametrize(
    ("observed", "shown"),
    [
        (["01", "00"], "'01'"),
        (["１", "0"], "'１'"),
    ],
    ids=repr,
)
def test_one_class_in_two_spellings_is_refused(observed: list[object], shown: str) -> None:
    """Counted apart it would be a bias that is none; both spellings are shown, with their columns."""
    message = refusal(with_y(observed * 60))
    assert shown in message
    assert "column 'p'" in message
    assert "column 'y'" in message
    assert "Write every class in one way" in message


@pytest.mark.parametrize(
    "observed",
    [[1, 0], [1.0, 0.0], [True, False], ["1.0", "0.0"], ["True", "False"], ["TRUE", "false"], [" 1", "0"], ["1 ", "0"]],
    ids=repr,
)
def test_labels_are_compared_by_value_whatever_their_type(observed: list[object]) -> None:
    """1 is 1.0, and true; it is told as it is spelled in what was predicted, whichever column that is."""
    same = [row["gap"] for row in prediction_bias(with_y(["1", "0"] * 60), predicted="p", observed="y").findings]
    for predicted, other in (("p", "y"), ("y", "p")):
        found = prediction_bias(with_y(observed * 60), predicted=predicted, observed=other)
        assert [row["gap"] for row in found.findings] == same
        assert len(found.findings) == 2


def test_spellings_within_one_column_are_refused_too() -> None:
    """Yes and yes."""
    data = pd.DataFrame({"p": ["yes", "no", "Yes", "no"] * 20, "y": ["yes", "no"] * 40})
    assert "'yes' in column 'p'" in refusal(data)


def test_a_column_of_several_types_is_refused() -> None:
    """1 and '1' in one column of objects."""
    assert "Column 'y' of The data frame holds values of several types" in refusal(with_y([1, "0"] * 60))


@pytest.mark.parametrize(
    ("p", "y", "told"),
    [
        (["a", "a"], ["a", "a"], "hold one class only, 'a', and the same"),
        (["a", "a"], ["b", "b"], "no class in common"),
        (["a", "b"], ["c", "d"], "no class in common"),
        (["a", "b"], [None, None], "Column 'y' of The data frame has no value in any row"),
        ([None, None], ["a", "b"], "Column 'p' of The data frame has no value in any row"),
        (["a", None], ["a", "b"], "no prediction in 60 of the 120 rows"),
        ([0.5, None], [1.5, 2.5], "no prediction in 60 of the 120 rows"),
        ([0.5, 0.7], [None, None], "Column 'y' of The data frame has no value in any row"),
        ([0.5, 1.7], [1, 1], "Column 'y' of The data frame holds one value only, 1"),
        ([0.5, float("inf")], [1.5, 2.5], "an infinite value"),
    ],
)
def test_columns_that_say_nothing_are_refused(p: list[object], y: list[object], told: str) -> None:
    """One class, nothing at all, nothing in common, fewer predictions than labels."""
    data = pd.DataFrame({"p": p * 60, "y": y * 60})
    if None in p[:1]:
        data["p"] = data.p.astype("string")
    if None in y[:1] and isinstance(p[0], float):
        data["y"] = data.y.astype("Float64")
    assert told in refusal(data)


def test_probabilities_outside_0_to_1_are_refused() -> None:
    """Scores are none; and outcomes are 0 and 1."""
    data = pd.DataFrame({"p": np.linspace(-1, 2, 100), "y": [0, 1] * 50})
    assert "no probabilities" in refusal(data, kind="probabilities")
    assert "outcomes 0 and 1" in refusal(data.assign(p=0.5, y=[0, 2] * 50), kind="probabilities")


def test_names_are_no_classes() -> None:
    """A column of identifiers, guessed or told to be labels."""
    names = [f"customer {number}" for number in range(400)]
    data = pd.DataFrame({"p": names, "y": names[::-1]})
    assert "too many values to be classes" in refusal(data)
    assert "too many values to be classes" in refusal(data, kind="labels")


@pytest.mark.parametrize("column", ["p", "y"])
@pytest.mark.parametrize("apart", [False, True], ids=["same rows", "other rows"])
def test_a_word_among_few_numbers_is_named_by_its_row(column: str, apart: bool, tmp_path: Path) -> None:
    """So few different values could be classes: that one of them is a word makes no labels of the others."""
    rows = {"p": ["0.25", "0.5"] * 100, "y": ["0", "1.5"] * 100}
    rows[column][40] = "n/a"
    path, other = tmp_path / "scores.csv", tmp_path / "other.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    pd.DataFrame(rows).to_csv(other, index=False)
    told = refusal(path, reference=other) if apart else refusal(path)
    file = "other.csv" if apart and column == "y" else "scores.csv"
    assert f"Column '{column}' of" in told
    assert f"{file}, row 41, holds 'n/a', which is no number" in told


def test_names_are_no_slices() -> None:
    """Each would be a slice of one row."""
    data = pd.DataFrame({"p": ["a", "b"] * 200, "y": ["b", "a"] * 200, "name": [f"customer {n}" for n in range(400)]})
    assert "more than 100 values (--slice)" in refusal(data, slices=["name"])


@pytest.mark.parametrize("when", ["2026-02-30", "01.03.2026", "March", "2026-3-1", "20260301"])
def test_a_date_that_does_not_parse_is_shown(when: str) -> None:
    """With how it should be written."""
    data = pd.DataFrame({"p": ["a", "b"] * 60, "y": ["b", "a"] * 60, "when": ["2026-01-01"] * 119 + [when]})
    message = refusal(data, time="when", by="month")
    assert f"'{when[:10]}', which is no date" in message
    assert "2026-03-01" in message


def test_a_row_without_a_date_is_refused() -> None:
    """It would be in no period, and in the whole."""
    data = pd.DataFrame({"p": ["a", "b"] * 60, "y": ["b", "a"] * 60, "when": ["2026-01-01"] * 119 + [None]})
    assert "rows without a date" in refusal(data, time="when", by="month")


def test_a_column_of_lists_is_refused(tmp_path: Path) -> None:
    """One value per row."""
    path = tmp_path / "lists.parquet"
    pq.write_table(pa.table({"p": [["a"], ["b"]], "y": ["a", "b"]}), path)
    assert "not one value per row" in refusal(path)


def test_a_file_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    """A download that broke: the footer of a Parquet file is its end."""
    path = tmp_path / "broken.parquet"
    pd.DataFrame({"p": ["a", "b"] * 5000, "y": ["b", "a"] * 5000}).to_parquet(path)
    path.write_bytes(path.read_bytes()[:-200])
    assert "broken.parquet is a damaged Parquet file" in refusal(path)


def test_bytes_turned_over_inside_a_parquet_file_are_no_crash(tmp_path: Path) -> None:
    """Whatever byte is damaged: a refusal, or a reading; never another error."""
    path = tmp_path / "damaged.parquet"
    pd.DataFrame({"p": ["a", "b"] * 50, "y": ["b", "a"] * 50}).to_parquet(path)
    whole = path.read_bytes()
    told = []
    for place in range(4, len(whole), 37):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            prediction_bias(path, predicted="p", observed="y")
        except Unreadable as error:
            told.append(str(error))
    assert told
    assert all("damaged.parquet" in message for message in told)


def test_a_csv_of_words_is_read_as_words(tmp_path: Path) -> None:
    """NA and 007 are words, quotes and line ends within a value belong to it; nothing is missing."""
    path = tmp_path / "words.csv"
    path.write_text('a,b\n007,"x,\ny"\nNA,z\n')
    rows = [batch.to_pylist() for batch in opened(path).batches(["b", "a"])]
    assert rows == [[{"b": "x,\ny", "a": "007"}, {"b": "z", "a": "NA"}]]
