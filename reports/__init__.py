"""The quarterly pack: a workbook, charts and their manifest, made from a `ledger.views.quarter.QuarterView`.

Data flows one way: sheets and charts describe (`reports.sheets`, `reports.charts`), one writer renders
(`reports.xlsx`), `reports.pack.pack` puts the files in place. Nothing here knows the store.
"""
