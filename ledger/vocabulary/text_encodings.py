"""Text from outside: which encoding its bytes are in, as told or recognised, and where a byte does not fit.

Recognised are, in this order: a byte order mark; UTF-16 without one; UTF-8, where every byte fits; else Windows-1252.
Nothing is weighed by likelihood: the same bytes are the same text in every release (docs/decisions/0036).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from ledger.vocabulary.errors import Unreadable

#: A file is looked through in pieces of so many bytes.
BYTES_AT_ONCE = 1 << 20

UTF_8 = "utf-8-sig"
CP1252 = "cp1252"
#: Of UTF-32 and UTF-16 the longer marks come first: one begins like the other.
_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {UTF_8: "UTF-8", CP1252: "Windows-1252", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
#: Bytes that are no UTF-8, as Python shows them in a text; and characters that took several bytes of it.
_STRAY = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f]")
_SEVERAL = re.compile("[^\x00-\x7f\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Decoding:
    """How text from outside is decoded. told: the name of its encoding, None: it is recognised.

    tell: is told, in a sentence, what was recognised where it is not plain UTF-8.
    """

    told: str | None = None
    tell: Callable[[str], None] | None = None

    def say(self, sentence: str) -> None:
        """Tell what was recognised."""
        if self.tell is not None:
            self.tell(sentence)


RECOGNISED = Decoding()


def decoded(name: str, data: bytes, decoding: Decoding = RECOGNISED) -> str:
    """The text in a file's bytes, without a mark. name: of the file, for errors and what is told.

    Raises Unreadable, naming file, line and column, where a byte does not fit, and for a byte 0.
    """
    encoding = encoding_of(name, [data], decoding.told)
    text = "".join(_checked(name, [data], encoding))
    if decoding.told is None and (sentence := told_of(name, encoding)):
        decoding.say(sentence)
    return text


def checked_encoding(name: str, chunks: Callable[[], Iterable[bytes]], told: str | None = None) -> str:
    """The encoding of a file that is too large to be held, once all of it was seen to fit; as `decoded`, otherwise.

    chunks: its bytes from the beginning, each time it is called.
    """
    encoding = encoding_of(name, chunks(), told)
    for _ in _checked(name, chunks(), encoding):
        pass
    return encoding


def encoding_of(name: str, chunks: Iterable[bytes], told: str | None = None) -> str:
    """Python's name of the encoding, as told or recognised. Raises Unreadable for a name that is none, and where
    UTF-8 and other bytes are mixed.
    """
    waiting = iter(chunks)
    head = next(waiting, b"")
    mark = next((encoding for start, encoding in _MARKS if head.startswith(start)), None)
    if told is not None:
        return _with_mark(_known(told), mark)
    return mark or _without_mark(head) or _by_its_bytes(name, chain([head], waiting))


def told_of(name: str, encoding: str) -> str | None:
    """What is said of an encoding that was recognised; None of UTF-8, which goes without saying."""
    if encoding == UTF_8:
        return None
    why = "it is no UTF-8, and has no mark" if encoding == CP1252 else "as its first bytes say"
    return f"{name} is read as {named(encoding)}: {why}. --encoding says otherwise."


def named(encoding: str) -> str:
    """An encoding as a sentence calls it."""
    return _NAMES.get(encoding, encoding)


def _known(told: str) -> str:
    try:
        found = codecs.lookup(told).name
        # What compresses or escapes is a codec of Python, and no encoding of text.
        if "ä".encode(found, "ignore").decode(found) in ("ä", "a", "") and ",".encode(found).decode(found) == ",":
            return found
    except (LookupError, ValueError, TypeError):
        pass
    raise Unreadable(
        f"There is no encoding '{told}': utf-8, utf-16, cp1252, iso-8859-15 are some. Nothing was recorded."
    )


def _with_mark(encoding: str, mark: str | None) -> str:
    """A mark belongs to the encoding that is told if it is one of it, and is no text then."""
    if encoding in ("utf-8", UTF_8):
        return UTF_8
    return mark if mark and encoding.startswith(mark) else encoding


def _without_mark(head: bytes) -> str | None:
    """UTF-16 without a mark: of each pair the same byte is 0 wherever a Latin letter, a digit or a comma stands."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if not (even or odd) or (even and odd):
        return None
    encoding = "utf-16-be" if even else "utf-16-le"
    try:
        text = head[: len(head) // 2 * 2].decode(encoding)
    except UnicodeDecodeError:
        return None
    # A text in UTF-8 that lost a few letters to zeros has no other bytes that are no text; other scripts in UTF-16 do.
    is_latin = 2 * (even + odd) >= len(text)
    return encoding if is_latin or not _is_utf_8(head.replace(b"\0", b"")) else None


def _is_utf_8(head: bytes) -> bool:
    try:
        return _CONTROL.search(codecs.getincrementaldecoder("utf-8")().decode(head)) is None
    except UnicodeDecodeError:
        return False


def _by_its_bytes(name: str, chunks: Iterable[bytes]) -> str:
    """UTF-8 where all of it fits; Windows-1252 where nothing but ASCII does.

    A file with letters of both was put together from two: either reading would spoil half of them.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    stray, several, line = None, False, 1
    for chunk in chain(chunks, [b""]):
        text = decoder.decode(chunk, final=not chunk)
        if not text.isascii():
            if stray is None and (found := _STRAY.search(text)):
                stray = line + text.count("\n", 0, found.start())
            several = several or _SEVERAL.search(text) is not None
        line += text.count("\n")
    if stray is not None and several:
        raise Unreadable(
            f"{name} is in two encodings: line {stray} is no UTF-8, other lines are. Nothing was recorded. Save it as "
            "UTF-8, or name the encoding of all of it with --encoding."
        )
    return UTF_8 if stray is None else CP1252


def _checked(name: str, chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """A file's text, piece by piece. Raises Unreadable, naming line and column, for what does not fit and for a byte 0."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, column = 1, 1
    for chunk in chain(chunks, [b""]):
        fault, held = None, decoder.getstate()
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeError as error:
            fault = f"is not {named(encoding)} text"
            decoder.setstate(held)
            text = _before(decoder, chunk, error)
        if "\0" in text:
            fault, text = "is no text: it holds a byte 0", text[: text.index("\0")]
        if "\n" in text:
            line, column = line + text.count("\n"), len(text) - text.rindex("\n")
        else:
            column += len(text)
        if fault:
            raise Unreadable(
                f"{name} {fault}, at line {line}, column {column}. Nothing was recorded. Save it as UTF-8, or name its "
                "encoding with --encoding."
            )
        yield text


def _before(decoder: codecs.IncrementalDecoder, chunk: bytes, error: UnicodeError) -> str:
    """What of a piece could be read before the byte that does not fit."""
    if not isinstance(error, UnicodeDecodeError):
        return ""
    # The error counts from what was left of the piece before.
    left = len(error.object) - len(chunk)
    return decoder.decode(chunk[: max(error.start - left, 0)])
