"""An independent reference model of the ledger, and the tests that hold the two against each other.

Nothing here except the agreement harness imports the product: the model is a second reading of the
same contract, written for obvious correctness and not for speed.
"""
