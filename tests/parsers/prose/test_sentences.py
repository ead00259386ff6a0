"""Sentences as reports write them, each with what a careful person records of it: the lines of sentences.tsv.

Round figures, other years and parts of a year, enumerations, what only sounds like none, chapters that say 无.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import TemplateError
from parsers.prose.fact import read_facts
from parsers.prose.facts import APPROXIMATE, ROUNDED, compare, extract
from parsers.report import FigureCell, Semantic
from parsers.template import config_directory, load_templates

TEMPLATES = {template.id: template for template in load_templates()}
FACTS = TEMPLATES["e2014_narrative"].facts
LINES = (Path(__file__).parent / "sentences.tsv").read_text("utf-8").splitlines()[1:]


@pytest.mark.parametrize("line", LINES)
def test_what_a_careful_person_records(line: str) -> None:
    year, written, recorded = line.split("\t")
    cells = extract(written.replace("\\n", "\n"), FACTS, int(year)).cells
    given = {cell.path.removeprefix("statistics."): cell.value for cell in cells if cell.value is not None}
    assert given == {key: float(value) for key, value in (pair.split("=") for pair in recorded.split())}


@pytest.mark.parametrize(
    ("written", "raw"),
    [
        ("主动公开政府信息约500条。", "约500"),
        ("主动公开政府信息共计近1.2万条。", "近1.2万"),
        ("主动公开政府信息1000余条。", "1000余"),
        ("主动公开政府信息1.5万多条。", "1.5万多"),
        ("主动公开政府信息一千二百余条。", "一千二百余"),
        ("主动公开政府信息500条左右。", "500条左右"),
        ("主动公开政府信息达500条以上。", "500条以上"),
        ("受理政府信息公开申请三四件。", "三四"),
    ],
)
def test_an_approximate_figure_is_null_and_flagged(written: str, raw: str) -> None:
    result = extract(written, FACTS, 2015)
    assert [(c.raw, c.value, c.semantic, c.note) for c in result.cells] == [(raw, None, Semantic.TEXT, APPROXIMATE)]
    assert result.flags == ("facts_rounded:statistics",)


def test_a_figure_in_wan_stands_and_is_flagged() -> None:
    result = extract("主动公开政府信息13.56万条。", FACTS, 2015)
    assert [(c.raw, c.value, c.semantic, c.note) for c in result.cells] == [
        ("13.56万", 135_600, Semantic.NUMBER, ROUNDED)
    ]
    assert result.flags == ("facts_rounded:statistics",)


def test_an_exact_figure_is_taken_before_a_round_one() -> None:
    for written in ("主动公开政府信息1.2万条。全年主动公开政府信息12034条。", "主动公开政府信息12034条，约1.2万条。"):
        result = extract(written, FACTS, 2015)
        assert ([cell.value for cell in result.cells], result.flags) == ([12034], ())


def test_a_round_figure_is_no_match_for_a_table() -> None:
    cells = [FigureCell("requests.received_new.total", "11034", 11034, Semantic.NUMBER)]
    assert compare("共收到政府信息公开申请1.1万件。", TEMPLATES["e2021_v30"].told, cells, 2022).checks == ()


def test_a_nought_below_a_heading_says_where() -> None:
    text = "五、因政府信息公开申请行政复议、提起行政诉讼的情况\n2015年，我局无此类情况。\n六、其他"
    cells = {cell.path: cell for cell in extract(text, FACTS, 2015).cells}
    assert set(cells) == {"statistics.reconsideration.total", "statistics.litigation.total"}
    for cell in cells.values():
        assert cell.semantic is Semantic.DERIVED
        assert cell.at is not None
        assert text[int(cell.at["start"]) : int(cell.at["end"])] == "2015年，我局无此类情况"


@pytest.mark.parametrize(
    "text",
    [
        # A word where a figure belongs is no nought.
        "三、依申请公开情况\t无\t\n（二）申请办结数\t件\t5",
        "统计指标\n单位\n统计数\n三、依申请公开情况\n无\n四、行政复议情况\n无",
        "行政复议数\n无\n行政诉讼数\n无",
        "四、政府信息公开行政复议、行政诉讼情况\n结果维持 结果纠正 尚未审结 未经复议直接起诉 0 0 0",
        # The cells of a table four whose header is gone.
        "四、政府信息公开行政复议、行政诉讼情况\n\n\n无\t无\t3\t无\t3",
        "四、政府信息公开行政复议、行政诉讼情况\n\n无\n无\n14,794\n14,794",
        "四、政府信息公开行政复议、行政诉讼情况\n | |\n1630 |\n无 |\n17239 |",
        "四、政府信息公开行政复议、行政诉讼情况\n1630\n无\n五、存在的主要问题",
    ],
)
def test_a_word_in_a_form_is_no_nought(text: str) -> None:
    assert extract(text, FACTS, 2015).cells == ()


def test_what_would_never_be_found_is_an_error_with_its_line(tmp_path: Path) -> None:
    good = (config_directory() / "templates" / "facts" / "sentences.yaml").read_text("utf-8")
    bad = tmp_path / "sentences.yaml"
    bad.write_text(good.replace("'信息公开零申请'", "'信息公开.{0,9}零申请'"), "utf-8")
    with pytest.raises(TemplateError, match=r"sentences\.yaml:\d+: .*may reach over the end of a sentence"):
        read_facts(bad, bad.read_bytes())


@pytest.mark.parametrize(
    "written",
    [
        "我局没有收到政府信息公开申请。三、依申请公开情况\n收到政府信息公开申请5件。",
        "我局未收到政府信息公开的投诉，收到政府信息公开的投诉51件。",
    ],
)
def test_none_and_some_of_the_same_thing_are_null_and_flagged(written: str) -> None:
    result = extract(written, FACTS, 2015)
    assert [(cell.value, cell.semantic) for cell in result.cells] == [(None, Semantic.UNREADABLE)]
    assert result.flags == ("facts_disagree:statistics",)
