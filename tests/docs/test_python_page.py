"""The page on Python says what works: its example is run as it stands."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ledger import open_ledger
from ledger.cli import cli
from ledger.decide.observe import Observe
from ledger.services.init import BookWanted, init
from ledger.services.open_ledger import Address
from ledger.vocabulary.errors import Unreadable

PAGE = Path(__file__).parents[2] / "docs" / "python.md"

pytest.importorskip("scipy", reason="the extra `ml` is not installed")


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DEBT_")]:
        monkeypatch.delenv(name)
    for line in ("init --book main --currency EUR", "system add FRAUD Fraud --team red"):
        assert CliRunner().invoke(cli, ["--database", "sqlite:///ledger.db", *line.split()]).exit_code == 0
    rows = [f"{int(number < 420)},{int(number < 300)}" for number in range(1000)]
    Path("predictions.csv").write_text("\n".join(["pred,obs", *rows]) + "\n", encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(example, str(PAGE), "exec"), {})
    measured, proposed, refused, delta, monitors = capsys.readouterr().out.splitlines()
    assert measured.startswith("broken 0.1200 4 ")
    assert proposed.startswith("debt observe FRAUD ")
    assert "no-such-category" in refused
    assert delta == "0"
    assert "bias" in monitors
    listed = CliRunner().invoke(cli, ["--database", "sqlite:///ledger.db", "log", "--format", "json"])
    assert '"actor": "ada@example.org"' in listed.stdout


def test_a_field_of_another_type_is_refused_and_named(tmp_path: Path) -> None:
    """Not when its amount is reckoned with, and not as a fault of the database."""
    address = Address(f"sqlite:///{tmp_path}/ledger.db")
    init(address, BookWanted("main", "EUR"), actor="ada")
    books = open_ledger(address.url, actor="ada")
    wrong: Any = 100000
    with pytest.raises(Unreadable, match=r"Observe is not what it should be: .*`\$\.principal`"):
        books.record(Observe(system="FRAUD", title="Old", category="staleness", cause="untracked", principal=wrong))
    with books.reader() as reader:
        assert reader.position == 1
