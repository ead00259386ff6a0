"""What a form is made of: tables of parts, rows and columns with their labels. `parsers.template` reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise

from parsers.tables.labels import Label, Order


@dataclass(frozen=True)
class Column:
    key: str
    name: str
    label: Label
    under: tuple[Label, ...] = ()
    """Labels of the header cells above, outermost first."""
    kind: str = "value"
    """count, money (kept in 万元), unit (the 单位 column of the 2014 form: no figure) or value (counts or money, as that
    column says)."""
    this_year: tuple[str, ...] = ()
    """What heads it, besides the report's year, where columns of other years stand beside it."""


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    label: Label
    under: tuple[Label, ...] = ()
    """Labels of the groups that the row belongs to, outermost first."""


@dataclass(frozen=True)
class Part:
    """Rows under one header. Table two has four or five of them, each below a caption of its own."""

    caption: str
    captions: Label | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    groups: tuple[Label, ...]
    """Every group label among the rows and columns: they may stand between rows and hold no figure."""

    @cached_property
    def values(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.kind != "unit")

    @cached_property
    def column_forms(self) -> frozenset[str]:
        """Every spelling of every column's own label."""
        return frozenset(form for column in self.columns for form in column.label.forms)

    @cached_property
    def group_columns(self) -> Mapping[str, frozenset[int]]:
        """Every spelling of what stands above the columns' labels -> the columns below it."""
        below: dict[str, set[int]] = {}
        for index, column in enumerate(self.columns):
            for form in (form for label in column.under for form in label.forms):
                below.setdefault(form, set()).add(index)
        return {form: frozenset(columns) for form, columns in below.items()}

    @cached_property
    def blocks(self) -> tuple[range, ...]:
        """The columns that stand below the same labels."""
        new = (n for n, column in enumerate(self.columns) if not n or column.under != self.columns[n - 1].under)
        return tuple(range(first, last) for first, last in pairwise([*new, len(self.columns)]))

    @cached_property
    def block_forms(self) -> Mapping[str, int]:
        """Every spelling of a group's label that stands above one of `blocks` alone -> the number of that block."""
        numbers = {frozenset(block): number for number, block in enumerate(self.blocks)}
        return {form: numbers[columns] for form, columns in self.group_columns.items() if columns in numbers}

    @cached_property
    def outer_forms(self) -> frozenset[str]:
        """Every spelling of the outermost groups' labels of its columns."""
        return frozenset(form for column in self.columns if column.under for form in column.under[0].forms)

    @cached_property
    def shares_labels(self) -> bool:
        """Do columns of different groups bear the same label (结果维持)?"""
        forms = [form for column in self.columns for form in column.label.forms]
        return bool(self.group_columns) and len(set(forms)) < len(forms)

    @cached_property
    def column_order(self) -> Order:
        return Order(column.label for column in self.columns)

    @cached_property
    def group_forms(self) -> frozenset[str]:
        """Every spelling of every group's label."""
        return frozenset(form for label in self.groups for form in label.forms)

    @cached_property
    def row_forms(self) -> frozenset[str]:
        """Every spelling of every row's label."""
        return frozenset(form for row in self.rows for form in row.label.forms)

    @cached_property
    def written(self) -> str:
        """Its columns in one word: two parts with the same are alike."""
        return repr(self.columns)

    @cached_property
    def is_record(self) -> bool:
        """One row without a label (table four): a place below the header, found by its columns."""
        return len(self.rows) == 1 and not self.rows[0].key


@dataclass(frozen=True)
class Table:
    id: str
    name: str
    root: str
    """What the figures' paths begin with; "" where the columns name it (table four)."""
    signature: tuple[Label, ...]
    """Any of these labels proves that the table is this template's; empty: it belongs to several templates."""
    parts: tuple[Part, ...]

    def path(self, row: Row, column: Column) -> str:
        known = self._known_paths.get((row.key, column.key))
        return known or ".".join(part for part in (self.root, row.key, column.key) if part)

    @cached_property
    def _known_paths(self) -> dict[tuple[str, str], str]:
        return {
            (row.key, column.key): ".".join(key for key in (self.root, row.key, column.key) if key)
            for part in self.parts
            for row in part.rows
            for column in part.columns
        }

    @cached_property
    def ordinary(self) -> tuple[Part, ...]:
        """The parts with rows that bear labels."""
        return tuple(part for part in self.parts if not part.is_record)

    @cached_property
    def row_order(self) -> Order:
        """Of the rows that bear labels."""
        return Order(row.label for part in self.ordinary for row in part.rows)

    @cached_property
    def row_labels(self) -> tuple[tuple[str, ...], ...]:
        """The spellings of each row's label, of rows that bear one."""
        return tuple(row.label.forms for part in self.ordinary for row in part.rows)

    @cached_property
    def signature_forms(self) -> tuple[str, ...]:
        """Every spelling of its signature labels."""
        return tuple(dict.fromkeys(form for label in self.signature for form in label.forms))

    @cached_property
    def row_keys(self) -> frozenset[str]:
        return frozenset(row.key for part in self.parts for row in part.rows)

    @cached_property
    def owners(self) -> Mapping[str, tuple[Row, ...]]:
        """Every spelling of its rows' labels -> the rows that bear it."""
        found: dict[str, list[Row]] = {}
        for row in (row for part in self.ordinary for row in part.rows):
            for form in row.label.forms:
                found.setdefault(form, []).append(row)
        return {form: tuple(rows) for form, rows in found.items()}

    @cached_property
    def unshared(self) -> frozenset[int]:
        """id() of the rows that share no spelling of their labels with another row."""
        rows = [row for part in self.ordinary for row in part.rows]
        return frozenset(id(row) for row in rows if all(self.owners[form] == (row,) for form in row.label.forms))

    @cached_property
    def written(self) -> str:
        """All of it in one word: two tables with the same are alike."""
        return repr((self.id, self.root, self.signature, self.parts))

    @cached_property
    def row_total(self) -> int:
        return sum(len(part.rows) for part in self.parts)

    @cached_property
    def forms(self) -> frozenset[str]:
        """Every spelling of every label of its rows, columns, groups and captions."""
        labels = (
            label
            for part in self.parts
            for label in (*(c.label for c in part.columns), *(r.label for r in part.rows), *part.groups, part.captions)
            if label
        )
        return frozenset(form for label in labels for form in label.forms)

    @cached_property
    def header_forms(self) -> frozenset[str]:
        """Every spelling of what stands in the headers of its parts with rows."""
        return frozenset[str]().union(*(part.column_forms.union(part.group_columns) for part in self.ordinary))

    @cached_property
    def column_forms(self) -> frozenset[str]:
        """Every spelling of every column's own label."""
        return frozenset[str]().union(*(part.column_forms for part in self.parts))

    @cached_property
    def heading_forms(self) -> frozenset[str]:
        """The same of the parts with rows that bear labels."""
        return frozenset[str]().union(*(part.column_forms for part in self.ordinary))

    @cached_property
    def inner_forms(self) -> frozenset[str]:
        """Every spelling of what stands in or above its parts with such rows: captions, groups, columns, rows."""
        captions = (part.captions for part in self.ordinary if part.captions)
        labels = (*captions, *(group for part in self.ordinary for group in part.groups))
        return self.heading_forms.union(self.row_forms, *(label.forms for label in labels))

    @cached_property
    def row_forms(self) -> frozenset[str]:
        """Every spelling of its rows' labels."""
        return frozenset[str]().union(*(part.row_forms for part in self.ordinary))

    def paths(self) -> Iterator[str]:
        return iter(self._paths)

    @cached_property
    def path_set(self) -> frozenset[str]:
        return frozenset(self._paths)

    @cached_property
    def places(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]:
        """Every path taken apart, those that stand beside each other together: (steps, last steps, whole paths)."""
        groups = [list(group) for _, group in groupby(self._paths, key=lambda path: path.rpartition(".")[0])]
        return tuple(
            (tuple(paths[0].split(".")[:-1]), tuple(path.rpartition(".")[2] for path in paths), tuple(paths))
            for paths in groups
        )

    @cached_property
    def paths_by_row(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Keys of a row and of its first column -> the path of each figure of the row, in the form's order."""
        return {
            (row.key, part.values[0].key): tuple(self.path(row, column) for column in part.values)
            for part in self.parts
            for row in part.rows
        }

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(self.path(row, column) for part in self.parts for row in part.rows for column in part.values)

    def heads(self) -> tuple[str, ...]:
        """First components of the paths: what flags and `trust` name (`requests`, `reconsideration` …)."""
        return self._heads

    @cached_property
    def _heads(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path.split(".")[0] for path in self._paths))
