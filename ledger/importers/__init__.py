"""Importers: what other tools, people and spreadsheets hold, read from their files.

A file is read once and whole before anything is recorded: one that cannot be read records nothing. A row that cannot
is reported with its place while the rest is recorded; a strict import records nothing then. `kinds` lists what
`debt import` reads.
"""
