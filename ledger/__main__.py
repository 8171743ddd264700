"""`python -m ledger` is `debt`."""

from ledger.cli import main

if __name__ == "__main__":
    main()
