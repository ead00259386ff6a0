"""Values of options: years, days, addresses. A wrong one is a wrong argument (exit code 2)."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="What was done as one JSON document.")]
FIRST_YEAR = 2003
"""No annual report is older: Guangzhou's and Shanghai's own rules came before the national ones of 2007."""
CENTURIES = (1900, 2100)
"""A question about 1999 is answered with nothing; one about the year 20 is a typing error."""


def years(text: str) -> range:
    """`"2019-2021" -> range(2019, 2022)`, `"2020" -> range(2020, 2021)`: years to ask the archive about."""
    match = re.fullmatch(r"\s*(\d{4})(?:\s*[-–—~至]\s*(\d{4}))?\s*", text)
    if match is None:
        raise typer.BadParameter(f"{text!r}: say a year such as 2020, or a range such as 2019-2021")
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last:
        raise typer.BadParameter(f"{text!r}: the first year stands first, {last}-{first}")
    _within(text, first, last, *CENTURIES)
    return range(first, last + 1)


def report_years(text: str) -> range:
    """As `years`, and there may be a report about each: years to fetch."""
    found = years(text)
    _within(text, found[0], found[-1], FIRST_YEAR, date.today().year + 1)
    return found


def _within(text: str, first: int, last: int, least: int, most: int) -> None:
    if first < least or last > most:
        raise typer.BadParameter(f"{text!r}: years from {least} to {most}")


def day(text: str) -> date:
    """`"2021-01-22"` -> that day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day such as 2021-01-22") from None


def address(text: str) -> str:
    """An http or https address, as it is."""
    if not re.match(r"https?://[^\s/]", text, re.IGNORECASE):
        raise typer.BadParameter(f"{text!r} is no address such as http://www.example.gov.cn/")
    return text
