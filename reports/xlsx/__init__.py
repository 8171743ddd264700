"""Descriptions of sheets in, bytes of an .xlsx file out."""
