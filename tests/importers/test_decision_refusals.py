"""What a refusal of a block proposes can be typed, whatever the block lacks."""

from __future__ import annotations

import re
import shlex
from itertools import combinations

import pytest

from ledger.decide.term import GATE
from tests.helpers.teller import ADD_FRAUD, INIT, Teller

SAID = {"decided-by": "ann", "because": "x", "benefit": "y", "repay-by": "2027Q1", "category": "glue-code"}
LACKING = [names for size in range(1, len(SAID) + 1) for names in combinations(SAID, size)]


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> tuple[Teller, dict[str, str]]:
    """Blocks that lack something, by what they lack, each refused; and of each also with a category that there is not."""
    folder = tmp_path_factory.mktemp("adr")
    teller = Teller(folder / "ledger.db")
    teller.do(INIT, ADD_FRAUD)
    (folder / "log").mkdir()
    for lacking in LACKING:
        said = {name: value for name, value in SAID.items() if name not in lacking}
        for suffix, more in (("", {}), ("-odd", {"category": "no-such"})):
            block = ", ".join(f"{name}: {value}" for name, value in ({"principal": "5"} | said | more).items())
            name = f"{'-'.join(lacking)}{suffix}"
            text = f"---\nstatus: accepted\ndate: 2026-02-03\ndebt: {{{block}}}\n---\n# {name}\n"
            (folder / "log" / f"0001-{name}.md").write_text(text)
    found = teller.type(f"import adr {folder / 'log'} --system FRAUD --dry-run --format json").json["refused"]
    return teller, {row["key"].removeprefix("0001-"): row["reason"] for row in found}


@pytest.mark.parametrize("lacking", LACKING, ids="-".join)
def test_all_that_a_block_lacks_is_named(refusals: tuple[Teller, dict[str, str]], lacking: tuple[str, ...]) -> None:
    said = refusals[1]["-".join(lacking)]
    missing = re.search(r"((?:--[\w-]+(?:, | and )?)+) (?:is|are) missing", said)
    assert missing is not None, said
    assert set(re.findall(r"--([\w-]+)", missing[1])) == set(lacking)


@pytest.mark.parametrize("odd", ["", "-odd"])
@pytest.mark.parametrize("lacking", LACKING, ids="-".join)
def test_what_is_proposed_can_be_typed(
    refusals: tuple[Teller, dict[str, str]], lacking: tuple[str, ...], odd: str
) -> None:
    """The category is to be filled in where there is none, and then the refusal says so."""
    teller, said = refusals[0], refusals[1]["-".join(lacking) + odd]
    if not {field.replace("_", "-") for field in GATE} & set(lacking):
        assert "`debt categories`" in said
        return
    command = re.search(r"`debt (observe [^`]*)`", said)
    assert command is not None, said
    filled_in = "CATEGORY" in shlex.split(command[1])
    assert filled_in is bool(odd or "category" in lacking)
    assert ("CATEGORY is one of those that `debt categories` lists" in said) is filled_in
    reply = teller.type(command[1].replace("CATEGORY", "glue-code"))
    assert reply.exit_code == 0, reply.err
