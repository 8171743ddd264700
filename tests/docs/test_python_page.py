"""The page on Python says what works: its example is run as it stands."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.cli import cli

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
