"""Text that a spreadsheet would take for a formula."""

from __future__ import annotations

_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(text: str) -> str:
    """`=HYPERLINK(...)` in a title -> `'=HYPERLINK(...)`: a page may say anything, and Excel would run it.

    Tab and line ends count too: spreadsheets drop them and look at what follows. For text columns only.
    """
    return f"'{text}" if text.startswith(_BEGINS) else text
