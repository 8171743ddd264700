"""The deck for the quarterly meeting: a module per page, `draw` gives its `Drawing`. The figures are those of the workbook."""
