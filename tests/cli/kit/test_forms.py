"""Every command that prints records does so in the form that is asked for, by option or by DEBT_FORMAT."""

from __future__ import annotations

import json

import click
import pytest

from ledger.cli.kit.output import FORMS, FormOption
from tests.helpers.command_tree import leaves
from tests.helpers.lines import COMMISSION
from tests.helpers.teller import Teller

#: Commands that print no records, and what they print.
NO_RECORDS = {
    ("adr",): "a decision record, which is Markdown",
    ("prove",): "a proof, whose form is fixed elsewhere",
    ("bundle",): "where a file was written",
    ("export",): "what its KIND says",
    ("db", "roles"): "statements in SQL",
    ("db", "upgrade"): "what it did, in a sentence",
    ("help",): "help",
    ("git", "hook", "install"): "where a file was written",
    ("git", "hook", "uninstall"): "which file was removed",
    ("git", "hook", "check"): "what git shows to who commits",
    ("demo",): "what to look at",
}


def form_of(command: click.Command) -> FormOption | None:
    return next((each for each in command.params if isinstance(each, FormOption)), None)


def test_every_command_has_a_form_or_a_reason() -> None:
    assert {path for path, command in leaves() if form_of(command) is None} == set(NO_RECORDS)
    assert not [
        path
        for path, command in leaves()
        for each in command.params
        if "--format" in each.opts and each is not form_of(command)
    ]


@pytest.mark.parametrize(
    ("path", "command"), list(leaves()), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_the_variable_says_it_for_every_command_that_has_that_form(
    path: tuple[str, ...], command: click.Command
) -> None:
    """A form that a command has not leaves it at its own; the option goes before the variable; nonsense is told."""
    option = form_of(command)
    if option is None:
        return
    assert isinstance(option.type, click.Choice)
    assert set(option.type.choices) <= set(FORMS)
    for form in FORMS:
        context = click.Context(command, info_name=path[-1])
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DEBT_FORMAT", form)
            said = option.consume_value(context, {})[0]
            assert option.type_cast_value(context, said) == (form if form in option.type.choices else option.default)
            assert option.consume_value(context, {"form": "json"})[0] == "json"


def test_what_is_printed_follows_the_variable(teller: Teller) -> None:
    assert json.loads(teller.type("list", env={"DEBT_FORMAT": "json"}).out) == []
    receipt = teller.type(COMMISSION, env={"DEBT_FORMAT": "json"})
    assert receipt.json["item"] == "FRAUD-1"
    assert teller.type("list --format csv", env={"DEBT_FORMAT": "json"}).csv[0]["item"] == "FRAUD-1"
    assert teller.type("system graph", env={"DEBT_FORMAT": "csv"}).exit_code == 0


def test_a_variable_that_names_no_form_is_told(teller: Teller) -> None:
    reply = teller.type("list", env={"DEBT_FORMAT": "xml"})
    assert reply.exit_code == 2
    assert "'xml' is not one of 'table', 'json', 'csv'" in reply.err
