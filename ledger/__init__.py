"""Debt Ledger: an event-sourced ledger of technical debt for machine-learning systems.

Read the package in the direction in which data flows: `commands` (what somebody asks for) go through
`decide` (every rule) and become `events` (what happened); `postings` gives events their meaning in
money; `store` keeps them; `queries` answers questions; `cli` is the edge where clock, actor and
identifiers enter.
"""

__version__ = "0.1.0"
