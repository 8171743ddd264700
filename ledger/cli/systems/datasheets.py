"""Data sheets: seven sections of questions about a system's data, answered by people, in an editor or from a file."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Unpack

import click

from ledger.cli.finance.figures import as_of_option
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.decoding import decoding, encoding_option
from ledger.cli.kit.output import print_lines, say
from ledger.cli.kit.recording import Recording, earlier_shown, print_recorded, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, Read
from ledger.cli.systems.datasheet_tables import answers_text, preview, show, tell_beside
from ledger.cli.systems.documents import documents_of, recording, refuse_as_of
from ledger.services.datasheet import (
    Answers,
    DatasheetComparison,
    answering,
    compare_edited,
    compare_file,
    dataset_name,
    only_dataset,
    record_answers,
    texts,
)
from ledger.services.files import refuse_target, whole_or_not_at_all
from ledger.vocabulary.datasheet_form import write_form
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.outside_files import resolved


@click.command(cls=AskingCommand)
@click.argument("system", metavar="SYSTEM", cls=NeededArgument, type=SYSTEM)
@click.option(
    "--dataset",
    type=Read("name", dataset_name),
    help="Which data; by default the file's, or the only one there is, or the system's key.",
)
@click.option("--edit", is_flag=True, help="Answer the questions in your editor ($VISUAL or $EDITOR).")
@click.option(
    "--import",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Show what a file answers: a form, a dataset card, Croissant metadata. With --yes, record it.",
)
@click.option(
    "--export", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the form with its answers."
)
@encoding_option
@click.option("--yes", is_flag=True, help="Record what --import shows.")
@click.option("--force", is_flag=True, help="With --export: replace a file that is there.")
@as_of_option
@recording_options(tried_out=False)
@click.pass_obj
def datasheet(
    session: Session,
    system: str,
    dataset: str | None,
    edit: bool,
    source: Path | None,
    target: Path | None,
    encoding: str | None,
    yes: bool,
    force: bool,
    as_of: date | None,
    **options: Unpack[Recording],
) -> None:
    """Show how far the data sheet of SYSTEM's data is answered, by whom and when; --format json has every answer.

    An answer is a person's and is never made up: what a file does not say stays open. A later answer replaces an
    earlier one; none can be withdrawn.
    """
    _refuse_mixed(click.get_current_context().params)
    if edit or source is not None:
        refuse_as_of(as_of)
    found = documents_of(session, system, as_of).datasheets
    if source is not None:
        compared = compare_file(source, found, dataset, decoding(encoding))
        _import(session, system, source, compared, yes, options)
    elif edit:
        _edit(session, system, dataset or only_dataset(system, found), found, options)
    elif target is not None:
        name = dataset or only_dataset(system, found)
        _export(session, target, name, texts(found.get(name, {})), force)
    else:
        show(system, found, dataset, (as_of or session.today, session.today), options["form"])


def _refuse_mixed(params: dict[str, object]) -> None:
    """Raise UsageError for options that do not go together."""
    chosen = [
        f"--{name}" for name, key in {"edit": "edit", "import": "source", "export": "target"}.items() if params[key]
    ]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} are two things: one at a time.")
    if params["encoding"] is not None and params["source"] is None:
        raise click.UsageError("--encoding goes with --import FILE: it is of the file.")
    if params["yes"] and params["source"] is None:
        raise click.UsageError("--yes records what --import FILE shows.")
    if params["force"] and params["target"] is None:
        raise click.UsageError("--force goes with --export FILE.")
    about_recording = {name: params[name] for name in ("on", "late", "key", "again", "evidence")}
    if recording(about_recording) and not (params["edit"] or params["source"]):
        raise click.UsageError("--on, --late, --key, --again and --evidence go with --edit or --import.")


# --- the form ---------------------------------------------------------------------------------------


def _export(session: Session, target: Path, dataset: str, answers: dict[str, str], force: bool) -> None:
    place = resolved(target)
    refuse_target(place, session.ledger, force=force)
    with whole_or_not_at_all(place, session.ledger) as file:
        file.write(write_form(dataset, answers).encode())
    print_lines(f"{target}: the data sheet of {dataset}, {answers_text(len(answers))}.")


def _edit(session: Session, system: str, dataset: str, found: Mapping[str, Answers], options: Recording) -> None:
    """Let a person answer; what was typed is kept in a file whenever it cannot be recorded."""
    shown = texts(found.get(dataset, {}))
    form = write_form(dataset, shown).encode()
    folder = Path(tempfile.mkdtemp(prefix="debt-datasheet-"))
    file = folder / "datasheet.md"
    file.write_bytes(form)
    done = False
    try:
        _open_editor(file)
        _record_edited(session, system, dataset, shown, file, options)
        done = True
    finally:
        if done or file.read_bytes() == form:
            file.unlink(missing_ok=True)
            folder.rmdir()
        else:
            again = shlex.join(["debt", "datasheet", system, "--dataset", dataset, "--import", str(file), "--yes"])
            say(f"What you typed is kept in {file}. When it is mended: `{again}`")


def _open_editor(file: Path) -> None:
    try:
        click.edit(filename=str(file))
    except click.ClickException as error:
        raise Refused(
            f"{error.message.rstrip('.')}.", "Set EDITOR to your editor's command, or use --export and --import."
        ) from error


def _record_edited(
    session: Session, system: str, dataset: str, shown: dict[str, str], file: Path, options: Recording
) -> None:
    compared = compare_edited(file, dataset, shown, decoding(None))
    tell_beside(compared)
    if compared.changed:
        _record(session, system, compared, options)
    else:
        say("Nothing changed: nothing was recorded.")


def _record(session: Session, system: str, compared: DatasheetComparison, options: Recording) -> None:
    answers = session.request(answering(system, compared, **when(options)), key=options["key"], again=options["again"])
    with earlier_shown(session.book.currency):
        receipts = record_answers(session.ledger, answers)
    print_recorded(receipts, options["form"], session.book.currency)


# --- importing --------------------------------------------------------------------------------------


def _import(
    session: Session, system: str, source: Path, compared: DatasheetComparison, yes: bool, options: Recording
) -> None:
    if not yes:
        preview(system, source, compared, options["form"])
        return
    tell_beside(compared)
    if compared.changed:
        _record(session, system, compared, options)
    else:
        say(f"Nothing to record: {source} answers nothing that does not stand there already.")
