"""Table four with its columns, its groups or its whole shape changed: read by its words, or null and flagged."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from parsers import Source, parse
from parsers.report import Report

_KINDS = {
    "reconsideration": "行政复议",
    "litigation_direct": "未经复议直接起诉",
    "litigation_after_reconsideration": "复议后起诉",
}
_RESULTS = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结", "total": "总计"}
_FIGURES = {
    f"{kind}.{result}": value
    for kind, values in zip(_KINDS, ((4, 1, 0, 2, 7), (3, 0, 5, 1, 9), (6, 2, 0, 3, 11)), strict=True)
    for result, value in zip(_RESULTS, values, strict=True)
}
_LITIGATION = ("litigation_direct", "litigation_after_reconsideration")

Row = Sequence[tuple[str, int, int]]
"""(text, rows, columns) of each cell."""


def official(kinds: Sequence[str] = tuple(_KINDS), results: Sequence[str] = tuple(_RESULTS)) -> list[Row]:
    """The form with its groups and its columns in this order."""
    top, second, third = [], [], []
    for kind in kinds:
        if kind == "reconsideration":
            top.append(("行政复议", 1, 5))
            second += [(_RESULTS[result], 2, 1) for result in results]
            continue
        if ("行政诉讼", 1, 10) not in top:
            top.append(("行政诉讼", 1, 10))
        second.append((_KINDS[kind], 1, 5))
        third += [(_RESULTS[result], 1, 1) for result in results]
    return [top, second, third, plain(*(_FIGURES[f"{kind}.{result}"] for kind in kinds for result in results))]


def plain(*texts: object) -> Row:
    return [(str(text), 1, 1) for text in texts]


def read(tables: Sequence[Sequence[Row]], carrier: str = "html") -> Report:
    title, heading = "青河市数据局2023年政府信息公开工作年度报告", "四、政府信息公开行政复议、行政诉讼情况"
    if carrier == "html":
        made = "".join(
            "<table>"
            + "".join(
                f"<tr>{''.join(f'<td rowspan={down} colspan={right}>{text}</td>' for text, down, right in row)}</tr>"
                for row in table
            )
            + "</table>"
            for table in tables
        )
        content = f"<meta charset=utf-8><h1>{title}</h1><p>{heading}</p>{made}"
    else:
        rows = (carrier.join(text for text, _, _ in row) for table in tables for row in table)
        content = "\n".join([title, heading, *rows, "五、存在的主要问题及改进情况"])
    return parse(Source(content=content.encode()))


def values(report: Report) -> dict[str, object]:
    return {cell.path: cell.value for cell in report.cells}


@pytest.mark.parametrize("carrier", ["html", "\n", "\t", " | "])
@pytest.mark.parametrize(
    "table",
    [
        official(),
        official(results=("total", "upheld", "corrected", "other", "pending")),
        official(results=("pending", "corrected", "upheld", "other", "total")),
        official(kinds=("reconsideration", *reversed(_LITIGATION))),
    ],
    ids=["official", "total first", "pending first", "after reconsideration first"],
)
def test_columns_in_another_order_are_followed(table: list[Row], carrier: str) -> None:
    report = read([table], carrier)
    assert values(report) == _FIGURES
    assert not [flag for flag in report.flags if flag.startswith("columns_by_position")]


def test_groups_in_another_order_are_followed_where_there_are_cells() -> None:
    assert values(read([official(kinds=(*_LITIGATION, "reconsideration"))])) == _FIGURES


@pytest.mark.parametrize("carrier", ["\n", "\t", " | "])
def test_a_text_with_the_groups_in_another_order_does_not_say_whose_the_columns_are(carrier: str) -> None:
    report = read([official(kinds=(*_LITIGATION, "reconsideration"))], carrier)
    assert set(values(report).values()) == {None}
    assert "ambiguous_columns:reconsideration" in report.flags


@pytest.mark.parametrize("carrier", ["html", "\n"])
def test_columns_without_their_groups_are_known_by_their_place_alone(carrier: str) -> None:
    report = read([[plain(*_RESULTS.values(), *_RESULTS.values(), *_RESULTS.values()), official()[3]]], carrier)
    assert values(report) == _FIGURES
    assert "columns_by_position:reconsideration" in report.flags


def test_an_order_that_two_columns_share_is_nobodys() -> None:
    table = official()
    table[1] = [("结果维持", 2, 1), *table[1][1:4], ("结果维持", 2, 1), *table[1][5:]]
    report = read([table])
    assert values(report).get("reconsideration.upheld") is None


@pytest.mark.parametrize(
    "tables",
    [
        [
            [
                plain("类别", *_RESULTS.values()),
                *(plain(_KINDS[k], *(_FIGURES[f"{k}.{r}"] for r in _RESULTS)) for k in _KINDS),
            ]
        ],
        [
            [
                plain("结果", *_KINDS.values()),
                *(plain(_RESULTS[r], *(_FIGURES[f"{k}.{r}"] for k in _KINDS)) for r in _RESULTS),
            ]
        ],
        [
            [[(name, 1, 5)], plain(*_RESULTS.values()), plain(*(_FIGURES[f"{kind}.{r}"] for r in _RESULTS))]
            for kind, name in zip(
                _KINDS, ["行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"], strict=True
            )
        ],
        [[plain(*(f"{k}{r}" for k in _KINDS.values() for r in _RESULTS.values())), official()[3]]],
        [[[("项目", 3, 1), *official()[0]], *official()[1:3], [("件数", 1, 1), *official()[3]]]],
    ],
    ids=["a row a kind", "a column a kind", "three tables", "one line of labels", "a label in front"],
)
def test_another_shape_is_read_by_what_stands_above_and_in_front(tables: Sequence[Sequence[Row]]) -> None:
    assert values(read(tables)) == _FIGURES


def test_of_two_rows_below_one_header_nobody_knows_which_is_the_reports() -> None:
    table = official()
    table[0] = [("年份", 3, 1), *table[0]]
    other = plain(*(value + 1 for value in _FIGURES.values()))
    report = read([[*table[:3], [("2022年", 1, 1), *other], [("2023年", 1, 1), *table[3]]]])
    assert set(values(report).values()) == {None}
    assert "rows_repeated:reconsideration" in report.flags


@pytest.mark.parametrize("foot", ["第5页", "- 5 -", "5"])
@pytest.mark.parametrize("at", range(2, 12))
def test_the_number_of_a_page_in_the_header_moves_no_figure(at: int, foot: str) -> None:
    cells = [text for row in official() for text, _, _ in row]
    found = values(read([[plain(*cells[:at], foot, *cells[at:])]], "\n"))
    assert not [path for path, value in found.items() if value not in (None, _FIGURES[path])]


@pytest.mark.parametrize("label", [[], ["栏次"]])
def test_the_numbers_of_the_columns_are_no_figures(label: list[str]) -> None:
    table = official()
    if label:
        table = [[("项目", 3, 1), *table[0]], *table[1:3], [("件数", 1, 1), *table[3]]]
    assert values(read([[*table[:3], plain(*label, *range(1, 16)), table[3]]])) == _FIGURES


@pytest.mark.parametrize(
    ("names", "is_read"),
    [
        ("结果维 结果纠 其他结 尚未审 总", True),
        ("总 结果维 结果纠 其他结 尚未审", False),
        ("总计 结果维 结果纠 其他结 尚未审", False),
    ],
)
def test_a_torn_header_still_tells_that_its_columns_have_moved(names: str, is_read: bool) -> None:
    lines = [
        "行政复议 行政诉讼",
        "未经复议直接起诉 复议后起诉",
        names,
        f"{names} {names}",
        "持正果结",
        "持正果结持正果结",
    ]
    report = read([[plain("\n".join([*lines, " ".join(map(str, _FIGURES.values()))]))]], "\n")
    assert set(values(report).values()) == (set(_FIGURES.values()) if is_read else {None})
    assert f"{'columns_by_position' if is_read else 'ambiguous_columns'}:reconsideration" in report.flags


@pytest.mark.parametrize("blanks", [(0, 14), (2,), (0, 2, 5, 14), ()])
def test_a_sign_for_the_end_of_each_row_moves_no_figure(blanks: tuple[int, ...]) -> None:
    """antiword: cells and the ends of rows leave the same sign, and a table may stand in one line."""
    *header, record = official()
    figures = ["" if n in blanks else text for n, (text, _, _) in enumerate(record)]
    cells = [text for row in header for text in (*(text for text, _, _ in row), "")]
    line = "".join(f"{text} |" for text in [*cells, *figures, ""]) + "五、存在的主要问题及改进情况"
    found = values(read([[plain(line)]], "\n"))
    want = {path: None if n in blanks else value for n, (path, value) in enumerate(_FIGURES.items())}
    assert not [path for path, value in found.items() if value not in (None, want[path])]


def test_a_group_that_was_torn_out_of_its_place_says_no_order() -> None:
    """pdftotext: 复议后起诉 comes in front of all columns, and 未经复议直接起诉 stays where it was."""
    _, second, third, record = official()
    lines = [plain("行政复议"), plain("行政诉讼"), plain("复议后起诉"), second[:6], third, record]
    found = values(read([[*lines]], "\n"))
    assert not [path for path, value in found.items() if value not in (None, _FIGURES[path])]
