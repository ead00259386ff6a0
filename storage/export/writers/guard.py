"""Text that a spreadsheet would take for a formula."""

from __future__ import annotations

import re

_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?", re.ASCII)
"""A change of −71 as its page writes it, `-71`, is nothing that runs."""


def guarded(text: str) -> str:
    """`=HYPERLINK(...)` in a title -> `'=HYPERLINK(...)`: a page may say anything, and Excel would run it.

    Tab and line ends count too: spreadsheets drop them and look at what follows. For text columns only.
    """
    return f"'{text}" if text.startswith(_BEGINS) and not _NUMBER.fullmatch(text) else text
