"""The deck: six pages, each with one message, the same figures as the workbook, and no text cut, outside or over another."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from pypdf import PdfReader

from ledger.views.quarter import QuarterView
from ledger.vocabulary.text import MAX_NAME
from reports.charts.frame import Drawing
from reports.charts.render import look
from reports.content import Content, money
from reports.deck.page import Number
from reports.key_figures import key_figures
from reports.pack.pack import Pack
from reports.registry import SLIDES, SlideEntry
from reports.sentences import what_moved, what_was_issued, what_was_spent
from reports.sheets import management
from tests.helpers.drawn_texts import misplaced, visible_texts
from tests.helpers.hostile_texts import HOSTILE
from tests.helpers.quarter_books import CASES, LAST_DAY, QUARTERS, Books
from tests.helpers.quarter_plans import COMING
from tests.reports.charts.test_charts import VIEWS

EVERY = pytest.mark.parametrize("entry", SLIDES, ids=lambda entry: entry.name)


def drawn(entry: SlideEntry, view: QuarterView) -> Drawing:
    return entry.draw(view, Number(SLIDES.index(entry) + 1, len(SLIDES)))


def texts(drawing: Drawing) -> list[str]:
    return [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in visible_texts(drawing.figure)]


def _sixty_systems() -> QuarterView:
    """Sixty systems and teams, long titles, half of it past due, neglect without an estimate."""
    books = Books(earlier=[(0, 0)] * 7)
    for number in range(60):
        late = ("lapsed", "overdue") if number % 4 == 0 else ()
        books.item(
            f"SYSTEM-{number:02}",
            title=f"{number} " + "a title that goes on and on " * 9,
            team=f"the team of a long name, number {number:02}",
            opening=(number + 1) * 9_999_00,
            moves=(("commissioned", 70_000_00 + number, 0), ("repaid", -9_00, 12_00)),
            per_year=(number + 1) * 99_00,
            nature="neglect" if number % 3 == 0 else "debt",
            late=late,
            status="unestimated" if number % 7 == 0 else "open",
        )
        books.plan(f"the team of a long name, number {number:02}", "2026Q3", number * 1_000_00, number * 900_00)
    return books.view()


@cache
def _random(seed: int) -> QuarterView:
    """A book of any size, amounts of any length, titles and teams that people really type and those that nobody would."""
    chance = random.Random(seed)
    books = Books(earlier=[(chance.randrange(10 ** chance.randrange(1, 13)), 0) for _ in range(7)])
    for number in range(chance.choice((1, 2, 7, 40))):
        amount = chance.randrange(1, 10 ** chance.randrange(2, 14))
        late = tuple(word for word in ("lapsed", "overdue") if chance.random() < 0.3)
        books.item(
            f"S{number}" + "X" * chance.randrange(20),
            title=chance.choice(HOSTILE)[:300] or "x",
            team=chance.choice(HOSTILE)[:80],
            opening=amount if chance.random() < 0.7 else 0,
            moves=(
                (chance.choice(("commissioned", "observed", "revised")), amount, 0),
                ("repaid", -amount // 3, amount // 2),
            ),
            per_year=amount // chance.randrange(1, 30),
            nature=chance.choice(("debt", "neglect")),
            late=late,
        )
        for quarter in (*QUARTERS[-2:], *COMING[:2]):
            if chance.random() < 0.5:
                books.plan(books.items[-1].team or "red", quarter, amount // 2, chance.choice((None, amount // 3)))
    view = books.view()
    if chance.random() < 0.3:
        view = replace(view, provenance=replace(view.provenance, as_of=LAST_DAY.replace(day=12), provisional=True))
    return view


BOOKS: dict[str, Callable[[], QuarterView]] = {
    **{name: (lambda view=view: view) for name, view in VIEWS.items()},
    "sixty systems": _sixty_systems,
    "no systems of teams": lambda: Books().item(team="", opening=9_00, moves=(("repaid", -1_00, 2_00),)).view(),
    "the longest key": lambda: Books().item("K" * MAX_NAME, nature="neglect", late=("lapsed",), opening=9_00).view(),
    **{f"random {seed}": (lambda seed=seed: _random(seed)) for seed in range(12)},
}


@EVERY
@pytest.mark.parametrize(
    # Every ninth book in every run, the rest by `make check`.
    "case",
    [pytest.param(name, marks=[pytest.mark.reliability] if number % 9 else []) for number, name in enumerate(BOOKS)],
)
def test_no_text_leaves_the_page_or_meets_another_and_the_message_is_whole(entry: SlideEntry, case: str) -> None:
    view = BOOKS[case]()
    with look():
        drawing = drawn(entry, view)
        assert list(misplaced(drawing.figure)) == []
        said = " ".join(texts(drawing))
    provisional = view.provenance.provisional
    message = f"PROVISIONAL · {drawing.title}" if provisional else drawing.title
    assert message in said
    assert "…" not in drawing.title
    assert drawing.alternative.startswith(drawing.title)
    assert ("provisional: 2026Q3 had not ended on" if provisional else "final, as known at") in said
    assert f"head {view.provenance.head_hash[:12]}" in said
    assert f"as of {view.provenance.as_of}" in said
    assert f"{SLIDES.index(entry) + 1} of 6" in texts(drawing)


def test_the_deck_says_the_sentences_and_figures_of_the_management_summary() -> None:
    for case in ("typical", "restated", "repaid in full", "yen"):
        view = CASES[case]
        with look():
            page = " ".join(texts(drawn(SLIDES[0], view)))
        sheet = management.build(Content(view))
        assert sheet.headline == what_moved(view)
        assert sheet.headline in page
        assert [" ".join(sheet.sentences)] == [
            " ".join(words for words in (what_was_spent(view), _decisions(view), what_was_issued(view)) if words)
        ]
        assert " ".join(sheet.sentences) in page
        for figure in key_figures(view):
            if figure.now is not None and not figure.signed and not figure.count:
                assert money(view, figure.now) in page


def _decisions(view: QuarterView) -> str:
    with look():
        return f"{drawn(SLIDES[-1], view).title}."


def test_every_item_that_waits_is_on_the_last_page_or_counted_there() -> None:
    for case in ("typical", "sixty systems", "random 3"):
        view = BOOKS[case]()
        with look():
            drawing = drawn(SLIDES[-1], view)
        said = texts(drawing)
        counted = sum(
            int(words.split()[0].replace(",", "")) for words in said if re.fullmatch(r"[0-9,]+ others", words)
        )
        named = [words for words in said if re.fullmatch(r"[A-Z][A-Z0-9-]*-[0-9]+", words)]
        waits = [row for row in view.items if row.late or row.nature == "neglect"]
        open_ = {(row.item, row.nature) for row in waits if row.outstanding or row.status == "unestimated"}
        both = sum(1 for row in view.items if row.late and row.nature == "neglect" and (row.item, row.nature) in open_)
        assert len(named) + counted == len(open_) + both


@pytest.mark.reliability
def test_the_deck_of_a_pack_has_six_tagged_pages_and_text_that_can_be_searched(pack: Pack) -> None:
    view = CASES["typical"]
    reader = PdfReader(pack.folder / "debt-2026Q3-deck.pdf")
    tree = reader.root_object["/StructTreeRoot"]["/K"][0].get_object()["/K"]
    with look():
        drawings = [drawn(entry, view) for entry in SLIDES]
    assert [element.get_object()["/Alt"] for element in tree] == [drawing.alternative for drawing in drawings]
    assert [entry.title for entry in reader.outline] == [drawing.title for drawing in drawings]
    for number, page in enumerate(reader.pages, start=1):
        assert f"{number} of 6" in page.extract_text()
        assert "head 9f2c12ab34cd" in page.extract_text()
    assert reader.metadata is not None
    assert reader.metadata.title == "Technical debt 2026Q3, EUR · Example book"
    assert reader.metadata.author == "Example book"


def test_pages_are_in_the_shape_of_a_screen() -> None:
    with look():
        figure = drawn(SLIDES[0], CASES["empty"]).figure
    assert figure.bbox.width * 9 == pytest.approx(figure.bbox.height * 16)
