"""Where the home of whoever asks cannot be written, a pack is made without a word of a library about it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.reliability
@pytest.mark.parametrize("module", ["reports.fonts", "reports.charts.render", "reports.system_graph.drawing"])
def test_no_library_speaks_of_a_home_that_cannot_be_written(tmp_path: Path, module: str) -> None:
    """Each module that draws is the first that may ask for it."""
    home = tmp_path / "home"
    home.write_text("a file, so that nothing can be made below it")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "MPL"))}
    ran = subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        env=environment | {"HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == ("", "")
