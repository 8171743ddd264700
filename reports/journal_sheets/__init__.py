"""The sheets of the workbook of journal-entry tests (`reports.audit_workbook`); they do not import each other."""
