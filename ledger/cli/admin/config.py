"""The command `config`: where this folder's ledger is, who asks, and who says so."""

from __future__ import annotations

from collections.abc import Iterator

import click
import msgspec
from click.core import ParameterSource

from ledger.cli.kit.actor import actor_here
from ledger.cli.kit.output import Record, format_option, print_records
from ledger.cli.kit.session import Session
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.secrets import without_secrets

_COLUMNS = ("setting", "value", "from")
#: Settings that have an option and a variable as well.
_TOLD = ("database", "book", "actor")


@click.command()
@format_option
@click.pass_context
def config(ctx: click.Context, form: str) -> None:
    """Show every setting, and where it comes from: an option, a variable, a file, or the default."""
    session: Session = ctx.obj
    print_records(form, _records(ctx.find_root(), session, form), _COLUMNS)


def _records(root: click.Context, session: Session, form: str) -> list[Record]:
    found, file = session.found, session.found.file and str(session.found.file)
    rows: list[Record] = [
        {"setting": "config", "value": file, "from": _told(root, "config") or ("found" if file else "none found")}
    ]
    for name in type(found.config).__struct_fields__:
        told = _told(root, name) if name in _TOLD else None
        value = root.params[name] if told else getattr(found.config, name)
        source = told or (file if name in found.said else "default")
        if name == "actor" and value is None:
            value, source = _asking()
        rows += [{"setting": each, "value": shown, "from": source} for each, shown in _shown(name, value, form)]
    return rows


def _asking() -> tuple[str | None, str]:
    try:
        return actor_here()
    except Unreadable:
        return None, "nobody says"


def _told(root: click.Context, name: str) -> str | None:
    """The option or variable that says it, if one does."""
    match root.get_parameter_source(name):
        case ParameterSource.COMMANDLINE:
            return f"--{name}"
        case ParameterSource.ENVIRONMENT:
            return f"DEBT_{name.upper()}"
        case _:
            return None


def _shown(name: str, value: object, form: str) -> Iterator[tuple[str, object]]:
    """A setting as it is told; a table of settings is told setting by setting."""
    if isinstance(value, msgspec.Struct):
        for each in value.__struct_fields__:
            yield from _shown(f"{name}.{each}", getattr(value, each), form)
    elif name == "database":
        yield name, without_secrets(str(value))
    elif isinstance(value, dict) and form != "json":
        yield name, f"{len(value)} codes" if value else None
    elif isinstance(value, tuple | list) and form != "json":
        yield name, ", ".join(value) or None
    else:
        yield name, value
