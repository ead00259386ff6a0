"""Pages that the program itself writes: the data dictionary from config/templates, the commands from the command line."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from nianbao.cli import app
from parsers.template import CheckRule, Part, Table, Template, load_templates
from storage.export.english import load_english

LEVELS = {"hard": "must hold 必须成立", "soft": "should hold 一般成立"}


def write_pages(folder: Path) -> None:
    """Write the pages into `folder`; a page that is as it was keeps its date, so that the build can skip it."""
    folder.mkdir(exist_ok=True)
    for name, lines in (("dictionary.md", dictionary()), ("commands.md", commands())):
        text = "\n".join(lines) + "\n"
        file = folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


# --- the data dictionary --------------------------------------------------------------------------------------


def dictionary() -> Iterator[str]:
    """Every table of every form: rows and columns with their official labels, paths, and the sums they take part in."""
    templates = sorted(load_templates(), key=lambda one: (one.first_year, one.id))
    yield "# Data dictionary 数据字典\n"
    yield (
        "Made from `config/templates`; the English and the units beside them from `config/english.yaml`. A figure's path is the table's head, the row's key and the column's key, below"
        " `figures`: `figures.requests.received_new.total`. Where a row is alone with one column, the path says both."
        " Money is in 万元, ten thousand yuan.\n"
    )
    for template in templates:
        yield from _template(template)
    yield "## Figures in sentences 文字中的数据\n"
    facts = {fact.key: fact for template in templates for fact in template.facts}
    yield from _grid(
        ("path", "label 名称", "English", "unit 单位"),
        [
            (f"`statistics.{key}`", fact.name, load_english().of(key), load_english().unit_in_words(fact.unit))
            for key, fact in sorted(facts.items())
        ],
    )


def _template(template: Template) -> Iterator[str]:
    years = f"{template.first_year}–{template.last_year or ''}"
    yield f"## {template.id}: {template.name}\n"
    yield f"Years {years}, version {template.version}. {template.basis}.\n"
    for table in template.tables:
        yield f"### {template.id}: {table.name}\n"
        for part in table.parts:
            yield from _part(table, part)
    if template.checks:
        yield f"### {template.id}: sums 勾稽关系\n"
        by_rule: dict[str, list[CheckRule]] = {}
        for check in template.checks:
            by_rule.setdefault(check.rule, []).append(check)
        rows = [
            (
                f"`{rule}`",
                LEVELS.get(str(checks[0].level), str(checks[0].level)),
                str(len(checks)),
                _relation(checks[0]),
            )
            for rule, checks in by_rule.items()
        ]
        yield from _grid(("rule", "level", "relations", "the first of them"), rows)


def _part(table: Table, part: Part) -> Iterator[str]:
    if part.caption:
        yield f"**{_plain(part.caption)}**\n"
    if len(part.values) > 3 and len(part.rows) > 1:
        yield from _grid(
            ("row 行", "English", "unit 单位", "path"),
            [
                (_plain(_under(row.name, row.under)), *_beside(path), f"`{path}.…`")
                for n, row in enumerate(part.rows)
                for path in (_row_path(table, part, n),)
            ],
        )
        words = load_english().words
        yield from _grid(
            ("column 列", "English", "key"),
            [
                (_plain(column.name), words.get(column.key, column.key.replace("_", " ")), f"`{column.key}`")
                for column in part.values
            ],
        )
        return
    rows = [
        (_plain(_under(row.name, row.under)), _plain(column.name), *_beside(path, column.kind == "money"), f"`{path}`")
        for row in part.rows
        for column in part.values
        for path in (table.path(row, column),)
    ]
    yield from _grid(("row 行", "column 列", "English", "unit 单位", "path"), rows)


def _beside(path: str, is_money: bool = False) -> tuple[str, str]:
    """The English of a path and its unit, from config/english.yaml."""
    english = load_english()
    return english.of(path), english.unit_in_words(english.unit(path, is_money=is_money))


def _row_path(table: Table, part: Part, number: int) -> str:
    column = part.values[0]
    return table.path(part.rows[number], column).removesuffix(f".{column.key}")


def _under(name: str, groups: Sequence[object]) -> str:
    """A row that says little alone keeps the name of its nearest group."""
    if len(groups) < 2:
        return name
    forms = getattr(groups[-1], "forms", ())
    return f"{min(forms, key=len, default='')} › {name}"


def _relation(check: CheckRule) -> str:
    """One side, how it relates, the other; `whole` is a whole number, nothing on the right is 0."""
    right = {"whole": ""}.get(check.relation, _code(check.right) or "0")
    words = {"whole": "is a whole number", "differs": "is not"}.get(check.relation, check.relation)
    return f"{_code(check.left)} {words} {right}".strip()


def _code(terms: Sequence[str]) -> str:
    return " + ".join(f"`{term}`" for term in terms)


# --- the commands ---------------------------------------------------------------------------------------------


def commands() -> Iterator[str]:
    """Every command as `--help` tells it."""
    yield "# Commands 命令\n"
    yield (
        "As `nianbao COMMAND --help` tells them. Exit codes: 0 done, 1 something failed (the last line says what and what"
        " to do), 2 wrong arguments, 3 nothing found although something was expected.\n"
    )
    root = typer.main.get_command(app)
    yield from _group(root, "nianbao", 2)


def _group(group: object, path: str, depth: int) -> Iterator[str]:
    for name, command in sorted(getattr(group, "commands", {}).items()):
        if getattr(command, "hidden", False):
            continue
        if hasattr(command, "commands"):
            yield from _group(command, f"{path} {name}", depth)
            continue
        yield f"{'#' * depth} {path} {name}\n"
        yield f"```text\n{inspect.cleandoc(_help(command, f'{path} {name}'))}\n```\n"


def _help(command: object, path: str) -> str:
    context = command.make_context(path, [], resilient_parsing=True)  # type: ignore[attr-defined]
    context.max_content_width = 100
    return str(command.get_help(context))  # type: ignore[attr-defined]


# --- Markdown -------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("*", "\\*").replace("<", "&lt;")


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') if cell.startswith('`') else cell for cell in row)} |"
    yield ""
