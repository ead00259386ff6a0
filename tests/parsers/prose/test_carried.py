"""Whose a figure is and of when, where other sentences, headings or what follows it say so: the lines of told_of.tsv."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import TemplateError
from parsers.prose.fact import read_facts
from parsers.prose.facts import extract
from parsers.template import config_directory, load_templates

FACTS = next(template for template in load_templates() if template.id == "e2014_narrative").facts
LINES = (Path(__file__).parent / "told_of.tsv").read_text("utf-8").splitlines()[1:]
FILE = config_directory() / "templates" / "facts" / "sentences.yaml"


@pytest.mark.parametrize("line", LINES)
def test_what_a_careful_person_records_of_the_organ(line: str) -> None:
    organ, written, recorded = line.split("\t")
    cells = extract(written.replace("\\n", "\n"), FACTS, 2016, (organ,)).cells
    given = {cell.path.removeprefix("statistics."): cell.value for cell in cells if cell.value is not None}
    assert given == {key: float(value) for key, value in (pair.split("=") for pair in recorded.split())}


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2015年，我局认真公开。主动公开政府信息920条。", "other_time"),
        ("2017年工作任务如下。主动公开政府信息920条。", "other_time"),
        ("水文站。主动公开政府信息920条。", "of_others"),
        ("（三）水政监察支队\n全年主动公开政府信息920条。", "of_others"),
        ("市防汛办受理申请3件。主动公开政府信息920条。", "of_others"),
        ("全市主动公开政府信息920条。", "of_others"),
        ("主动公开政府信息920条，其中我局120条。", "of_others"),
        ("主动公开政府信息920条，系全市汇总数。", "more_is_said"),
        ("主动公开政府信息920条，后更正为890条。", "more_is_said"),
        ("主动公开政府信息920条，恰逢搬迁。", "more_is_said"),
        ("主动公开政府信息920条。上述数据包括水文站。", "more_is_said"),
        ("下属单位情况：全年主动公开政府信息920条。", "more_is_said"),
        ("保障窗口开放，主动公开政府信息920条。", "more_is_said"),
    ],
)
def test_why_a_figure_is_set_aside_is_said(written: str, why: str) -> None:
    result = extract(written, FACTS, 2016, ("滨河市水务局",))
    assert [(cell.value, cell.note) for cell in result.cells if cell.path.endswith("info_count")] == [(None, why)]
    assert "facts_set_aside:statistics" in result.flags


@pytest.mark.parametrize(
    ("organ", "whose"),
    [
        ("五常市民意乡人民政府", "五常市"),
        ("五常市民意乡人民政府", "五常市人民政府"),
        ("滨河市城东区人民政府", "滨河市政府"),
        ("河北省教育厅", "河北省"),
    ],
)
def test_the_region_that_an_organ_lies_in_is_another(organ: str, whose: str) -> None:
    (cell,) = extract(f"2016年，{whose}共收到政府信息公开申请12件。", FACTS, 2016, (organ,)).cells
    assert (cell.path, cell.value) == ("statistics.requests.received.total", None)


def test_a_government_may_be_named_by_what_it_governs() -> None:
    for organ, whose in (
        ("五常市民意乡人民政府", "民意乡"),
        ("滨河市人民政府", "市政府"),
        ("滨河市人民政府", "滨河市"),
    ):
        (cell,) = extract(f"2016年，{whose}共收到政府信息公开申请12件。", FACTS, 2016, (organ,)).cells
        assert cell.value == 12, organ


@pytest.mark.parametrize(
    "written",
    [
        "根据《条例》要求，2008年5月1日起我局开始公开。主动公开政府信息920条。",
        "2015年，我局获奖。2016年，我局认真公开。主动公开政府信息920条。",
        "2015年，我局认真公开。本年度主动公开政府信息920条。",
        "2015年，我局认真公开。\n二、主动公开情况\n主动公开政府信息920条。",
        "（一）滨河市水务局\n主动公开政府信息920条。",
        "市政府高度重视。主动公开政府信息920条。",
        "保障窗口开放，全年主动公开政府信息920条。",
        "主动公开政府信息920条，其中水文站120条。",
    ],
)
def test_what_is_the_organs_own_of_the_year_stands(written: str) -> None:
    cells = {cell.path: cell.value for cell in extract(written, FACTS, 2016, ("滨河市水务局",)).cells}
    assert cells == {"statistics.proactive.info_count": 920}


def test_a_government_speaks_for_its_area_and_a_town_for_no_county() -> None:
    for organ in ("滨河市人民政府", "滨河市人民政府办公室"):
        assert [cell.value for cell in extract("全市主动公开政府信息920条。", FACTS, 2016, (organ,)).cells] == [920]
    (cell,) = extract("全县主动公开政府信息920条。", FACTS, 2016, ("青石县青山镇人民政府",)).cells
    assert (cell.value, cell.note) == (None, "of_others")


def test_a_pattern_without_its_group_is_an_error_with_its_line(tmp_path: Path) -> None:
    bad = tmp_path / "sentences.yaml"
    bad.write_text(FILE.read_text("utf-8").replace("(?P<level>[省市县区州旗盟镇乡])", "[省市县区州旗盟镇乡]"), "utf-8")
    with pytest.raises(TemplateError, match=r"sentences\.yaml:\d+: .* needs a group named level"):
        read_facts(bad, bad.read_bytes())
