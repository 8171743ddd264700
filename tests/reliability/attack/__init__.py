"""A seeded attacker on the ledger: random tampers at random places of a database, and whether any figure lies unnoticed."""
