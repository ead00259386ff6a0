"""In which order a page's columns stand, from the order in which a flattened text names them."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.template import Column


def page_order(columns: Sequence[Column], observed: Sequence[int]) -> tuple[int, ...] | None:
    """`observed`: index of the column for each header label in reading order -> index of the column at each place.

    A text names the columns from left to right, or row by row: those that stand in no group first (自然人, 总计), then
    those of the groups. Columns may have changed places within their group. None where neither reading fits, or where
    read row by row the first have changed places: on which side of them the groups stand nobody knows then.
    """
    across = list(range(len(columns)))
    for expected in (across, sorted(across, key=lambda index: (len(columns[index].under), index))):
        pairs = list(zip(expected, observed, strict=True))
        moved = any(place != index for place, index in pairs if not columns[place].under)
        if moved and expected != across:
            continue
        if all(columns[place].under == columns[index].under for place, index in pairs):
            return tuple(index for _, index in sorted(pairs))
    return None


def figures_only(columns: Sequence[Column], order: Sequence[int]) -> tuple[int, ...] | None:
    """The order of the figure columns alone, () where it is the form's own; None where the 单位 column has moved."""
    if list(order) == sorted(order):
        return ()
    if any(column.kind == "unit" and order[place] != place for place, column in enumerate(columns)):
        return None
    values = [index for index, column in enumerate(columns) if column.kind != "unit"]
    return tuple(values.index(index) for index in order if index in values)
