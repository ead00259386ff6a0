"""Figures of a form: numbers with or without their sums, and the texts in which people write them (domain.md 3.2)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from parsers.template import CheckRule, Column, Template
from tests.parsers.generator.model import Figure, Number

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Habits:
    """How one clerk fills a form."""

    zero: tuple[str, ...]
    """What stands where there was nothing: "0", or blank, or a stroke."""
    thousands: bool
    full_width: bool
    money: str
    """The unit that money carries in its cell; "" for none."""
    filled: float
    """Share of free cells that are not nought."""
    largest: int
    honest: float
    """Share of sums that are right."""

    @classmethod
    def choose(cls, rng: random.Random) -> Habits:
        zeros = (
            ("0",),
            ("0",),
            ("0",),
            ("",),
            ("",),
            ("0", ""),
            ("0", "", "/"),
            ("/",),
            ("—",),
            ("无",),
            ("0", "\u00a0"),
        )
        return cls(
            zero=rng.choice(zeros),
            thousands=rng.random() < 0.15,
            full_width=rng.random() < 0.05,
            money=rng.choice(("", "", "万元", "元", "（万元）")),
            filled=rng.choice((0.0, 0.03, 0.1, 0.25, 0.6)),
            largest=rng.choice((3, 12, 12, 150, 20_000)),
            honest=rng.choice((1.0, 1.0, 1.0, 0.97)),
        )


def numbers(form: Template, rng: random.Random, habits: Habits) -> dict[str, int]:
    """Path -> number for every cell of the form, the hard sums right but for a few."""
    paths = [path for table in form.tables for path in table.paths()]
    sums = [rule for rule in form.checks if rule.relation == "=" and rule.level == "hard"]
    totals = {rule.left[0] for rule in sums if len(rule.left) == 1}
    found = {path: rng.randint(1, habits.largest) if rng.random() < habits.filled else 0 for path in paths}
    _signs(form, rng, found)
    # Parts first, then their sums, sums of sums last: a few rounds settle every form.
    for _ in range(5):
        for rule in sums:
            _settle(rule, found, totals)
    for path in sorted(totals):
        if rng.random() > habits.honest:
            found[path] += rng.choice((1, 2, 10))
    return found


def _settle(rule: CheckRule, found: dict[str, int], totals: set[str]) -> None:
    if len(rule.left) == 1:
        found[rule.left[0]] = sum(found[path] for path in rule.right)
        return
    # received + carried over = results + carried forward: what is received follows from the rest.
    free, other = rule.left
    if free not in totals:
        rest = sum(found[path] for path in rule.right)
        found[other] = min(found[other], rest)
        found[free] = rest - found[other]


def _signs(form: Template, rng: random.Random, found: dict[str, int]) -> None:
    for path in found:
        if path.endswith(".items_change") and found[path] and rng.random() < 0.5:
            found[path] = -min(found[path], found[path.replace("items_change", "items_prev_year")])


def written(path: str, number: int, column: Column, rng: random.Random, habits: Habits) -> Figure:
    """The number as a clerk types it, with what it stands for."""
    if column.kind == "money" and number:
        return _money(path, number, rng, habits.money)
    if path.endswith(".items_change") and number:
        front = rng.choice(("增", "+", "")) if number > 0 else rng.choice(("减", "-", "－", "−"))
        return Figure(path, f"{front}{abs(number)}", number)
    if not number:
        text = rng.choice(habits.zero)
        return Figure(path, text, 0 if text == "0" else None)
    text = f"{number:,}" if habits.thousands else str(number)
    if habits.full_width:
        text = text.translate(_FULL_WIDTH)
    return Figure(path, text, number)


def _money(path: str, number: int, rng: random.Random, unit: str) -> Figure:
    cents = rng.choice((0, 0, 5, 25, 12))
    text = f"{number}.{cents:02d}" if cents else str(number)
    value: Number = round(number + cents / 100, 2) if cents else number
    if unit == "元":
        return Figure(path, f"{number}元", number / 10_000)
    return Figure(path, f"{text}{unit}", value)


def columns_of(form: Template) -> Iterator[tuple[str, Column]]:
    """(path, its column) for every cell of the form."""
    for table in form.tables:
        for part in table.parts:
            for row in part.rows:
                for column in part.values:
                    yield table.path(row, column), column


def fill(form: Template, rng: random.Random, habits: Habits) -> Mapping[str, Figure]:
    counted = numbers(form, rng, habits)
    return {path: written(path, counted[path], column, rng, habits) for path, column in columns_of(form)}
