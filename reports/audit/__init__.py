"""The sheets of the workbook of journal-entry tests (`reports.audit.workbook`); they do not import each other."""
