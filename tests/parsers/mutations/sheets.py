"""Damage to the form itself, before it is rendered: cells, rows, columns, headers, whole tables.

Every function returns the damaged report and the numbers that may be read in it, or None where the report has nothing
to damage in that way. The truth is that of the damaged report: who swaps two figures has written another report.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.parsers.generator.model import Figure, Head, Invented, Line, Number, Prose, Sheet

Truth = dict[str, frozenset[Number]]
Damaged = tuple[Invented, Truth]
SheetMutation = Callable[[Invented, random.Random], Damaged | None]

_NOBODY: frozenset[Number] = frozenset()


def blank_cell(report: Invented, rng: random.Random) -> Damaged | None:
    return _one_figure(report, rng, lambda figure: replace(figure, text="", value=None))


def change_figure(report: Invented, rng: random.Random) -> Damaged | None:
    def changed(figure: Figure) -> Figure:
        number = rng.choice((1, 2, 9, 11, 100, 4321))
        return replace(figure, text=str(number), value=number)

    return _one_figure(report, rng, changed)


def change_total(report: Invented, rng: random.Random) -> Damaged | None:
    def changed(figure: Figure) -> Figure:
        number = int(figure.value or 0) + rng.choice((1, 2, 10, 90))
        return replace(figure, text=str(number), value=number)

    return _one_figure(report, rng, changed, lambda figure: ".total" in figure.path)


def letter_for_digit(report: Invented, rng: random.Random) -> Damaged | None:
    """1O, l2, 3S: who reads a number there guesses."""

    def changed(figure: Figure) -> Figure:
        digits = [index for index, character in enumerate(figure.text) if character.isdigit()]
        at = rng.choice(digits)
        return replace(figure, text=figure.text[:at] + rng.choice("OolISBZ口") + figure.text[at + 1 :], value=None)

    return _one_figure(report, rng, changed, _has_digit)


def full_width(report: Invented, rng: random.Random) -> Damaged | None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return _one_figure(report, rng, lambda figure: replace(figure, text=figure.text.translate(wide)), _has_digit)


def split_digits(report: Invented, rng: random.Random) -> Damaged | None:
    """`1 234` in one cell: a person reads 1234, and one who doubts it is right too."""

    def changed(figure: Figure) -> Figure:
        at = rng.randint(1, len(figure.text) - 1)
        return replace(figure, text=f"{figure.text[:at]} {figure.text[at:]}")

    return _one_figure(report, rng, changed, lambda figure: figure.text.isdecimal() and len(figure.text) > 1)


def swap_rows(report: Invented, rng: random.Random) -> Damaged | None:
    """Two rows change places with their labels: every figure still stands behind its own."""

    def swapped(sheet: Sheet) -> Sheet | None:
        often = Counter(line.labels[-1:] for line in sheet.lines)
        fit = [n for n, line in enumerate(sheet.lines) if line.figures and line.labels and often[line.labels[-1:]] == 1]
        if len(fit) < 2:
            return None
        a, b = rng.sample(fit, 2)
        lines = list(sheet.lines)
        lines[a], lines[b] = lines[b], lines[a]
        return replace(sheet, lines=tuple(lines))

    return _one_sheet(report, rng, swapped)


def swap_figures_of_rows(report: Invented, rng: random.Random) -> Damaged | None:
    """Two labels change places and the figures stay: another report, as wrong as it is."""

    def swapped(sheet: Sheet) -> Sheet | None:
        fit = [n for n, line in enumerate(sheet.lines) if line.figures]
        if len(fit) < 2:
            return None
        a, b = rng.sample(fit, 2)
        lines = list(sheet.lines)
        lines[a] = replace(lines[a], figures=_as(lines[a].figures, sheet.lines[b].figures))
        lines[b] = replace(lines[b], figures=_as(lines[b].figures, sheet.lines[a].figures))
        return replace(sheet, lines=tuple(lines))

    return _one_sheet(report, rng, swapped)


def _as(own: Sequence[Figure], other: Sequence[Figure]) -> tuple[Figure, ...]:
    return tuple(Figure(mine.path, yours.text, yours.value) for mine, yours in zip(own, other, strict=True))


def drop_row(report: Invented, rng: random.Random) -> Damaged | None:
    def dropped(sheet: Sheet) -> Sheet | None:
        fit = [n for n, line in enumerate(sheet.lines) if line.figures]
        if len(sheet.lines) < 2:
            return None
        at = rng.choice(fit)
        return replace(sheet, lines=sheet.lines[:at] + sheet.lines[at + 1 :])

    return _one_sheet(report, rng, dropped)


def repeat_row(report: Invented, rng: random.Random) -> Damaged | None:
    return _repeat(report, rng, lambda line: line)


def repeat_row_with_other_figures(report: Invented, rng: random.Random) -> Damaged | None:
    """One label, two rows, two numbers: nobody can say which."""

    def other(line: Line) -> Line:
        figures = list(line.figures)
        at = rng.randrange(len(figures))
        number = int(figures[at].value or 0) + rng.choice((1, 3, 40))
        figures[at] = replace(figures[at], text=str(number), value=number)
        return replace(line, figures=tuple(figures))

    return _repeat(report, rng, other)


def _repeat(report: Invented, rng: random.Random, change: Callable[[Line], Line]) -> Damaged | None:
    def repeated(sheet: Sheet) -> Sheet | None:
        fit = [n for n, line in enumerate(sheet.lines) if line.figures and line.labels]
        if not fit:
            return None
        at = rng.choice(fit)
        to = rng.choice((at, at, rng.randrange(len(sheet.lines))))
        lines = list(sheet.lines)
        lines.insert(to + 1, change(lines[at]))
        return replace(sheet, lines=tuple(lines))

    return _one_sheet(report, rng, repeated)


def delete_label(report: Invented, rng: random.Random) -> Damaged | None:
    def nameless(sheet: Sheet) -> Sheet | None:
        fit = [n for n, line in enumerate(sheet.lines) if line.figures and line.labels]
        if not fit:
            return None
        at = rng.choice(fit)
        line = sheet.lines[at]
        lines = list(sheet.lines)
        lines[at] = replace(line, labels=(*line.labels[:-1], ""))
        return replace(sheet, lines=tuple(lines))

    return _one_sheet(report, rng, nameless)


def delete_header(report: Invented, rng: random.Random) -> Damaged | None:
    """The header's words are gone, its cells are still there."""

    def headless(sheet: Sheet) -> Sheet | None:
        header = tuple(tuple(replace(head, text="") for head in row) for row in sheet.header)
        return replace(sheet, header=header)

    return _one_sheet(report, rng, headless)


def swap_columns(report: Invented, rng: random.Random) -> Damaged | None:
    """Two columns change places with their headers: every figure still stands below its own."""
    return _swap_columns(report, rng, headers=True)


def swap_columns_below_headers(report: Invented, rng: random.Random) -> Damaged | None:
    """Two columns change places and the headers stay: another report, and its sums may even be right."""
    return _swap_columns(report, rng, headers=False)


def _swap_columns(report: Invented, rng: random.Random, *, headers: bool) -> Damaged | None:
    def swapped(sheet: Sheet) -> Sheet | None:
        width = max(len(line.figures) for line in sheet.lines)
        if width < 2:
            return None
        if sheet.table == "requests":
            a, b = rng.sample(range(1, 6), 2)
        elif sheet.table == "appeals":
            block = rng.choice((0, 5, 10))
            a, b = (block + n for n in rng.sample(range(5), 2))
        else:
            a, b = rng.sample(range(width), 2)
        if headers:
            lines = tuple(replace(line, figures=_moved(line.figures, a, b)) for line in sheet.lines)
            return replace(sheet, lines=lines, header=_moved_heads(sheet.header, a, b))
        exchanged = []
        for line in sheet.lines:
            exchanged.append(replace(line, figures=_as(line.figures, _moved(line.figures, a, b))))
        return replace(sheet, lines=tuple(exchanged))

    return _one_sheet(report, rng, swapped)


def _moved(figures: Sequence[Figure], a: int, b: int) -> tuple[Figure, ...]:
    moved = list(figures)
    if moved:
        moved[a], moved[b] = moved[b], moved[a]
    return tuple(moved)


def _moved_heads(header: tuple[tuple[Head, ...], ...], a: int, b: int) -> tuple[tuple[Head, ...], ...]:
    texts = {head.column: head.text for row in header for head in row if head.column is not None}
    other = {a: texts[b], b: texts[a]}
    return tuple(
        tuple(head if head.column is None else replace(head, text=other.get(head.column, head.text)) for head in row)
        for row in header
    )


def delete_cell(report: Invented, rng: random.Random) -> Damaged | None:
    """A `td` is gone: the cells behind it move to the left, and no longer stand below their headers."""

    def deleted(figures: list[Figure], at: int) -> None:
        del figures[at]

    return _shift(report, rng, deleted)


def insert_cell(report: Invented, rng: random.Random) -> Damaged | None:
    def inserted(figures: list[Figure], at: int) -> None:
        text = rng.choice(("", "0", "7"))
        figures.insert(at, Figure("", text, int(text) if text else None))

    return _shift(report, rng, inserted)


def join_cells(report: Invented, rng: random.Random) -> Damaged | None:
    """12 | 3 has become 123."""

    def joined(figures: list[Figure], at: int) -> None:
        if at + 1 < len(figures) and figures[at].text and figures[at + 1].text:
            behind = figures.pop(at + 1)
            figures[at] = replace(figures[at], text=figures[at].text + behind.text)
        else:
            del figures[at]

    return _shift(report, rng, joined)


def _shift(report: Invented, rng: random.Random, change: Callable[[list[Figure], int], None]) -> Damaged | None:
    """Change the number of cells of one row: the others no longer stand below their headers.

    Whoever notices may still read them, by the sums; what changed is nobody's figure. A row that is too long by a
    blank cell at its end reads as it stands.
    """
    truth = report.truth()

    def shifted(sheet: Sheet) -> Sheet | None:
        fit = [n for n, line in enumerate(sheet.lines) if len(line.figures) > 1]
        if not fit:
            return None
        at = rng.choice(fit)
        line = sheet.lines[at]
        figures = list(line.figures)
        change(figures, rng.randrange(len(figures)))
        reads = len(figures) > len(line.figures) and not figures[-1].text.strip()
        for place, figure in enumerate(line.figures):
            if figure not in figures:
                truth[figure.path] = _NOBODY
            if reads and (now := figures[place]).value is not None:
                truth[figure.path] |= {now.value}
        lines = list(sheet.lines)
        lines[at] = replace(line, figures=tuple(figures))
        return replace(sheet, lines=tuple(lines))

    damaged = _one_sheet(report, rng, shifted)
    return damaged and (damaged[0], truth)


def stray_line(report: Invented, rng: random.Random) -> Damaged | None:
    """A note, a page's foot, a heading again, between two rows."""
    text = rng.choice(
        (
            "注：以上数据截至12月31日。",
            "- 5 -",
            "续表",
            "（单位：件）",
            "第 3 页 共 8 页",
            "说明：行政许可含变更12件",
            "单位负责人：张三",
        )
    )

    def strayed(sheet: Sheet) -> Sheet | None:
        if not sheet.depth:
            return None
        at = rng.randrange(1, len(sheet.lines) + 1)
        return replace(sheet, lines=(*sheet.lines[:at], Line((text,), ()), *sheet.lines[at:]))

    damaged = _one_sheet(report, rng, strayed)
    return damaged and (damaged[0], report.truth())


def drop_rows(report: Invented, rng: random.Random) -> Damaged | None:
    """A page is lost: the end of one table and the beginning of the next, its header with it."""
    places = [n for n, part in enumerate(report.body) if isinstance(part, Sheet)]
    at = rng.randrange(len(places))
    body = list(report.body)
    first = body[places[at]]
    assert isinstance(first, Sheet)
    body[places[at]] = replace(first, lines=first.lines[: rng.randrange(len(first.lines))])
    if at + 1 < len(places):
        second = body[places[at + 1]]
        assert isinstance(second, Sheet)
        lost = rng.randrange(len(second.lines))
        body[places[at + 1]] = replace(second, caption="", header=(), lines=second.lines[lost:])
        del body[places[at] + 1 : places[at + 1]]
    damaged = replace(report, body=tuple(body))
    return damaged, damaged.truth()


def drop_table(report: Invented, rng: random.Random) -> Damaged | None:
    gone = rng.choice(report.sheets)
    damaged = replace(report, body=tuple(part for part in report.body if part is not gone))
    return damaged, damaged.truth()


def swap_tables(report: Invented, rng: random.Random) -> Damaged | None:
    if len(report.sheets) < 2:
        return None
    a, b = rng.sample(report.sheets, 2)
    exchange = {id(a): b, id(b): a}
    damaged = replace(report, body=tuple(exchange.get(id(part), part) for part in report.body))
    return damaged, damaged.truth()


def repeat_table_with_other_figures(report: Invented, rng: random.Random) -> Damaged | None:
    """Last year's table stands there as well, or the one of the whole city: nobody can say which is meant."""
    return _table_again(report, rng, 1.0)


def repeat_table_with_a_few_other_figures(report: Invented, rng: random.Random) -> Damaged | None:
    """The table as it was before somebody mended it stands there as well: what both say is known."""
    return _table_again(report, rng, 0.1)


def _table_again(report: Invented, rng: random.Random, share: float) -> Damaged:
    """A table a second time behind itself, with that share of its figures changed, one at least."""
    at = rng.choice([n for n, part in enumerate(report.body) if isinstance(part, Sheet)])
    sheet = report.body[at]
    assert isinstance(sheet, Sheet)
    figures = [figure for line in sheet.lines for figure in line.figures]
    changed = {id(figure) for figure in rng.sample(figures, max(1, round(share * len(figures))))}
    other = tuple(
        replace(line, figures=tuple(_one_more(figure) if id(figure) in changed else figure for figure in line.figures))
        for line in sheet.lines
    )
    between = Prose(rng.choice(("上年数据如下：", f"{report.year - 1}年情况", "（续）")))
    copy = replace(sheet, lines=other)
    body = (*report.body[: at + 1], between, copy, *report.body[at + 1 :])
    damaged = replace(report, body=body)
    return damaged, damaged.truth()


def _one_more(figure: Figure) -> Figure:
    number = int(figure.value or 0) * 2 + 1
    return replace(figure, text=str(number), value=number)


# --- how they are applied -------------------------------------------------------------------------------------------


def _has_digit(figure: Figure) -> bool:
    return any(character.isdigit() for character in figure.text)


def _one_figure(
    report: Invented,
    rng: random.Random,
    change: Callable[[Figure], Figure],
    fits: Callable[[Figure], bool] = lambda figure: True,
) -> Damaged | None:
    figures = [figure for sheet in report.sheets for figure in sheet.figures() if fits(figure)]
    # A form of noughts would seldom lose anything else: figures first.
    told = [figure for figure in figures if figure.value]
    if not figures:
        return None
    target = rng.choice(told if told and rng.random() < 0.6 else figures)

    def changed(sheet: Sheet) -> Sheet:
        return replace(
            sheet,
            lines=tuple(
                replace(line, figures=tuple(change(f) if f is target else f for f in line.figures))
                for line in sheet.lines
            ),
        )

    body = tuple(changed(part) if isinstance(part, Sheet) else part for part in report.body)
    damaged = replace(report, body=body)
    return damaged, damaged.truth()


def _one_sheet(report: Invented, rng: random.Random, change: Callable[[Sheet], Sheet | None]) -> Damaged | None:
    places = [n for n, part in enumerate(report.body) if isinstance(part, Sheet)]
    rng.shuffle(places)
    for at in places:
        sheet = report.body[at]
        assert isinstance(sheet, Sheet)
        if (changed := change(sheet)) is not None:
            damaged = replace(report, body=(*report.body[:at], changed, *report.body[at + 1 :]))
            return damaged, damaged.truth()
    return None
