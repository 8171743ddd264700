"""The session: what every command works with: configuration, ledger, book, actor, today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.kit.actor import actor_here
from ledger.cli.kit.configuration import ConfigFound
from ledger.cli.kit.edge import Edge
from ledger.vocabulary.quantities import Interest, Quantity

if TYPE_CHECKING:
    from ledger.decide.command import Command
    from ledger.decide.request import Request
    from ledger.decide.state import Book
    from ledger.queries.reader import Reader
    from ledger.services.open_ledger import Address, Ledger, OpenedLedger
    from ledger.services.requester import Requester


class Session:
    """Opened by the command line's options; the database is touched only when a command asks for it."""

    def __init__(
        self, edge: Edge, found: ConfigFound, *, database: str | None, book: str | None, actor: str | None
    ) -> None:
        """database, book, actor: as told on the command line or in the environment, before the configuration."""
        self.edge = edge
        self.found = found
        self.config = config = found.config
        self.database = database or config.database
        self.wanted_book = book or config.book
        self._actor = actor or config.actor
        #: The position of the event that opened a book, if this command did.
        self.opened_at: int | None = None
        #: Whether what is asked for is only to be tried out (`--dry-run`).
        self.trying = False

    @cached_property
    def actor(self) -> str:
        """Who is asking: a claim, kept with every event. Raises Unreadable where nobody says."""
        return self._actor or actor_here()[0]

    def prefer_book(self, name: str) -> None:
        """Use a book that a file names, unless the command line or the configuration chose one."""
        if self.wanted_book is None:
            self.wanted_book = name

    @property
    def address(self) -> Address:
        """Where the database is, whatever it holds."""
        # Imported only here, and with it the library of databases: help, versions and completion wait for neither.
        from ledger.services.open_ledger import Address

        return Address(self.database, self.config.busy_seconds)

    @cached_property
    def opened(self) -> OpenedLedger:
        """The chosen book. Raises StoreError if there is none."""
        # As in `address`.
        from ledger.services.open_ledger import open_book

        edge = self.edge
        return open_book(
            self.address,
            asking=lambda: self.actor,
            book=self.wanted_book,
            clock=edge.clock,
            new_id=edge.new_id,
            trying=self.trying,
        )

    @property
    def ledger(self) -> Ledger:
        """The ledger of the chosen book. Raises StoreError if there is none."""
        return self.opened.ledger

    @property
    def recorded(self) -> int | None:
        """The last position that this command recorded; None while it has recorded nothing."""
        opened: OpenedLedger | None = self.__dict__.get("opened")
        return (opened.ledger.recorded if opened else None) or self.opened_at

    @property
    def book(self) -> Book:
        """What the book fixed when it was opened."""
        return self.opened.settings

    @cached_property
    def today(self) -> date:
        """The date now in the book's time zone: the same one for all that a command does."""
        return self.opened.today

    @property
    def packs(self) -> Path:
        """The folder for packs."""
        return Path(self.config.packs)

    @contextmanager
    def reader(self, known_at: str | None = None) -> Iterator[Reader]:
        """Read the book as known at a time, or now."""
        with self.opened.reader(known_at) as reader:
            yield reader

    @property
    def requester(self) -> Requester:
        """Who asks, today."""
        return self.opened.requester

    def request(self, command: Command, *, key: str | None = None, again: bool = False) -> Request:
        """The command, as asked for by this actor today. Raises Refused for a key or a name that is too long."""
        return self.requester.request(command, key=key, again=again)

    def quantity(self, text: str | None) -> Quantity | None:
        """An amount or effort as typed, None where nothing was. Raises Unreadable."""
        return None if text is None else Quantity.parse(text, self.book.currency)

    def interest(self, text: str | None) -> Interest | None:
        """An interest as typed, None where nothing was. Raises Unreadable."""
        return None if text is None else Interest.parse(text, self.book.currency)
