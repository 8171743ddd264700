"""Tagged PDF: pages that are figures, each with its words for those who cannot see it, in the order of the pages.

matplotlib writes pages and no structure. What is drawn on a page becomes one element, `Figure`, of a structure tree; its
alternative text says the message and the figures. The document says its language, and readers show its title.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from ledger.vocabulary.spreadsheet_text import printable

#: The version from which on a page says that its tab order is that of the structure.
_HEADER = "%PDF-1.5"
_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class TaggedPage:
    """What is said of a page. title: its message, by which it is found in the outline. alternative: all of it in words."""

    title: str
    alternative: str


def tagged_pdf(data: bytes, pages: Sequence[TaggedPage]) -> bytes:
    """The same pages, tagged; the same bytes give the same bytes. Raises ValueError unless every page has its words."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    if len(writer.pages) != len(pages):
        raise ValueError(f"There are {len(writer.pages)} pages and words for {len(pages)}.")
    writer.pdf_header = _HEADER
    tree, document = DictionaryObject(), DictionaryObject()
    tree_at, document_at = writer._add_object(tree), writer._add_object(document)
    figures = [
        _figure(writer, page, words, number, document_at)
        for number, (page, words) in enumerate(zip(writer.pages, pages, strict=True))
    ]
    document.update(
        _names(Type="StructElem", S="Document") | {NameObject("/P"): tree_at, NameObject("/K"): ArrayObject(figures)}
    )
    tree.update(
        _names(Type="StructTreeRoot")
        | {
            NameObject("/K"): ArrayObject([document_at]),
            NameObject("/ParentTree"): _parents(figures),
            NameObject("/ParentTreeNextKey"): NumberObject(len(figures)),
        }
    )
    _describe(writer, tree_at)
    for number, words in enumerate(pages):
        writer.add_outline_item(title=printable(words.title), page_number=number)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _figure(
    writer: PdfWriter, page: PageObject, words: TaggedPage, number: int, document: IndirectObject
) -> IndirectObject:
    """Makes all that is drawn on a page one element, and gives it."""
    page[NameObject("/Contents")] = ArrayObject(
        [
            writer._add_object(_stream(b"/Figure <</MCID 0>> BDC\n")),
            page.raw_get("/Contents"),
            writer._add_object(_stream(b"\nEMC\n")),
        ]
    )
    page[NameObject("/StructParents")] = NumberObject(number)
    page[NameObject("/Tabs")] = NameObject("/S")
    box = ArrayObject([FloatObject(each) for each in page.mediabox])
    layout = DictionaryObject(_names(O="Layout", Placement="Block") | {NameObject("/BBox"): box})
    element: dict[PdfObject, PdfObject] = {
        NameObject("/P"): document,
        NameObject("/Pg"): _reference(page),
        NameObject("/K"): NumberObject(0),
        NameObject("/A"): layout,
        NameObject("/T"): TextStringObject(printable(words.title)),
        NameObject("/Alt"): TextStringObject(printable(words.alternative)),
    }
    return writer._add_object(DictionaryObject(_names(Type="StructElem", S="Figure") | element))


def _parents(figures: Sequence[IndirectObject]) -> DictionaryObject:
    """From the marked content of each page to its element."""
    numbers: list[PdfObject] = []
    for number, figure in enumerate(figures):
        numbers += [NumberObject(number), ArrayObject([figure])]
    return DictionaryObject({NameObject("/Nums"): ArrayObject(numbers)})


def _describe(writer: PdfWriter, tree: IndirectObject) -> None:
    shown = {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    writer.root_object.update(
        {
            NameObject("/StructTreeRoot"): tree,
            NameObject("/MarkInfo"): DictionaryObject({NameObject("/Marked"): BooleanObject(True)}),
            NameObject("/Lang"): TextStringObject(_LANGUAGE),
            NameObject("/ViewerPreferences"): DictionaryObject(shown),
        }
    )


def _stream(data: bytes) -> StreamObject:
    stream = StreamObject()
    stream.set_data(data)
    return stream


def _reference(page: PageObject) -> IndirectObject:
    if page.indirect_reference is None:
        raise ValueError("A page of no document has no place in a structure.")
    return page.indirect_reference


def _names(**entries: str) -> dict[PdfObject, PdfObject]:
    return {NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in entries.items()}
