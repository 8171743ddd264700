"""Tagged PDF: every page is a figure with its words, and the same pages give the same bytes."""

from __future__ import annotations

import io
from functools import cache

import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from reports.tagged_pdf import TaggedPage, tagged_pdf

PAGES = (
    TaggedPage("Delta rose", "Delta rose. Waterfall: opening EUR 1, closing EUR 2."),
    TaggedPage("日本語 (x) \\ 🚀", "日本語 (x) \\ 🚀. All of it in words, brackets )( and a line\nbreak."),
)


@cache
def _untagged() -> bytes:
    buffer = io.BytesIO()
    with PdfPages(buffer, metadata={"CreationDate": None, "Title": "Two pages"}) as document:
        for page in PAGES:
            figure = Figure(figsize=(3, 2))
            figure.text(0.1, 0.5, page.alternative[-10:])
            document.savefig(figure)
    return buffer.getvalue()


def elements(reader: PdfReader) -> list[DictionaryObject]:
    """The elements under the document, in reading order."""
    (document,) = reader.root_object["/StructTreeRoot"]["/K"]
    assert document.get_object()["/S"] == "/Document"
    return [kid.get_object() for kid in document.get_object()["/K"]]


def test_every_page_is_one_figure_with_its_words_and_is_found_from_its_marked_content() -> None:
    reader = PdfReader(io.BytesIO(tagged_pdf(_untagged(), PAGES)))
    parents = reader.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for number, (page, words, element) in enumerate(zip(reader.pages, PAGES, elements(reader), strict=True)):
        assert (element["/S"], element["/Alt"], element["/T"]) == ("/Figure", words.alternative, words.title)
        assert element.raw_get("/Pg").idnum == page.indirect_reference.idnum
        content = page.get_contents().get_data().strip()
        assert content.startswith(b"/Figure <</MCID 0>> BDC")
        assert content.endswith(b"EMC")
        assert content.count(b"BDC") == content.count(b"EMC") == 1
        assert page["/StructParents"] == parents[2 * number] == number
        assert parents[2 * number + 1][element["/K"]].get_object() == element
        assert page["/Tabs"] == "/S"


def test_the_document_tells_its_language_and_shows_its_title_and_its_pages() -> None:
    reader = PdfReader(io.BytesIO(tagged_pdf(_untagged(), PAGES)))
    root = reader.root_object
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Two pages"
    assert [entry.title for entry in reader.outline] == [page.title for page in PAGES]
    assert [reader.get_destination_page_number(entry) for entry in reader.outline] == [0, 1]


def test_the_same_pages_give_the_same_bytes_and_say_what_they_said() -> None:
    once = tagged_pdf(_untagged(), PAGES)
    assert tagged_pdf(_untagged(), PAGES) == once
    assert b"/CreationDate" not in once
    before, after = (PdfReader(io.BytesIO(data)) for data in (_untagged(), once))
    assert [page.extract_text() for page in before.pages] == [page.extract_text() for page in after.pages]


def test_a_page_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="2 pages and words for 1"):
        tagged_pdf(_untagged(), PAGES[:1])
