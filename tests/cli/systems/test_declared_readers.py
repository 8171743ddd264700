"""What is declared of a file, and what is recognised, by every route: typed, kept by a monitor, said, recorded; or refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.helpers.teller import Teller
from tests.helpers.written_tables import BAD_CSV, GOOD, TableDialect, write_table

pytest.importorskip("pyarrow", reason="the extra `ml` is not installed")

MONITOR = "monitor FRAUD amounts --what drift --reference before.csv --threshold 0.1 --alerts no --remediation manual --plan p"
GERMAN = TableDialect("cp1252", ";", "1.234,5")
AMOUNTS = [Decimal(number * 37 % 9000) / 4 for number in range(300)]


def test_what_is_recognised_is_said_and_stands_in_the_record(teller: Teller) -> None:
    """On standard error, by every route; declared, nothing is said, and the declaration is recorded."""
    labels = ["NA", "Käse", "FR"] * 100
    write_table(Path("before.csv"), {"label": labels, "amount": AMOUNTS}, TableDialect())
    write_table(Path("now.csv"), {"label": labels, "amount": AMOUNTS}, GERMAN)
    said = [
        "now.csv is read as Windows-1252.",
        "now.csv is read as parted by semicolons.",
        "now.csv: numbers in 'amount' are read with '.' between thousands and ',' before decimals.",
    ]
    teller.do(MONITOR)
    for line in ("drift FRAUD --reference before.csv --live now.csv", "--monitor amounts now.csv"):
        reply = teller.do(f"measure {line} --format json")
        assert reply.err.splitlines()[:3] == said
        assert (reply.json["verdict"], reply.json["settings"]["recognised"]) == ("kept", said)
    assert [body["data"]["settings"]["recognised"] for body in teller.ask("log --format json")[-2:]] == [said] * 2


def test_a_monitor_keeps_what_is_declared_and_nothing_contradicts_it(teller: Teller) -> None:
    text = "label,amount\n" + "".join(f'NA,"{number % 70},5"\nFR,n.a.\n' for number in range(200))
    Path("before.csv").write_text(text)
    declared = "--null-values n.a.,- --decimal , --thousands ."
    teller.do(f"{MONITOR} {declared}")
    (kept,) = teller.ask("monitor FRAUD --format json")
    wanted = {"null-values": ["n.a.", "-"], "decimal": [","], "thousands": ["."]}
    assert {name: kept["settings"][name] for name in wanted} == wanted
    reply = teller.do("measure --monitor amounts before.csv --format json")
    assert (reply.err, {name: reply.json["settings"][name] for name in wanted}) == ("", wanted)
    same = "measure drift FRAUD --monitor amounts --live before.csv"
    assert teller.type(f"{same} --null-values - --null-values n.a.").exit_code == 0
    for other in ("--null-values n.a.", "--decimal .", "--encoding cp1252"):
        refused = teller.type(f"{same} {other}")
        assert (refused.exit_code, "contradicts the monitor 'amounts'" in refused.err) == (1, True)


@pytest.mark.parametrize("wrong", BAD_CSV)
def test_nothing_is_recorded_of_a_bad_file(wrong: str, teller: Teller) -> None:
    """By hand and by a monitor, asked to record what follows."""
    Path("before.csv").write_bytes(GOOD)
    Path("now.csv").write_bytes(BAD_CSV[wrong][0])
    teller.do(f"{MONITOR} --feature amount")
    before = teller.counts
    for line in ("drift FRAUD --reference before.csv --live now.csv --feature amount", "--monitor amounts now.csv"):
        reply = teller.type(f"measure {line} --record --fail-on breach")
        assert (reply.exit_code, reply.out, teller.counts) == (2, "", before)
        assert "Nothing was recorded." in " ".join(reply.err.split())


def test_decisions_of_a_spreadsheet_are_read_as_it_saved_them(teller: Teller) -> None:
    teller.do("observe FRAUD 'Nobody watches it' --category untracked-input --cause untracked --principal 100")
    rows = "item;decided_by;because;benefit;repay_by\nFRAUD-1;Käthe;Frist für Weihnachten;Zeit;2027Q1\n\n"
    Path("d.csv").write_bytes(f"sep=;\n{rows}".encode("utf-16"))
    reply = teller.do("adopt --file d.csv --encoding utf-16")
    assert "1 adopted" in reply.out
    assert "is read as UTF-16" not in reply.err
    (adopted,) = [body for body in teller.ask("log --format json") if body["stored_as"].startswith("neglect-adopted")]
    assert adopted["data"]["decided_by"] == "Käthe"
    assert "1 already there" in teller.do("adopt --file d.csv").out
    refused = teller.type("adopt FRAUD-1 --decided-by a --because b --benefit c --repay-by 2027Q1 --encoding utf-8")
    assert (refused.exit_code, "--encoding goes with --file" in refused.err) == (2, True)
