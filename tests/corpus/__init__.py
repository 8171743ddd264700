"""Frozen ledgers of every schema that ever landed, and the test that they still say what they said."""
