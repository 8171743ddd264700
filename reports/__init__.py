"""The quarterly pack: a workbook, charts and their manifest, made from a `ledger.views.quarter.QuarterView`.

Data flows one way: sheets and charts describe (`reports.sheets`, `reports.charts`), one writer renders
(`reports.xlsx`), `reports.pack.pack` puts the files in place. Nothing here knows the store.
"""

from __future__ import annotations

import logging

# Where it keeps its cache, and that it cannot, is no matter of whoever asks for a pack.
logging.getLogger("matplotlib").setLevel(logging.ERROR)
