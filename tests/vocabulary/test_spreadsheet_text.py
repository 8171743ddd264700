"""What stands in front of a text in a file that spreadsheets open, for every character that a text can begin with."""

from __future__ import annotations

import pytest

from ledger.vocabulary.spreadsheet_text import guarded, posting_text, printable, starts_a_formula, unprintable_in

#: Beyond ASCII: what is drawn like the beginning of a formula, quotation marks, spaces, a mark of the byte order.
ALIKE = "＝＋－＠−–‐“”„«'\u00a0\u2003\ufeff\u200b\u2028"
GUARDED = set("=+-@\t\r")


@pytest.mark.parametrize("first", [*map(chr, range(128)), *ALIKE], ids=lambda first: f"U+{ord(first):04X}")
def test_a_text_is_guarded_by_its_first_character_alone(first: str) -> None:
    for text in (first, f"{first}SUM(A1)", f"{first}1", f"{first}'quoted'", f"{first}\n"):
        assert guarded(text) == ("'" + text if first in GUARDED else text)
        assert starts_a_formula(text) == (first in GUARDED)
        assert guarded("x" + text) == "x" + text


@pytest.mark.parametrize("number", ["-1", "-12.50", "-0", "-0.005", "0", "12", "-" + "9" * 40])
def test_a_number_stays_one_where_numbers_are_expected_and_nowhere_else(number: str) -> None:
    assert guarded(number, numbers=True) == number
    assert guarded(number) == ("'" + number if number.startswith("-") else number)


@pytest.mark.parametrize(
    "text", ["-1-1", "--1", "-1.", "-.5", "-1e5", "-1,5", "-²", "-١", "+1", "=1", "-1\n", "-", "@1"]
)
def test_what_is_nearly_a_number_is_guarded(text: str) -> None:
    assert guarded(text, numbers=True) == "'" + text


def test_an_empty_text_is_left_empty() -> None:
    assert guarded("") == guarded("", numbers=True) == posting_text("") == ""


def test_a_posting_s_text_is_guarded_as_it_stands_in_the_file() -> None:
    """A character that is replaced begins no formula; one that is kept does."""
    assert posting_text("=\x07") == "'=\ufffd"
    assert posting_text("\x07=") == "\ufffd="
    assert posting_text("\t=") == "'\t="


@pytest.mark.parametrize("code", [*range(32), 127, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0xFEFF, 0x1F600])
def test_what_xml_cannot_carry_is_replaced(code: int) -> None:
    """XML 1.0, production 2: tab, line feed, carriage return, and from U+0020 on all but surrogates and two more."""
    carried = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
    text = f"a{chr(code)}b"
    assert printable(text) == (text if carried else "a\ufffdb")
    assert unprintable_in(text * 3) == (0 if carried else 3)
