"""Every figure of a workbook computed three ways: the independent model, Python's cached values, other evaluators.

Random ledgers are played through the command line, and packs are made of them on the way. The model of
`tests.model` shares no code with the product; `expected` says in its words what each cell must hold.
"""
