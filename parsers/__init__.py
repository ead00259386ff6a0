"""Pure: bytes in, report out. Nothing here knows where bytes come from or where reports go.

from parsers import Source, parse
report = parse(Source(content=bytes_of_a_page))       # raises NotAReport or Unreadable
"""

from typing import TYPE_CHECKING

from parsers.errors import NotAReport, ParseError, TemplateError, Unreadable
from parsers.report import Report
from parsers.source import Attachment, PortalContext, Source

if TYPE_CHECKING:
    from parsers.build import parse

__all__ = [
    "Attachment",
    "NotAReport",
    "ParseError",
    "PortalContext",
    "Report",
    "Source",
    "TemplateError",
    "Unreadable",
    "parse",
]


def __getattr__(name: str) -> object:
    """`parse` brings every reader with it: it is loaded when it is first asked for, not with every error class."""
    if name == "parse":
        from parsers.build import parse

        return parse
    raise AttributeError(f"module 'parsers' has no attribute {name!r}")
