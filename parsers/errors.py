"""The few ways in which a file can fail to be a report. Each says what was found and what to do."""

from __future__ import annotations


class ParseError(Exception):
    """Base of everything that `parsers.parse` raises on purpose.

    `reason` is a stable snake_case word for programs, `detail` one sentence for people.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


class NotAReport(ParseError):
    """The bytes were read and are no annual report (a guide, a budget, a website form, a list page)."""


class Unreadable(ParseError):
    """The bytes could not be read at all: empty, binary rubbish, damaged, too large, too slow."""


class TemplateError(ParseError):
    """A file of `config/` is wrong. `detail` names the file and the line."""
