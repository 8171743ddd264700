"""A Python that imports what every command needs of others, and does nothing."""

from __future__ import annotations

import sys

COMMAND = (sys.executable, "-c", "import click, sqlalchemy, msgspec")
