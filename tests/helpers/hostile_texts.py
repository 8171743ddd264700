"""Texts that a person can type and that break programs."""

from __future__ import annotations

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "#N/A",
    "bell \x07 and escape \x1b",
    "half \ud83d of a pair",
    "tab\tand\nline",
    "<b>&amp;</b> \"quoted\" 'single'",
    "Grüße, 日本語, \U0001f600, عربي",
    "long " + "x" * 40_000,
    "=" + "1+" * 20_000 + "1",
    "<r><t>other text</t></r>",
    "<r></b></r>",
    "$x^2$ _under_ {brace}",
)
