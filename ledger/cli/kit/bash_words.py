"""Completion in Bash: one word is offered as one word, whatever a shell would split it at.

Bash takes a word apart at spaces and colons. Here it hands over its line up to the cursor as it stands, and what it is offered
begins where it thinks that the word begins.
"""

from __future__ import annotations

import os
import re

from click.shell_completion import BashComplete, CompletionItem, split_arg_string

_SCRIPT = r"""
%(complete_func)s() {
    local words
    words=$(COMP_LINE="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete "$1")
    case "$words" in
        :file*) compopt -o default ;;
        :dir*) compopt -o dirnames ;;
        ?*) mapfile -t COMPREPLY <<< "$words" ;;
    esac
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

#: What stands for itself in a word that is not quoted.
_PLAIN = re.compile(r"[^\w@%+=:,./-]")
_QUOTES = "'\""


class BashWords(BashComplete):
    """What a line may go on with, as Bash has to be told it; a script of an earlier release is answered as it expects."""

    source_template = _SCRIPT

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ.get("COMP_LINE")
        if line is None:
            return super().get_completion_args()
        words = split_arg_string(line)
        incomplete = words.pop() if _last_word(line) and words else ""
        return words[1:], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        line = os.environ.get("COMP_LINE")
        if line is None:
            return super().format_completion(item)
        if item.type != "plain":
            return f":{item.type}"
        typed = _last_word(line)
        if typed[:1] in tuple(_QUOTES):
            return str(item.value)
        value = _PLAIN.sub(lambda letter: f"\\{letter[0]}", item.value)
        # A word that is not quoted begins, to Bash, behind its last colon.
        return value[typed.rfind(":") + 1 :] if ":" in typed else value


def _last_word(line: str) -> str:
    """The word at the end of a line as it is typed, quotation marks and all; nothing behind a space."""
    start, quote, escaped = 0, "", False
    for place, letter in enumerate(line):
        if escaped:
            escaped = False
        elif letter == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in _QUOTES:
            quote = letter
        elif letter.isspace():
            start = place + 1
    return line[start:]
