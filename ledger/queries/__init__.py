"""Queries: questions that read models answer, as of a day and as known at a position."""
