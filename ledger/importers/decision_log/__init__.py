"""The decision log: a folder of architecture decision records, in whatever dialect they are written."""
