"""`python -m ledger` is `debt`."""

from debt_ledger import main

if __name__ == "__main__":
    main()
