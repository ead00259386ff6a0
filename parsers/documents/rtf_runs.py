"""Runs of an RTF file that Word hides, strikes out or raises: striprtf knows nothing of that, so they are marked before it
takes the file apart (`shown.py` says how)."""

from __future__ import annotations

import re

from parsers.documents.shown import STRIKE, raised

_RUN = re.compile(
    r"""\{ (?P<words> (?> (?: \\[a-z]+ -?\d* [ ]? [\r\n]* )+ ) )
        (?P<text> (?> (?: [^{}\\] | \\'[0-9a-f]{2} | \\u-?\d{1,5}[ ]?\?? )+ ) ) \}""",
    re.VERBOSE | re.IGNORECASE,
)
"""A group with control words and a text, and no group in it."""
_TELLING = re.compile(r"\\(?:strike(?:d1)?|v|super)(?![a-z0-9])")


def marked(source: str) -> str:
    """The source with such runs as a reader of the page sees them."""
    return _RUN.sub(_shown, source) if _TELLING.search(source) else source


def _shown(run: re.Match[str]) -> str:
    words, text = run["words"], run["text"]
    told = {word[0].removeprefix("\\") for word in _TELLING.finditer(words)}
    if "v" in told:
        return f"{{{words}}}"
    if told & {"strike", "striked1"}:
        return f"{{{words}{STRIKE}{text}{STRIKE}}}"
    if "super" in told and (high := raised(text)) != text:
        return "".join(f"{{\\uc0\\u{ord(character)} }}" for character in high.strip())
    return run[0]
