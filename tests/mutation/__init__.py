"""Mutation testing: the rules are broken one place at a time, and the tests have to notice (`make mutants`)."""
