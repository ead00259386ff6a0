"""Values of options: years, days, addresses. A wrong one is a wrong argument (exit code 2)."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="What was done as one JSON document.")]
FIRST_YEAR = 2003
"""No annual report is older: Guangzhou's and Shanghai's own rules came before the national ones of 2007."""


def years(text: str) -> range:
    """`"2019-2021" -> range(2019, 2022)`, `"2020" -> range(2020, 2021)`."""
    match = re.fullmatch(r"\s*(\d{4})(?:\s*[-–—~至]\s*(\d{4}))?\s*", text)
    if match is None:
        raise typer.BadParameter(f"{text!r}: say a year such as 2020, or a range such as 2019-2021")
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last:
        raise typer.BadParameter(f"{text!r}: the first year stands first, {last}-{first}")
    if first < FIRST_YEAR or last > date.today().year + 1:
        raise typer.BadParameter(f"{text!r}: years from {FIRST_YEAR} to {date.today().year + 1}")
    return range(first, last + 1)


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
