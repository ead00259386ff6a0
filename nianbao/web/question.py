"""A question to the shelf: which reports, in which order, from where on; and how many there are of each kind."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from nianbao.web.shelf import FACETS, Row, Shelf, first_at_or_after
from parsers.chinese import simplify

SORTS = {
    "year": "",
    "received": "-received",
    "published": "-published_on",
    "fetched": "-fetched_at",
    "failed": "-checks_failed",
    "organ": "organ_region_code",
}
"""Name of an order -> the column that it goes by; year is the usual one."""
PAGE = 50


class BadQuestion(ValueError):
    """A question that cannot be understood; the text says what is allowed."""


@dataclass(frozen=True)
class Question:
    """What is empty does not matter; several values of one facet mean any of them."""

    q: str = ""
    """Words of the title or the organ's name, all of them."""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    organ: str = ""
    sort: str = "year"
    where: str = ""
    """Conditions on figures, see `storage.where`."""

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise BadQuestion(f"sort must be one of {', '.join(SORTS)}")


@dataclass(frozen=True)
class Answer:
    total: int
    rows: Sequence[Row]
    next: str | None
    """The cursor of the next page."""
    counts: Mapping[str, Mapping[str, int]]
    """Facet -> value -> how many there would be; a facet's own choice does not narrow its own counts."""


def ask(
    shelf: Shelf,
    question: Question,
    *,
    size: int = PAGE,
    cursor: str = "",
    full_text: Callable[[str], Set[str] | None] = lambda _: None,
    by_figures: Callable[[Question], Set[str]] = lambda _: frozenset(),
) -> Answer:
    """`full_text` gives the ids whose text holds the words, None where there is no index; `by_figures` the ids whose
    figures answer to `where`.

    Raises BadQuestion for a cursor that is none, or whose report is gone.
    """
    words = _words_mask(shelf, question, full_text)
    if question.where:
        words &= shelf.of_ids(by_figures(question))
    chosen = {name: shelf.having(name, values) for name, values in question.facets.items() if values}
    mask = words
    for bits in chosen.values():
        mask &= bits
    counts = {name: _counts(shelf, name, words, chosen) for name in FACETS}
    rows, following = _page(shelf, mask, question.sort, size, cursor)
    return Answer(mask.bit_count(), rows, following, counts)


def _words_mask(shelf: Shelf, question: Question, full_text: Callable[[str], Set[str] | None]) -> int:
    mask = shelf.everything
    if question.organ:
        mask = 0
        for position in shelf.by_organ.get(question.organ, ()):
            mask |= 1 << position
    text = simplify(question.q.strip())
    if not text:
        return mask
    named = mask & shelf.naming(text.split())
    inside = full_text(text)
    return named if inside is None else named | (mask & shelf.of_ids(inside))


def _counts(shelf: Shelf, name: str, words: int, chosen: Mapping[str, int]) -> dict[str, int]:
    mask = words
    for other, bits in chosen.items():
        if other != name:
            mask &= bits
    found = {value: (mask & bits).bit_count() for value, bits in shelf.bits[name].items()}
    return {value: count for value, count in found.items() if count}


def _page(shelf: Shelf, mask: int, sort: str, size: int, cursor: str) -> tuple[Sequence[Row], str | None]:
    order: Sequence[int] = shelf.order(SORTS[sort]) if SORTS[sort] else range(len(shelf))
    start = _start(shelf, order, sort, cursor) if cursor else 0
    bytes_of = mask.to_bytes((len(shelf) + 7) // 8, "little")
    rows: list[Row] = []
    for place in range(start, len(order)):
        position = order[place]
        if bytes_of[position >> 3] >> (position & 7) & 1:
            if len(rows) == size:
                return rows, _cursor(sort, rows[-1])
            rows.append(shelf.rows[position])
    return rows, None


def _cursor(sort: str, last: Row) -> str:
    return base64.urlsafe_b64encode(f"{sort} {last.report_year} {last.id}".encode()).decode().rstrip("=")


def _start(shelf: Shelf, order: Sequence[int], sort: str, cursor: str) -> int:
    """The place behind the cursor's report."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        written, year, report_id = base64.urlsafe_b64decode(padded).decode().split(" ", 2)
        number = int(year)
    except (ValueError, UnicodeError, binascii.Error):
        raise BadQuestion("cursor is none that a list gave; begin without it") from None
    if written != sort:
        raise BadQuestion("cursor belongs to another order; begin without it")
    place = first_at_or_after(shelf.rows, number, report_id)
    is_there = place < len(shelf) and shelf.rows[place].id == report_id
    if not SORTS[sort]:
        return place + is_there
    if not is_there:
        raise BadQuestion("the report that cursor stands at is gone; begin without it")
    return order.index(place) + 1
