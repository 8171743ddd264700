"""The form in which finance plans: the Excel table of the sheet Budget, by the words that its file says.

The sheet writes it, and `debt budget import` finds it again by these names, wherever it was moved.
"""

from __future__ import annotations

TABLE = "tblBudget"

QUARTER, TEAM = "Quarter", "Team"
BUDGET, FORECAST, NOTE = "Budget", "Forecast", "Note"
#: The values that the ledger held when the sheet was written; what was entered is compared with them.
BUDGET_EXPORTED, FORECAST_EXPORTED = "Budget as exported", "Forecast as exported"

#: The sheet that says where the workbook comes from: a label in column A, its value in column B.
ABOUT = "About"
ABOUT_BOOK, ABOUT_POSITION, ABOUT_HASH = "Book", "Position of the last event known", "Hash of that event"
