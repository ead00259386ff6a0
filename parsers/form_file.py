"""The tables of a template as its YAML gives them -> `parsers.form`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from parsers.form import Column, Part, Row, Table
from parsers.tables.labels import Label
from parsers.yaml_file import Node


def read_table(node: Node) -> Table:
    """Raises TemplateError naming the line, also where two cells would have one path."""
    parts = tuple(_part(part) for part in node.nodes("parts"))
    if not parts:
        raise node.error("a table needs at least one part", "parts")
    table = Table(
        id=node.text("id"),
        name=node.text("name"),
        root=node.text("root", ""),
        signature=tuple(Label.of([text]) for text in node.texts("signature", ())),
        parts=parts,
    )
    node.done()
    seen: set[str] = set()
    for path in table.paths():
        if path in seen:
            raise node.error(f"two cells of table {table.id!r} have the path {path!r}")
        seen.add(path)
    return table


def _part(node: Node) -> Part:
    groups: list[Label] = []
    columns = tuple(_columns(node.nodes("columns"), (), groups))
    rows = tuple(_rows(node.nodes("rows"), (), groups)) or (Row("", "", Label(())),)
    if not columns:
        raise node.error("a part needs columns", "columns")
    if not any(column.kind == "unit" for column in columns):
        # Where no row has a unit of its own, what is no money is counted.
        columns = tuple(replace(column, kind="count") if column.kind == "value" else column for column in columns)
    caption = node.text("caption", "")
    captions = Label.of([caption, *node.texts("captions", ())]) if caption else None
    node.done()
    return Part(caption, captions, columns, rows, tuple(groups))


def _columns(nodes: tuple[Node, ...], under: tuple[Label, ...], groups: list[Label]) -> Iterator[Column]:
    for node in nodes:
        if "group" in node:
            label = Label.of([node.text("group"), *node.texts("aliases", ())])
            groups.append(label)
            yield from _columns(node.nodes("columns"), (*under, label), groups)
        else:
            kind = node.text("kind", "value")
            if kind not in ("value", "money", "unit"):
                raise node.error(f"kind {kind!r} is not known; known: value, money, unit", "kind")
            name = node.text("label")
            label = Label.of([name, *node.texts("aliases", ())])
            yield Column(node.text("key"), name, label, under, kind, node.texts("this_year", ()))
        node.done()


def _rows(nodes: tuple[Node, ...], under: tuple[Label, ...], groups: list[Label]) -> Iterator[Row]:
    for node in nodes:
        if "group" in node:
            label = Label.of([node.text("group"), *node.texts("aliases", ())])
            groups.append(label)
        else:
            name = node.text("label")
            label = Label.of([name, *node.texts("aliases", ())])
            yield Row(node.text("key"), name, label, under)
        yield from _rows(node.nodes("rows"), (*under, label), groups)
        node.done()
