"""Drift as Evidently judges it, by its own choice of test and threshold, of every pair of files in a folder; prints JSON.

Runs in an environment of its own, which `tests.bench.beside_evidently` makes: it imports nothing of ours.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any


def judged(reference: Path, live: Path) -> dict[str, dict[str, Any]]:
    """Of each column the method, its value, its threshold, and whether it drifted: p below, or a distance at, the threshold."""
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    report = Report([DataDriftPreset()]).run(pd.read_csv(live), pd.read_csv(reference))
    found = {}
    for metric in report.dict()["metrics"]:
        config = metric["config"]
        if "column" in config:
            value, threshold, method = float(metric["value"]), float(config["threshold"]), config["method"]
            drifted = value < threshold if method.endswith("p_value") else value >= threshold
            found[config["column"]] = {"method": method, "value": value, "threshold": threshold, "drifted": drifted}
    return found


def main() -> None:
    """The folder is the only argument; each of its folders holds reference.csv and live.csv."""
    warnings.simplefilter("ignore")
    pairs = sorted(Path(sys.argv[1]).iterdir())
    told = {pair.name: judged(pair / "reference.csv", pair / "live.csv") for pair in pairs}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
