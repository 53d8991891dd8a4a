"""The archive of editions: immutable bags below a ledger that chains them."""
