"""Journal-entry tests: what an auditor asks of the entries of a book, as pure arithmetic (docs/method.md).

A test points at entries that deserve a question; none of them is proof of anything. Each is a function in `marks`,
named and put into words in `listing`; `examination` runs them all over entries that somebody else reads
(`ledger.queries.audit.entries`).
"""
