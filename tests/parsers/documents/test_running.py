"""Running heads and feet: gone from the text, and nothing else with them."""

from __future__ import annotations

from parsers.documents.pdf_lines import Line
from parsers.documents.running import without_running_heads


def page(*lines: tuple[str, float]) -> list[Line]:
    return [Line(text, 70, top, 500, top + 12, 12) for text, top in lines]


def texts(pages: list[list[Line]]) -> list[list[str]]:
    return [[line.text for line in one] for one in without_running_heads(pages)]


HEAD = "青河市数据局政府信息公开工作年度报告"


def test_a_head_that_the_text_repeats_goes_from_every_page() -> None:
    pages = [page((HEAD, 40), (HEAD, 90), ("一、总体情况", 120), ("正文一。", 700)), page((HEAD, 40), ("正文二。", 90))]
    assert texts(pages) == [[HEAD, "一、总体情况", "正文一。"], ["正文二。"]]


def test_a_head_that_stands_nowhere_else_stays_once() -> None:
    pages = [page((HEAD, 40), (f"正文{n}。", 90), ("其他内容。", 700 + n)) for n in range(4)]
    assert [HEAD in one for one in texts(pages)] == [True, False, False, False]


def test_page_numbers_in_the_same_line() -> None:
    pages = [page((f"正文{n}。", 90), ("内容。", 300 + 9 * n), (f"{HEAD} 第 {n} 页 共 4 页", 800)) for n in range(1, 5)]
    assert sum(HEAD in line for one in texts(pages) for line in one) == 1


def test_even_and_odd_pages_have_heads_of_their_own() -> None:
    heads = ("青河市数据局", "政府信息公开年报")
    pages = [page((heads[n % 2], 40), (f"正文{n}。", 90), ("内容。", 300 + 9 * n)) for n in range(6)]
    assert [line for one in texts(pages)[2:] for line in one if line in heads] == []


def test_figures_and_short_labels_at_the_top_of_pages_stay() -> None:
    """Rows of a table without ruled lines: whatever repeats there is data."""
    pages = [page(("0 0 0 0 0 0 0", 40), ("规章 0", 60), (f"正文{n}。", 90)) for n in range(4)]
    assert texts(pages) == [[line.text for line in one] for one in pages]


def test_a_sentence_that_repeats_elsewhere_on_the_page_stays() -> None:
    pages = [page((f"正文{n}。", 40), ("未收取信息处理费。", 100 + 37 * n), ("内容。", 500 + 9 * n)) for n in range(4)]
    assert texts(pages) == [[line.text for line in one] for one in pages]
