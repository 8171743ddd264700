"""`debt git`: what commits say about debt."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.cli.data.rows_report import tell_rows
from ledger.cli.kit.groups import CommandGroup
from ledger.cli.kit.output import format_option, print_lines, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import TEXT
from ledger.services.git_hook import check_message, examples
from ledger.services.git_hook import install as install_hook
from ledger.services.git_hook import uninstall as uninstall_hook
from ledger.services.git_scan import GitScan
from ledger.services.git_scan import scan as scan_commits
from ledger.vocabulary.counted import counted
from ledger.vocabulary.errors import LedgerError, Refused


class MessageRefused(LedgerError):
    """A message is to be mended before it is committed; its exit code is what the hook looks for."""

    exit_code = Refused.exit_code


@click.group("git", cls=CommandGroup)
def git() -> None:
    """What commits say about debt: 'Debt-Repays: FRAUD-12 3d' among the trailers of a message."""


_repo_option = click.option(
    "--repo",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The folder of the repository; this one by default.",
)


@git.command("scan")
@click.argument("revisions", metavar="[RANGE]", required=False, type=TEXT)
@click.option("--branch", type=TEXT, help="The branch that counts; origin's default, else main or master.")
@_repo_option
@click.option("--strict", is_flag=True, help="Record nothing if one trailer cannot be recorded.")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded.")
@format_option
@click.pass_obj
def scan(
    session: Session,
    revisions: str | None,
    branch: str | None,
    repo: Path,
    strict: bool,
    dry_run: bool,
    form: str,
) -> None:
    """Record what the commits of a branch, or of RANGE (v1..v2) on it, say in their trailers. Each counts once.

    \b
    Debt-Repays: FRAUD-12 3d     work that lowered the principal, by the author, on the author's day
    Debt-Closes: FRAUD-12        all that was left is repaid; what it took is not known
    Debt-Interest: FRAUD-12 2h   what carrying it really cost that day
    """
    wanted = GitScan(repo, branch=branch, revisions=revisions)
    with progress("scanning") as tell:
        report = scan_commits(session.ledger, wanted, session.requester, dry_run=dry_run, strict=strict, progress=tell)
    tell_rows(
        report.rows,
        form,
        session.book.currency,
        kind="git",
        what="trailer",
        source=f"{report.branch}: ",
        remark="",
        all_in="--format csv lists them all.",
        then="What is recorded by hand with a commit as --evidence is not asked about again.",
    )


@git.group("hook", cls=CommandGroup)
def hook() -> None:
    """The commit-msg hook: what a message says about debt is checked before it is a commit."""


@hook.command("install")
@click.option("--force", is_flag=True, help="Replace a hook that is there and not ours.")
@_repo_option
def install(repo: Path, force: bool) -> None:
    """Write the hook, which suggests and never blocks; with `git config debt.enforce true` it blocks."""
    print_lines(
        f"{install_hook(repo, force=force)} checks every message from here on. It suggests, and blocks nothing;"
    )
    print_lines("`git config debt.enforce true` makes it refuse what cannot be read. A trailer is written like", "")
    print_lines(*(f"  {example}" for example in examples()))


@hook.command("uninstall")
@_repo_option
def uninstall(repo: Path) -> None:
    """Remove the hook that `install` wrote."""
    print_lines(f"{uninstall_hook(repo)} is removed.")


@hook.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--enforce", is_flag=True, help="Refuse a message with a mistake, whatever git's settings say.")
@_repo_option
def check(file: Path, repo: Path, enforce: bool) -> None:
    """Check the message in FILE, as the hook does. No ledger is needed."""
    found = check_message(file, repo)
    say(*(f"debt: {line}" for line in found.wrong))
    if found.wrong and (enforce or found.enforced):
        raise MessageRefused(f"The message has {counted(len(found.wrong), 'mistake')}: there is no commit.")
