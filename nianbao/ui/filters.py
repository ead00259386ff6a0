"""The options that choose reports: the same words for every command that asks the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from nianbao.ui.errors import Exit, Failure
from nianbao.ui.options import years

if TYPE_CHECKING:
    from storage.query import Filters


def _where(text: str | None) -> str:
    """A condition that cannot be read is a wrong argument."""
    from storage.where import BadFilter, where_filter

    try:
        where_filter(text or "")
    except BadFilter as error:
        raise typer.BadParameter(str(error).removeprefix("--where: ")) from None
    return text or ""


def _text(text: str | None) -> str | None:
    """A search that holds no word is a wrong argument."""
    from storage.fulltext import BadWords
    from storage.fulltext.segment import phrases

    if text is None or not text.strip():
        return None
    try:
        phrases(text)
    except BadWords as error:
        raise typer.BadParameter(str(error).removeprefix("--text: ")) from None
    return text


def _level(name: str | None) -> str | None:
    """A level that there is none of is a wrong argument, and not an answer of nothing."""
    from nianbao.ui.labels import LEVELS

    if name is not None and name not in LEVELS:
        raise typer.BadParameter(f"{name!r} is no level; there are {', '.join(LEVELS)}")
    return name


Organ: TypeAlias = Annotated[
    str | None, typer.Option("--organ", help="An organ's (机关) name, a part of it, or its id.", metavar="NAME")
]
Year: TypeAlias = Annotated[
    range | None,
    typer.Option("--year", help="The year reported on (年度), or 2019-2021.", parser=years, metavar="YEAR"),
]
Level: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--level",
        help="级别: national, province, city, county, township, department.",
        callback=_level,
        metavar="LEVEL",
    ),
]
Province: TypeAlias = Annotated[str | None, typer.Option("--province", help="云南, or 云南省.", metavar="NAME")]
Portal: TypeAlias = Annotated[
    str | None, typer.Option("--portal", help="The portal (门户) it was found on.", metavar="ID")
]
Text: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--text",
        help='Words of the whole text, all of them; "some words" side by side, -word without.',
        callback=_text,
        metavar="WORDS",
    ),
]
Where: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--where",
        help="Conditions on figures: 'requests.received_new.total>100 and reconsideration.upheld=0'.",
        callback=_where,
        metavar="CONDITION",
    ),
]
Limit: TypeAlias = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most so many.")]


def asked(
    *,
    organ: str | None,
    year: range | None,
    level: str | None,
    province: str | None,
    portal: str | None,
    text: str | None,
    where: str | None,
    limit: int | None,
) -> Filters:
    """The options as the storage's question."""
    from storage.query import Filters

    return Filters(
        organ=organ,
        years=tuple(year or ()),
        level=level,
        province=province,
        portal=portal,
        text=text,
        where=where or "",
        limit=limit,
    )


def _unknown_figure(where: str) -> tuple[str, str] | None:
    """What to say of the first figure of a condition that no form has; None where every one is known.

    Asked only where nothing was found: an archive may hold figures of a form that is described no more.
    """
    from difflib import get_close_matches

    from storage.corrections.known_figures import known_figures
    from storage.where import parse_where

    asked_for = [condition.path for condition in parse_where(where)]
    known = known_figures() if asked_for else frozenset()
    unknown = next((path for path in asked_for if path not in known), None)
    if unknown is None:
        return None
    near = get_close_matches(unknown, sorted(known), n=3, cutoff=0.6)
    said = f"no form has a figure {unknown!r}"
    return said, f"Near it: {', '.join(near)}" if near else "docs/data.md and `nianbao show ID` have their names"


def nothing_found(filters: Filters) -> Failure:
    """Exit code 3: an empty archive, or a question without an answer."""
    from storage.query import Filters

    if filters == Filters(limit=filters.limit):
        return Failure("the archive holds no report yet", "Start with: nianbao crawl", Exit.NOTHING_FOUND)
    unknown = _unknown_figure(filters.where)
    if unknown:
        return Failure(*unknown, Exit.NOTHING_FOUND)
    advice = "`nianbao find` without options lists all"
    return Failure("no report answers to that", advice, Exit.NOTHING_FOUND)
