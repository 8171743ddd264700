"""Workbooks that came back by mail: where they come from, and what in them differs from the ledger."""
