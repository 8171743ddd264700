"""Verify the hash chain of a ledger without its software: python verify_chain.py ledger.db"""

import hashlib
import sqlite3
import sys

connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for book, *head in connection.execute("SELECT book, position, hash FROM head ORDER BY book").fetchall():
    position, link = 0, bytes(32)
    events = connection.execute("SELECT position, body, hash FROM event WHERE book = ? ORDER BY position", (book,))
    for found, body, stored in events:
        position += 1
        link = hashlib.sha256(b"debt-ledger/1\n" + link + hashlib.sha256(body.encode()).digest()).digest()
        if (found, stored) != (position, link.hex()):
            sys.exit(f"{book}: broken at position {position}")
    if head != [position, link.hex()]:
        sys.exit(f"{book}: the head is not the last event, {position}")
    sys.stdout.write(f"{book}: {position} events, head {link.hex()}\n")
