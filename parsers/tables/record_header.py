"""The header of table four in a flattened text: in which order its columns stand there, where that can be said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from parsers.tables.labels import fold
from parsers.tables.scan import Occurrence
from parsers.template import Part

_WORD = re.compile(r"[^\s|]+")


def page_order(labels: Sequence[Occurrence], part: Part) -> tuple[int, ...] | None:
    """Index of the form's column for each place, from the labels of a whole header in reading order; None where they
    contradict the form and do not say what stands where.

    A header names its groups first and then, row by row, the columns below them: 行政复议 行政诉讼, its five, 未经复议直接起诉
    复议后起诉, their ten. With 行政诉讼 in front nobody knows whether the ten stand before the five.
    """
    blocks = part.blocks
    outer = [min(part.group_columns[label.form]) for label in labels if label.form in part.outer_forms]
    if outer != sorted(outer):
        return None
    named = [part.block_forms[label.form] for label in labels if label.form in part.block_forms]
    order = list(dict.fromkeys(named))
    if len(order) < len(blocks):
        if order != sorted(order):
            return None
        order = list(range(len(blocks)))  # A group is lost, the others stand as in the form.
    elif order != sorted(order) and not _are_at_home(labels, part, order):
        return None
    leaves = [label for label in labels if label.form in part.column_forms][-len(part.columns) :]
    result: list[int] = []
    for block in order:
        some, leaves = leaves[: len(blocks[block])], leaves[len(blocks[block]) :]
        for leaf in some:
            fits = [index for index in blocks[block] if leaf.form in part.columns[index].label.forms]
            if len(fits) != 1 or fits[0] in result:
                return None
            result.append(fits[0])
    return tuple(result) if len(result) == len(part.columns) else None


def _are_at_home(labels: Sequence[Occurrence], part: Part, order: Sequence[int]) -> bool:
    """Do groups in another order than the form's stand where a header has them: all in front, each in front of its columns, or
    the first one's columns between it and the others? A text out of a PDF may have torn one out of its place."""
    before: dict[int, int] = {}
    leaves = 0
    for label in labels:
        if label.form in part.block_forms:
            before.setdefault(part.block_forms[label.form], leaves)
        leaves += label.form in part.column_forms
    sizes = [len(part.blocks[block]) for block in order]
    each = [sum(sizes[:n]) for n in range(len(order))]
    return [before[block] for block in order] in ([0] * len(order), each, [0, *[sizes[0]] * (len(order) - 1)])


def may_be_ordered(labels: Sequence[Occurrence], lines: Sequence[str], part: Part) -> bool:
    """Of a header that was torn: may the labels that are left, and the pieces of others, stand in the form's order?"""
    groups = [min(part.group_columns[label.form]) for label in labels if label.form in part.group_columns]
    return groups == sorted(groups) and all(_may_ascend(line, part) for line in lines)


def _may_ascend(line: str, part: Part) -> bool:
    """May a line's labels, or pieces of them (结果, 维持), stand in the form's order, block by block?"""
    names = [(n, form) for n, column in enumerate(part.columns[: len(part.blocks[0])]) for form in column.label.forms]
    chosen: list[int] = []
    falls = 0
    for word in map(fold, _WORD.findall(line)):
        fits = sorted({n for n, form in names if form.startswith(word) or (len(word) > 1 and form.endswith(word))})
        if not fits or (len(word) < 2 and len(fits) > 1):
            continue
        later = [n for n in fits if not chosen or n > chosen[-1]]
        falls += not later
        chosen.append((later or fits)[0])
    # So often as one of them comes again, so often a block begins.
    return falls < max(Counter(chosen).values(), default=1)
