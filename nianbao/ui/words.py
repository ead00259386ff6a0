"""Words of a page on a terminal."""

from __future__ import annotations

from rich.text import Text

from nianbao.ui.errors import one_line

NOT_KNOWN = "(not known 不详)"
"""In place of the name of an organ that its page does not give."""


def clean(value: object) -> Text:
    """Text of a page as Rich may print it: no markup, nothing that a terminal would obey."""
    return Text(one_line(str(value)))
