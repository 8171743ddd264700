"""Decision records in five dialects: what people wrote, counted from the raw files; and what no file of ours has, in a table."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ledger.importers.decision_log.folder import FolderRead, RecordRead, read_folder
from ledger.vocabulary.errors import Unreadable

#: By the dialect: where its status and date stand, in a raw file.
NYGARD = (re.compile(r"^## Status\s+^(\S.*?)\s*$", re.M), re.compile(r"^Date: (\S+)", re.M))
FRONT = (
    re.compile(r"\A---\n(?:.*\n)*?status:[ \t]*(.*?)[ \t]*\n"),
    re.compile(r"\A---\n(?:.*\n)*?date:[ \t]*(.*?)[ \t]*\n"),
)
BULLETS = (re.compile(r"^- Status: (.*?)\s*$", re.M), re.compile(r"^- Date: (\S+)", re.M))
LOGS = {
    "npryce+adr-tools": NYGARD,
    "alphagov+govuk-aws": NYGARD,
    "microsoft+semantic-kernel": FRONT,
    "adr+madr": FRONT,
    "thomvaill+log4brains": BULLETS,
}
#: What the words of these logs mean, told apart from the code.
MEANT = {"accepted": "accepted", "approved": "accepted", "proposed": "proposed"}


def raw(folder: Path, pattern: re.Pattern[str]) -> dict[str, str | None]:
    """Of every record of a folder, by its path, what stands where its dialect has it."""
    found = {}
    for path in folder.rglob("*.md"):
        if re.match(r"\d{4}", path.name):
            text = path.read_text(encoding="utf-8-sig")
            match = pattern.search(text if pattern not in FRONT else text[: text.find("\n---", 3) + 1])
            found[path.relative_to(folder).as_posix()] = match[1].strip(" {}") or None if match else None
    return found


def status_of(words: str | None) -> str | None:
    said = (words or "").lower()
    return "superseded" if said.startswith("superseded by") else MEANT.get(said)


@pytest.mark.parametrize("log", LOGS)
def test_the_statuses_and_dates_of_a_log_are_those_of_its_raw_files(shared_data: Path, log: str) -> None:
    folder = shared_data / "adr" / log
    found = read_folder(folder)
    assert found.bad == []
    statuses = raw(folder, LOGS[log][0])
    assert {record.path: record.status for record in found.records} == {
        path: status_of(words) for path, words in statuses.items()
    }
    dates = raw(folder, LOGS[log][1])
    assert {path for path, written in dates.items() if written} >= {
        record.path for record in found.records if record.dated_on and not re.match(r"\d{8}", Path(record.path).name)
    }
    for record in found.records:
        written = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", dates[record.path] or "")
        if written:
            assert record.dated_on == date(*map(int, written.groups())), record.path


@pytest.mark.parametrize("log", LOGS)
def test_every_status_that_is_not_understood_is_told(shared_data: Path, log: str) -> None:
    folder = shared_data / "adr" / log
    found = read_folder(folder)
    told = Counter(each.place for each in found.doubts if each.what.startswith("its status"))
    words = raw(folder, LOGS[log][0])
    assert told == Counter(path for path, said in words.items() if said and status_of(said) is None)


@pytest.mark.parametrize("log", LOGS)
def test_every_other_text_of_a_folder_is_named_as_no_record(shared_data: Path, log: str) -> None:
    folder = shared_data / "adr" / log
    found = read_folder(folder)
    others = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")} - raw(folder, LOGS[log][0]).keys()
    assert {each.place for each in found.others} == others


# --- one record in every dialect, and every status ------------------------------------------------------

TITLE = "Use one threshold"
DIALECTS = {
    "nygard": "# 7. {title}\n\nDate: {date}\n\n## Status\n\n{status}\n\n## Context\n\nc\n\n## Decision\n\nd\n",
    "nygard, dated status": "# 7. {title}\n\n## Status\n\n{status} ({date})\n\n## Decision\n\nd\n",
    "madr 2 bullets": "# {title}\n\n* Status: {status}\n* Deciders: anna, ben\n* Date: {date}\n\n## Decision Outcome\n\nd\n",
    "bold labels": "# {title}\n\n**Status:** {status}\n**Date**: {date}\n\n## Decision\n\nd\n",
    "madr 3 front matter": "---\nstatus: {status}\ndate: {date}\ndeciders: anna, ben\n---\n# {title}\n\n## Decision Outcome\n\nd\n",
    "madr 4 front matter": "---\nstatus: \"{status}\"\ndate: {date}\ndecision-makers: [anna, ben]\n---\n\n# {title}\n",
    "braces left over": "---\nstatus: {{ {status} }}\ndate: {{ {date} }}\ndeciders: {{ anna, ben }}\n---\n# {title}\n",
    "table beside": "# {title}\n\n| Field | Value |\n|---|---|\n| Status | {status} |\n| Date | {date} |\n\n## Decision\n",
    "table below": "# {title}\n\n| Status | Date |\n|--------|------|\n| {status} | {date} |\n\n## Decision\n",
    "comments": "# {title} \n\n* Status: {status} <!-- optional -->\n* Date: {date} <!-- when -->\n\n## Decision\n",
    "setext": "{title}\n=====\n\nDate: {date}\n\nStatus\n------\n\n{status}\n\nDecision\n--------\n\nd\n",
    "rest": "===========\n{title}\n===========\n\n:Status: {status}\n:Date: {date}\n\nDecision\n--------\n\nd\n",
    "rest sections": "{title}\n==========================\n\nStatus\n------\n\n{status}\n\nDate\n----\n\n{date}\n",
}  # fmt: skip
STATUSES = {
    "accepted": "accepted", "Accepted": "accepted", "ACCEPTED.": "accepted", "**Accepted**": "accepted", "✅ Approved": "accepted",
    "~~proposed~~ accepted": "accepted", "proposed": "proposed", "Draft": "draft", "rejected": "rejected",
    "deprecated": "deprecated", "superseded": "superseded", "Superceded": "superseded",
    "Pending": None, "partly superseded": None, "accepted with conditions": None, "not accepted": None,
    "[proposed | accepted]": None,
}  # fmt: skip


def one(folder: Path, text: str, name: str = "0007-use-one-threshold.md") -> FolderRead:
    (folder / name).write_text(text, encoding="utf-8")
    return read_folder(folder)


def quotable(dialect: str, status: str) -> bool:
    """Whether YAML and a table have a way to write it without more marks."""
    marked, barred = status[0] in "*[~", "|" in status
    return not (marked and ("madr 3" in dialect or "braces" in dialect)) and not (barred and "table" in dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_status_is_read_in_every_dialect(tmp_path: Path, dialect: str) -> None:
    name = f"0007-use-one-threshold.{'rst' if dialect.startswith('rest') else 'md'}"
    for said, status in STATUSES.items():
        if quotable(dialect, said):
            found = one(tmp_path, DIALECTS[dialect].format(title=TITLE, status=said, date="2026-03-01"), name)
            (record,) = found.records
            assert (record.title, record.status, record.dated_on) == (TITLE, status, date(2026, 3, 1)), said
            assert bool(found.doubts) == (status is None), said
            if "madr" in dialect or "braces" in dialect:
                assert record.deciders == ("anna", "ben")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-3-1", date(2026, 3, 1)),
        ("2026/03/01", date(2026, 3, 1)),
        ("March 1, 2026", date(2026, 3, 1)),
        ("1 March 2026", date(2026, 3, 1)),
        ("1st Mar 2026", date(2026, 3, 1)),
        ("2026-03-01T09:00:00Z", date(2026, 3, 1)),
        ("01/03/2026", None),
        ("2026-02-30", None),
        ("2024-023-2706", None),
        ("0001-01-01", None),
        ("soon", None),
    ],
)
def test_a_date_is_read_only_where_nobody_can_doubt_it(tmp_path: Path, written: str, day: date | None) -> None:
    found = one(tmp_path, f"# 7. X\n\nDate: {written}\n\n## Status\n\nAccepted\n")
    assert found.records[0].dated_on == day
    assert bool(found.doubts) == (day is None)


@pytest.mark.parametrize("name", ["20260301-x.md", "2026-03-01-x.md"])
def test_a_name_dates_what_states_no_date(tmp_path: Path, name: str) -> None:
    (record,) = one(tmp_path, "# X\n\n## Decision\n", name).records
    assert (record.dated_on, record.status) == (date(2026, 3, 1), None)


def test_of_several_dated_statuses_the_latest_holds(tmp_path: Path) -> None:
    said = "Proposed 2026-01-01\n\nAccepted on 2026-02-01\n"
    (record,) = one(tmp_path, f"# X\n\n## Status\n\n{said}\n## Decision\n").records
    assert (record.status, record.dated_on) == ("accepted", date(2026, 2, 1))
    found = one(tmp_path, "# X\n\n## Status\n\nProposed\n\nAccepted\n\n## Decision\n")
    assert found.records[0].status is None
    assert "says several things" in found.doubts[0].what


def test_records_refer_to_each_other_by_path_number_and_name(tmp_path: Path) -> None:
    for number in (1, 2, 3, 4, 5):
        (tmp_path / f"000{number}-x{number}.md").write_text(f"# {number}. X\n\n## Status\n\nAccepted\n")
    said = {
        "Superseded by [ADR-0002](0002-x2.md)": ("superseded", ("0002-x2",), ()),
        "Superseded by ADR-0002": ("superseded", ("0002-x2",), ()),
        "superseded by 0002-x2": ("superseded", ("0002-x2",), ()),
        "Superceded by [2. X](./0002-x2.md#why)": ("superseded", ("0002-x2",), ()),
        "Accepted\n\nSupersedes [3. X](0003-x3.md)\n\nAmends [4](0004-x4.md)": ("accepted", (), ("0003-x3",)),
        "accepted; supersedes ADR 3": ("accepted", (), ("0003-x3",)),
        "Superseded by [gone](0099-gone.md)": ("superseded", (), ()),
    }
    for words, (status, by, of) in said.items():
        found = one(tmp_path, f"# 9. X\n\n## Status\n\n{words}\n\n## Decision\n", "0009-x9.md")
        record = next(record for record in found.records if record.id == "0009-x9")
        assert (record.status, record.superseded_by, record.supersedes) == (status, by, of), words
        if of:
            assert any("supersedes 0003-x3, which says 'Accepted'" in each.what for each in found.doubts)
        if "gone" in words:
            assert any("no one record of the folder is that" in each.what for each in found.doubts)


def test_what_is_no_record_says_so(tmp_path: Path) -> None:
    texts = {
        "README.md": "# Decisions\n",
        "adr-template.md": "# {short title}\n\n## Status\n",
        "new.md": "# <!-- title -->\n\n## Decision\n",
        "notes.md": "# Notes\n\nNothing.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    found = read_folder(tmp_path)
    assert found.records == []
    assert {each.place for each in found.others} == texts.keys()
    with pytest.raises(Unreadable, match="is no folder"):
        read_folder(tmp_path / "README.md")


# --- AsciiDoc --------------------------------------------------------------------------------------------


def in_asciidoc(text: str) -> str:
    """A record in Markdown, Nygard's form, as AsciiDoc has it."""
    text = re.sub(r"^#+", lambda found: "=" * len(found[0]), text, flags=re.M)
    text = re.sub(r"\[([^\[\]]*)\]\(([^()]*?)\.md\)", r"link:\2.adoc[\1]", text)
    return re.sub(r"^```.*$", "----", text, flags=re.M)


@pytest.mark.parametrize("log", ["npryce+adr-tools", "alphagov+govuk-aws"])
def test_a_log_in_asciidoc_says_what_it_says_in_markdown(shared_data: Path, tmp_path: Path, log: str) -> None:
    folder = shared_data / "adr" / log
    for path in folder.rglob("*.md"):
        target = (tmp_path / path.relative_to(folder)).with_suffix(".adoc")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(in_asciidoc(path.read_text(encoding="utf-8-sig")), "utf-8")
    one, other = read_folder(folder), read_folder(tmp_path)
    assert len(one.records) > 5
    assert list(map(without_its_file, other.records)) == list(map(without_its_file, one.records))


def without_its_file(record: RecordRead) -> RecordRead:
    """A record without what the form of its file says of it: its name's end, also in links."""
    said = record.status_said.replace(".adoc", ".md") if record.status_said else None
    return replace(record, path="", sha256="", status_said=said)


@pytest.mark.parametrize(
    ("head", "status", "day"),
    [
        ("= 7. Use one\n:status: accepted\n:date: 2026-03-01\n", "accepted", date(2026, 3, 1)),
        ("= 7. Use one\nJo Doe <jo@x.org>\nv1.2, 2026-03-01\n\n== Status\n\nAccepted\n", "accepted", date(2026, 3, 1)),
        ("= ADR-7: Use one =\n\nStatus:: Accepted\nDate:: 2026-03-01\n", "accepted", date(2026, 3, 1)),
        ("= Use one\n\n* Status: proposed\n* Date: 2026-03-01\n", "proposed", date(2026, 3, 1)),
        ("= Use one\n\n|===\n|Status |Rejected\n|Date |2026-03-01\n|===\n", "rejected", date(2026, 3, 1)),
        (
            "= Use one\n\n----\nStatus: rejected\n----\n\n// Date: 2020-01-01\n\n== Status\n\nAccepted\n",
            "accepted",
            None,
        ),
        ("= Use one\n\n////\nStatus: rejected\n////\n\n== Decision\n", None, None),
        ("= Use one\n\n== Status\n\nSuperseded by <<0008-x.adoc#,the next>>\n", "superseded", None),
        ("= Use one\n\n== Status\n\nSuperseded by xref:0008-x.adoc[the next]\n", "superseded", None),
    ],
)
def test_asciidoc_says_its_facts_in_several_ways(
    tmp_path: Path, head: str, status: str | None, day: date | None
) -> None:
    (tmp_path / "0007-use.adoc").write_text(head)
    (tmp_path / "0008-x.adoc").write_text("= 8. X\n\n== Status\n\nAccepted\n")
    found = read_folder(tmp_path)
    record = found.records[0]
    assert (record.title, record.status, record.dated_on, found.doubts) == ("Use one", status, day, [])
    assert record.superseded_by == (("0008-x",) if status == "superseded" else ())


@pytest.mark.parametrize("suffix", [".txt", ".org", ".asc", ".PDF", ".docx"])
def test_what_may_be_a_record_in_another_form_is_named_as_not_read(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"0007-use{suffix}").write_text("x")
    (tmp_path / f"notes{suffix}").write_text("x")
    found = read_folder(tmp_path)
    assert [(each.place, each.what.split(":")[0]) for each in found.others] == [(f"0007-use{suffix}", "not read")]
