"""The package is typed for who uses it: the example of the page on Python passes the strictest check."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "python.md"

pytestmark = pytest.mark.reliability


def _checked(script: Path) -> subprocess.CompletedProcess[str]:
    """What a user's own mypy says: from another folder, without this project's configuration."""
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "--ignore-missing-imports"]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache" / "user")]
    environment = {**os.environ, "PYTHONPATH": ""}
    return subprocess.run(
        [*command, *cache, str(script)], cwd=script.parent, env=environment, capture_output=True, text=True, check=False
    )


def _example() -> str:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(example)


def test_the_example_passes_mypy_strict(tmp_path: Path) -> None:
    script = tmp_path / "month_end.py"
    script.write_text(_example(), encoding="utf-8")
    found = _checked(script)
    assert found.returncode == 0, found.stdout + found.stderr


def test_a_wrong_use_is_found(tmp_path: Path) -> None:
    """So that the check above is one: types reach the user's script, and are no `Any`."""
    script = tmp_path / "wrong.py"
    script.write_text(_example() + "\nbooks.record(42)\nreceipt.hash + 1\n", encoding="utf-8")
    found = _checked(script)
    assert found.returncode == 1
    assert found.stdout.count("[arg-type]") == 1, found.stdout
    assert found.stdout.count("[operator]") == 1, found.stdout
