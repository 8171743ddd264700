"""Text in any encoding that is recognised reads as it was written; what does not fit is named by its place."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text_encodings import CP1252, Decoding, checked_encoding, decoded, encoding_of

#: What a table in Western Europe holds, and the rest of Unicode that is text.
WESTERN = "aZ09 ,;\t\n.äöüßéÉñøÅ€–“”™"
LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=60)

#: How text is written -> what it may hold there, and how it is written.
WRITTEN = {
    "utf-8": (LINES, lambda text: text.encode()),
    "utf-8 with a mark": (LINES, lambda text: text.encode("utf-8-sig")),
    "utf-16, little end first": (LINES, lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le")),
    "utf-16, big end first": (LINES, lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be")),
    "utf-32": (LINES, lambda text: text.encode("utf-32")),
    "cp1252": (st.text(WESTERN, max_size=60), lambda text: text.encode("cp1252")),
}


@pytest.mark.parametrize("how", WRITTEN)
@given(data=st.data(), size=st.integers(1, 7))
def test_what_is_written_is_read(how: str, data: st.DataObject, size: int) -> None:
    """In one piece and in pieces of any size, wherever they cut a letter."""
    texts, write = WRITTEN[how]
    text = data.draw(texts)
    raw = write(text)
    if how == "cp1252" and not _is_recognisable(text):
        return
    assert decoded("f", raw) == text
    pieces = [raw[start : start + size] for start in range(0, len(raw), size)]
    if len(raw) > 4 and size >= 4:
        assert encoding_of("f", pieces) == checked_encoding("f", lambda: pieces) == encoding_of("f", [raw])


def _is_recognisable(text: str) -> bool:
    """Windows-1252 that is valid UTF-8 as well, in whole or in part (`Ã¼`), is read as that or refused."""
    raw = text.encode("cp1252")
    return not any(ord(letter) > 127 and letter < "\udc80" for letter in raw.decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["id,name\n1,Käthe\n", "番号,名前\n1,東京都渋谷区\n", "сумма;имя\nмного;Александра Константиновна\n"]
)
def test_utf_16_without_a_mark_is_seen_by_its_zeros(encoding: str, text: str) -> None:
    told: list[str] = []
    assert decoded("f", text.encode(encoding), Decoding(tell=told.append)) == text
    assert told == ["f is read as UTF-16: as its first bytes say. --encoding says otherwise."]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252", "iso-8859-15", "cp1250", "cp437"]
)
def test_what_is_told_is_not_guessed(encoding: str) -> None:
    told: list[str] = []
    text = "id,name\n1,Käthe\n"
    assert decoded("f", text.encode(encoding), Decoding(encoding, told.append)) == text
    assert told == []


def test_a_mark_is_no_text_whatever_is_told() -> None:
    for told, mark in (("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16", codecs.BOM_UTF16_BE)):
        body = "a".encode("utf-16-be" if mark == codecs.BOM_UTF16_BE else told)
        assert decoded("f", mark + body, Decoding(told)) == "a"


@pytest.mark.parametrize("name", ["", "klingon", "rot13", "zlib", "hex", "undefined", "base64", "a\0b", "ä" * 200])
def test_what_is_no_encoding_of_text_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match="There is no encoding '"):
        decoded("f", b"a,b", Decoding(name))


#: Bytes that do not fit, what was told, and the place that is named.
UNFIT = [
    (b"a\nbc\xe4", "utf-8", "f is not UTF-8 text, at line 2, column 3."),
    ("äö\nü".encode() + b"\xc3", "utf-8", "f is not UTF-8 text, at line 2, column 2."),
    (b"a\n\x81", None, "f is not Windows-1252 text, at line 2, column 1."),
    ("ä\nbö".encode("utf-16")[:-1], None, "f is not UTF-16 text, at line 2, column 2."),
    (b"a,b\n1,\0", None, "f is no text: it holds a byte 0, at line 2, column 3."),
    (bytes(64), None, "f is no text: it holds a byte 0, at line 1, column 1."),
    ("a\nä".encode() + b"\nb\xe4", None, "f is in two encodings: line 3 is no UTF-8, other lines are."),
]


@pytest.mark.parametrize(("raw", "told", "said"), UNFIT, ids=[said for _, _, said in UNFIT])
@pytest.mark.parametrize("size", [4, 5, 1000])
def test_a_byte_that_does_not_fit_is_named_by_its_place(raw: bytes, told: str | None, said: str, size: int) -> None:
    with pytest.raises(Unreadable) as error:
        decoded("f", raw, Decoding(told))
    assert str(error.value).startswith(f"{said} Nothing was recorded.")
    pieces = [raw[start : start + size] for start in range(0, len(raw), size)]
    with pytest.raises(Unreadable) as again:
        checked_encoding("f", lambda: pieces, told)
    assert str(again.value) == str(error.value)


def test_windows_1252_is_said() -> None:
    told: list[str] = []
    assert decoded("f", "Käthe".encode(CP1252), Decoding(tell=told.append)) == "Käthe"
    assert told == ["f is read as Windows-1252: it is no UTF-8, and has no mark. --encoding says otherwise."]
