"""Who reads whose output, drawn."""
