"""What several tests stand on: ledgers, forms, entries to try things on."""
