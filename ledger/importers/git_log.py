"""Git's log: the commits that say something about debt, as git itself tells them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.vocabulary.errors import NOTHING_RECORDED, Refused, Unreadable
from ledger.vocabulary.text import clean_text

#: What git is asked to tell of each commit; with -z each field ends with NUL, which no message holds.
_FIELDS = ("%H", "%an", "%ae", "%aN", "%aE", "%aI", "%(trailers:only,unfold)", "%B")
#: Lines that may be trailers of ours; git compares words and capitals as it does of trailers.
_OURS = r"^[[:space:]]*Debt-(Repays|Closes|Interest)[[:space:]]*:"
#: Seconds that git may take for a repository of any size.
_PATIENCE = 600


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit. email: of its author, as it has it; mapped: the address that the mailmap gives him, or his name if he has none.

    authored_at: when its author wrote it, RFC 3339 with his own offset; rebase, amend and cherry-pick keep it. trailers: its
    last paragraph, if that is one of trailers, a line each. body: the whole message.
    """

    sha: str
    email: str
    mapped: str
    authored_at: str
    trailers: str
    body: str


class Repository:
    """A working copy, or a bare repository, as git sees it from a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises Refused where there is no git, or no repository."""
        self.folder = folder
        self.name = Path(self._line("rev-parse", "--path-format=absolute", "--git-common-dir")).parent.name

    def default_branch(self) -> str:
        """The branch that counts: the remote's, else the one that new repositories get, else main or master.

        Raises Refused where none of them is there.
        """
        remote = self._try("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
        configured = self._try("config", "--get", "init.defaultBranch")
        for name in filter(None, (remote, configured, "main", "master")):
            if self._try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"):
                return name
        raise Refused(
            "Nobody says which branch counts: there is neither origin's, nor main, nor master.",
            "`debt git scan --branch NAME` takes another.",
        )

    def known(self, revision: str) -> None:
        """Refuse a branch or range that git does not know."""
        if self._try("rev-list", "--max-count=1", "--end-of-options", revision, "--") is None:
            raise Unreadable(
                f"Git knows no '{clean_text(revision)}' here. `git log` shows what there is. {NOTHING_RECORDED}"
            )

    def commits(self, revision: str) -> Iterator[Commit]:
        """The commits of a branch or range that may say something of ours, the earliest first."""
        fields = self._run(
            *("-c", "i18n.logOutputEncoding=UTF-8", "log", "-z", "--reverse", "--topo-order", "--no-show-signature"),
            *(f"--format={'%x00'.join(_FIELDS)}", "--extended-regexp", "--regexp-ignore-case", f"--grep={_OURS}"),
            *("--end-of-options", revision, "--"),
        ).decode(errors="replace")
        parts = fields.split("\0")
        for start in range(0, len(parts) - len(_FIELDS) + 1, len(_FIELDS)):
            sha, _, email, name, address, authored_at, trailers, body = parts[start : start + len(_FIELDS)]
            yield Commit(sha, clean_text(email), clean_text(address or name), authored_at, trailers, body)

    def holds(self, branch: str, sha: str) -> bool:
        """Whether a commit is on a branch."""
        return self._try("merge-base", "--is-ancestor", sha, branch) is not None

    def hooks(self) -> Path:
        """The folder in which git looks for hooks here, whoever configured it."""
        return self.folder / self._line("rev-parse", "--git-path", "hooks")

    def setting(self, name: str) -> bool:
        """Whether a setting of git is on here."""
        return self._try("config", "--type=bool", "--get", name) == "true"

    def _line(self, *words: str) -> str:
        return self._run(*words).decode(errors="surrogateescape").strip()

    def _try(self, *words: str) -> str | None:
        """What git says, None where it refuses."""
        done = self._call(words)
        return None if done.returncode else done.stdout.decode(errors="surrogateescape").strip()

    def _run(self, *words: str) -> bytes:
        done = self._call(words)
        if done.returncode:
            said = clean_text(done.stderr.decode(errors="replace")).removeprefix("fatal: ")
            raise Refused(f"Git refuses: {said or 'without a word'}.", "`git status` there says more.")
        return done.stdout

    def _call(self, words: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603 - words of ours; what people said comes behind --end-of-options
                ["git", "-C", str(self.folder), *words],  # noqa: S607 - whichever git the user has
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except FileNotFoundError:
            raise Refused("Git is not installed here.", "`git --version` says whether it is.") from None
        except subprocess.TimeoutExpired:
            raise Refused(
                f"Git took more than {_PATIENCE} seconds.", "Scan a part: `debt git scan OLD..NEW`."
            ) from None
