"""Table three with its columns in another order, or without one of them, in text and in sheets."""

from __future__ import annotations

import pytest

from parsers import Source, parse
from parsers.report import Report
from tests.parsers import forms

_TABLE = forms.template("e2021_v30").tables[1]
_PART = _TABLE.parts[0]
_TITLE = "青河市数据局2023年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n"
_FIGURES = {_TABLE.path(row, c): 100 * n + m for n, row in enumerate(_PART.rows) for m, c in enumerate(_PART.columns)}
_SHUFFLED = (2, 0, 5, 1, 6, 4, 3)


def read(order: tuple[int, ...], sign: str, groups: tuple[str, ...] = ()) -> Report:
    columns = [_PART.columns[index] for index in order]
    rows = [["办理情况", *groups, *(column.name for column in columns)]]
    rows += [[row.name, *(str(_FIGURES[_TABLE.path(row, column)]) for column in columns)] for row in _PART.rows]
    media_type = "text/csv" if sign == "," else None
    # A sheet is as wide as its widest table.
    pads = [""] * 9 if sign == "," else []
    rows = [[cell.replace(",", "，") for cell in row] for row in rows]
    text = _TITLE + "\n".join(sign.join([*row, *pads]) for row in rows)
    return parse(Source(content=text.encode(), media_type=media_type))


def values(report: Report) -> dict[str, object]:
    return {cell.path: cell.value for cell in report.cells}


@pytest.mark.parametrize("sign", ["\n", "\t", " | ", ","])
@pytest.mark.parametrize("order", [_SHUFFLED, (6, 0, 1, 2, 3, 4, 5)])
def test_one_line_of_labels_says_the_order(order: tuple[int, ...], sign: str) -> None:
    report = read(order, sign)
    assert values(report) == _FIGURES
    assert not [flag for flag in report.flags if flag.startswith("columns_by_position")]


def test_an_order_that_the_groups_contradict_is_nobodys() -> None:
    report = read(_SHUFFLED, "\n", ("法人或其他组织",))
    assert set(values(report).values()) == {None}
    assert "ambiguous_columns:requests" in report.flags


@pytest.mark.parametrize("sign", [",", "\n", "\t"])
def test_a_column_that_is_not_there_shifts_no_other(sign: str) -> None:
    report = read((0, 1, 3, 4, 5, 6), sign)
    assert not [path for path, value in values(report).items() if value not in (None, _FIGURES[path])]


def test_labels_that_have_moved_to_the_left_with_their_merged_cells_say_no_order() -> None:
    """Markdown has none: 总计 stands above the third column, 社会公益组织 as well."""
    header = [["", "申请人情况"], ["---"] * 9, ["自然人", "法人或其他组织", "总计"]]
    header += [["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]]
    rows = [["", row.name, *"—" * 6, "1" if row.key.endswith("public_publication") else "—"] for row in _PART.rows]
    text = "\n".join(f"| {' | '.join([*cells, *[''] * (9 - len(cells))])} |" for cells in [*header, *rows])
    found = values(parse(Source(content=f"{_TITLE}{text}".encode())))
    assert [path for path, value in found.items() if value == 1] in (
        [],
        ["requests.results.not_processed.public_publication.total"],
    )
    assert len(found) == len(_FIGURES)


_DOCUMENTS = ("现行有效件数", "本年制发件数", "本年废止件数")


@pytest.mark.parametrize(
    ("second", "figures", "read_as"),
    [
        (_DOCUMENTS, (40, 5, 3), (5, 3, 40)),
        (("本年制发件数", "本年废止件数", "现行有效件数"), (5, 3, 40), (5, 3, 40)),
        (("现行有效件数", "本年制发件数", "备注"), (40, 5, 3), (None, None, None)),
        (("本年制发件数", "备注", "现行有效件数"), (5, 3, 40), (5, 3, 40)),
    ],
)
@pytest.mark.parametrize("between", ["", "</table><p>- 3 -</p><table>"])
def test_a_header_that_stands_again_says_the_order_of_what_is_below_it(
    second: tuple[str, ...], figures: tuple[int, ...], read_as: tuple[int | None, ...], between: str
) -> None:
    """Of one of which a label is lost nothing is known but whether the others have changed places."""

    def line(*cells: object) -> str:
        return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"

    first = line("信息内容", "本年制发件数", "本年废止件数", "现行有效件数") + line("规章", 0, 0, 7)
    rows = f"{first}{between}{line('信息内容', *second)}{line('行政规范性文件', *figures)}"
    page = f"<meta charset=utf-8><p>{_TITLE}</p><p>第二十条第（一）项</p><table>{rows}</table>"
    proactive = parse(Source(content=page.encode())).figures["proactive"]
    assert proactive["rules"] == {"issued": 0, "repealed": 0, "in_force": 7}
    assert tuple(proactive["normative_documents"].values()) == read_as


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (["行次", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"], [3, 1, 0, 0, 0, 0, 0]),
        (["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "公民", "总计"], [0, 0, 0, 0, 0, 5, 5]),
        (["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "总计", "上年总计"], [5, 0, 0, 0, 0, 5, 9]),
    ],
)
def test_as_many_cells_as_columns_are_not_the_columns_where_known_headers_stand_elsewhere(
    header: list[str], cells: list[int]
) -> None:
    rows = [["办理情况", *header], *([row.name, *cells] for row in _PART.rows)]
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    report = parse(Source(content=f"<meta charset=utf-8><p>{_TITLE}</p><table>{lines}</table>".encode()))
    assert not [value for value in values(report).values() if value is not None]
    assert "ambiguous_columns:requests" in report.flags or "table_missing:requests" in report.flags


def test_a_header_of_which_one_label_is_unknown_keeps_its_order() -> None:
    header = ["公民", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    rows = [["办理情况", *header], *([row.name, 5, 0, 0, 0, 0, 0, 5] for row in _PART.rows)]
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    report = parse(Source(content=f"<meta charset=utf-8><p>{_TITLE}</p><table>{lines}</table>".encode()))
    assert values(report)["requests.received_new.natural_person"] == 5
    assert "columns_by_position:requests" in report.flags
