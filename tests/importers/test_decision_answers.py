"""How people answer a block that the ledger refused: what the refusal proposes is typed, and the next reading is content."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.lines import GATE
from tests.helpers.refusals import one_line
from tests.helpers.teller import ADD_FRAUD, INIT, Teller, copied

pytestmark = pytest.mark.reliability  # long, together

WHOLE = {
    "principal": "1200",
    "interest": "10%",
    "repay-by": "2027Q1",
    "category": "glue-code",
    "because": "launch",
    "benefit": "time",
    "decided-by": "ann",
}
#: What makes the ledger refuse a block: what is left out or put in.
REFUSED: dict[str, dict[str, str | None]] = {
    "decided later, closed": {"on": "2026-02-03"},
    "decided later, open": {"on": "2026-04-20"},
    "no plan": {"repay-by": None},
    "no benefit": {"benefit": None},
    "a cause": {"because": "expedience"},
    "endless": {"category": "missing-tests"},
}
RECORDS = ["0001-one-threshold", "deep/0001-it's one", "0001-c#"]


def write(folder: Path, id_: str, *blocks: dict[str, str | None], more: str = "") -> None:
    said = "".join(
        "  - {" + ", ".join(f'{key}: "{value}"' for key, value in (WHOLE | block).items() if value) + "}\n"
        for block in blocks
    )
    path = folder / f"{id_}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\nstatus: accepted\ndate: 2026-05-10\ndebt:\n{said}---\n# One threshold\n\n{more}\n")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2026Q1 is closed; FRAUD-1 is neglect that somebody observed for another reason."""
    path = tmp_path_factory.mktemp("closed") / "ledger.db"
    teller = Teller(path)
    teller.do(
        INIT, ADD_FRAUD, "observe FRAUD Before --category glue-code --cause untracked --principal 5 --on 2026-01-05"
    )
    teller.do("close 2026Q1")
    return path


@pytest.fixture
def teller(closed: Path, tmp_path: Path) -> Teller:
    return Teller(copied(closed, tmp_path / "ledger.db"))


def read(teller: Teller, folder: Path) -> Any:
    return teller.type(f"import adr {folder} --system FRAUD --format json")


def proposed(reply: Any) -> list[str]:
    return re.findall(r"`debt ((?:observe|adopt|commission) .+?)`", one_line(reply.err))


@pytest.mark.parametrize("id_", RECORDS)
@pytest.mark.parametrize("block", REFUSED.values(), ids=REFUSED)
def test_what_the_refusal_proposes_answers_the_block(
    teller: Teller, tmp_path: Path, block: dict[str, str | None], id_: str
) -> None:
    """As it stands, however the record is called: then nothing is refused, and the log shows the item."""
    folder = tmp_path / "adr"
    write(folder, id_, block)
    reply = read(teller, folder)
    assert [(row["key"], row["place"]) for row in reply.json["refused"]] == [(id_, f"{id_}.md")]
    observe, *adopt = proposed(reply)
    teller.do(observe)
    again = read(teller, folder)
    assert (again.exit_code, again.json["refused"], again.json["recorded"]) == (0, [], {})
    (waits,) = again.json["remarks"]
    (adopt_it,) = re.findall(r"`debt (adopt FRAUD-2 [^`]+)`", waits["what"])
    gate = GATE if "missing-tests" not in observe else f"{GATE} --until 2026-12-31"
    teller.do(adopt[0].replace("ITEM", "FRAUD-2") if adopt else f"adopt FRAUD-2 {gate}")
    assert adopt_it
    last = read(teller, folder).json
    assert (last["refused"], last["remarks"], last["recorded"], last["apart"]) == ([], [], {}, [])
    (decision,) = teller.ask("decisions")
    assert decision["items"] == ["FRAUD-2"]


WAYS = {
    "commission": f"commission FRAUD 'In other words' --category glue-code --principal 5 {GATE} --on 2026-05-10 --adr {{}}",
    "commission, as evidence": (
        f"commission FRAUD 'In other words' --category glue-code --principal 5 {GATE} --on 2026-05-10 --evidence {{}}"
    ),
    "observe": "observe FRAUD 'In other words' --category glue-code --cause expedience --principal 5 --evidence {}",
    "adopt": f"adopt FRAUD-1 {GATE} --on 2026-05-10 --evidence {{}}",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("named", ["FRAUD/0001-x", "FRAUD/0001-x.md"])
def test_every_way_into_the_register_can_say_what_it_answers(
    teller: Teller, tmp_path: Path, way: str, named: str
) -> None:
    """Whatever the item is called; taken back, the block asks again."""
    folder = tmp_path / "adr"
    write(folder, "0001-x", {"repay-by": None})
    assert read(teller, folder).exit_code == 1
    receipt = teller.ask(WAYS[way].format(named))
    answered = read(teller, folder).json
    assert (answered["refused"], answered["items"]) == ([], [])
    teller.do(f"reverse {receipt['position']} --because x")
    assert len(read(teller, folder).json["refused"]) == 1


def test_one_answer_stands_for_one_block_and_the_other_is_taken_on(teller: Teller, tmp_path: Path) -> None:
    folder = tmp_path / "adr"
    late: dict[str, str | None] = {"title": "Late", "on": "2026-02-03"}
    write(folder, "0001-x", {"title": "Good"}, late, {"title": "Later", "on": "2026-02-04"})
    reply = read(teller, folder)
    assert (reply.json["items"], len(reply.json["refused"])) == (["FRAUD-2"], 2)
    teller.do(next(line for line in proposed(reply) if line.startswith("observe FRAUD Later ")))
    (row,) = read(teller, folder).json["refused"]
    assert "observe FRAUD Late " in row["reason"]


@pytest.mark.parametrize(
    "evidence", ["0001-x", "FRAUD/0001", "see FRAUD/0001-x", "FRAUD/0001-x and more", "1", "OTHER/0001-x"]
)
def test_evidence_that_is_no_record_of_the_log_answers_nothing(teller: Teller, tmp_path: Path, evidence: str) -> None:
    """Evidence is anybody's text: it means a record only where all of it is one."""
    folder = tmp_path / "adr"
    write(folder, "0001-x", {"repay-by": None})
    read(teller, folder)
    teller.do(f"observe FRAUD X --category glue-code --cause expedience --principal 5 --evidence '{evidence}'")
    assert len(read(teller, folder).json["refused"]) == 1
    (decision,) = teller.ask("decisions")
    assert decision["items"] == []


@pytest.mark.parametrize("adr", ["0001-x", "0001-x.md", "1", "ADR-1", "FRAUD/0001-x", "OTHER/0001-x"])
@pytest.mark.parametrize("order", [("FRAUD", "OTHER"), ("OTHER", "FRAUD")], ids="-".join)
@pytest.mark.parametrize("logs", [("FRAUD", "OTHER"), ("ELSE", "OTHER")], ids="-".join)
def test_of_two_records_with_one_id_the_log_of_the_system_goes_first(
    teller: Teller, tmp_path: Path, adr: str, order: tuple[str, str], logs: tuple[str, str]
) -> None:
    """And none of two that are as near: not the one that was read first."""
    folder = tmp_path / "adr"
    write(folder, "0001-x")
    names = dict(zip(("FRAUD", "OTHER"), logs, strict=True))
    for log in order:
        teller.do(f"import adr {folder} --system FRAUD --log {names[log]}")
    teller.do(f"commission FRAUD X --category glue-code --principal 5 {GATE} --adr {adr}")
    linked = [view["log"] for view in teller.ask("decisions") if view["items"]]
    if "/" in adr:
        assert linked == [log for log in logs if adr.startswith(f"{log}/")]
    else:
        assert linked == [log for log in logs if log == "FRAUD"]
