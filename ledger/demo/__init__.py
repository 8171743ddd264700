"""Worked examples: a story to look at, and synthetic ledgers of any size to measure with."""
