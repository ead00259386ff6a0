"""A figure stands only where every word of its clause is known: in front, behind, in brackets, within a pattern."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parsers.errors import TemplateError
from parsers.prose.fact import read_facts
from parsers.prose.facts import extract
from parsers.prose.known import LONGEST, Known
from parsers.template import config_directory, load_templates

FACTS = next(template for template in load_templates() if template.id == "e2014_narrative").facts
NOTHING = re.compile("(?!)")
FILE = config_directory() / "templates" / "facts" / "sentences.yaml"


def told(written: str, key: str, organs: tuple[str, ...] = ()) -> tuple[float | None, str | None] | None:
    cells = {cell.path.removeprefix("statistics."): cell for cell in extract(written, FACTS, 2016, organs).cells}
    return (cells[key].value, cells[key].note) if key in cells else None


def known(*words: str, shapes: str = "(?!)") -> Known:
    return Known(frozenset(words), frozenset(), frozenset(), re.compile(shapes), *[NOTHING] * 12)


def test_words_may_be_cut_in_any_way_that_leaves_nothing_over() -> None:
    words = known("政府", "政府信息", "息公开", "信", "公开")
    assert words.spells("政府信息公开", 0, 6, frozenset())
    assert words.spells("在政府信息公开中", 1, 7, frozenset())
    assert not words.spells("政府信息公开度", 0, 7, frozenset())
    assert words.spells("政府信息公开度", 0, 7, frozenset({"度"}))
    assert words.spells("本局公开", 0, 4, frozenset(), ("本局",))
    assert known("年", shapes=r"\d{4}").spells("2016年", 0, 5, frozenset())
    assert words.spells("", 0, 0, frozenset())


def test_a_long_text_of_words_that_fit_in_many_ways_is_soon_told() -> None:
    # Every other way to cut it tried one after the other would be 2 ** 5000 ways.
    assert not known("公", "公公", "公公公").spells("公" * 5000 + "私", 0, 5001, frozenset())


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("主动公开安全生产政府信息3条，发布安全生产解读稿件3篇。", "response.policy_interpretations"),
        ("主动公开政府信息920条（不含区县）。", "proactive.info_count"),
        ("主动公开政府信息920条，不含区县。", "proactive.info_count"),
        ("主动公开政府信息920条，含下属单位100条。", "proactive.info_count"),
        ("主动公开政府信息920条，另有下级单位230条已计入。", "proactive.info_count"),
        ("主动公开政府信息920条。以上数据不含区县。", "proactive.info_count"),
        ("主动公开政府信息（环保类）920条。", "proactive.info_count"),
        ("主动公开政府信息920条为环保信息。", "proactive.info_count"),
        ("环保类：主动公开政府信息920条。", "proactive.info_count"),
        ("（二）财政信息公开情况\n我局认真落实。主动公开政府信息920条。", "proactive.info_count"),
        ("1.重点领域信息公开。主动公开政府信息920条。", "proactive.info_count"),
        ("主动公开政府信息920条，均为2015年公开。", "proactive.info_count"),
        ("另外主动公开政府信息920条。", "proactive.info_count"),
        ("主动公开政府信息920条（其中转载600条）。", "proactive.info_count"),
        ("在环境保护方面，我局认真梳理，主动公开政府信息920条。", "proactive.info_count"),
        ("教育、卫生领域主动公开政府信息920条。", "proactive.info_count"),
        ("败诉的政府信息公开行政诉讼1件。", "litigation.total"),
        ("因政府信息公开答复超期引发行政复议1件。", "reconsideration.total"),
        ("未发生因征地引起的政府信息公开行政复议。", "reconsideration.total"),
        ("未发生因政府信息公开超期引起的行政复议。", "reconsideration.total"),
        ("我局信息公开及时，窗口未发生行政复议。", "reconsideration.total"),
        ("个别申请人未收到政府信息公开申请回执，科室未收到政府信息公开申请。", "requests.received.total"),
    ],
)
def test_a_word_that_is_not_known_sets_the_figure_aside(written: str, key: str) -> None:
    assert told(written, key) == (None, "more_is_said")


@pytest.mark.parametrize(
    ("written", "key", "value"),
    [
        ("我局认真贯彻条例，加强领导，主动公开政府信息920条。", "proactive.info_count", 920),
        ("根据《条例》规定，2016年，主动公开政府信息920条。", "proactive.info_count", 920),
        ("为保障公众的知情权，主动公开政府信息920条。", "proactive.info_count", 920),
        ("主动公开情况：全年主动公开政府信息920条。", "proactive.info_count", 920),
        ("（二）进一步加强政府信息公开工作\n我局认真落实。主动公开政府信息920条。", "proactive.info_count", 920),
        ("（二）创新公开方式\n主动公开政府信息920条。", "proactive.info_count", 920),
        ("主动公开政府信息920条（另有咨询30件）。", "proactive.info_count", 920),
        ("制发文件30件、主动公开政府信息920条。", "proactive.info_count", 920),
        ("主动公开政府信息920条（政策类20条，动态类900条）。", "proactive.info_count", 920),
        ("主动公开政府信息920条，包括政策类20条、动态类900条。", "proactive.info_count", 920),
        ("主动公开政府信息920条均已备案。", "proactive.info_count", 920),
        ("通过网站、公开栏等多种形式主动公开政府信息920条。", "proactive.info_count", 920),
        ("全市各级各部门共主动公开政府信息1,920条。", "proactive.info_count", 1920),
        ("未发生因政府信息公开答复引起的行政复议。", "reconsideration.total", 0),
        ("我局信息公开工作有序开展，全年未发生行政复议。", "reconsideration.total", 0),
    ],
)
def test_free_prose_and_known_words_leave_it_standing(written: str, key: str, value: float) -> None:
    assert told(written, key) == (value, None)


def test_no_number_of_brackets_and_clauses_is_too_many() -> None:
    assert told(f"主动公开政府信息920条{'（等）' * 5000}。", "proactive.info_count") == (920, None)
    assert told(f"{'加强领导，' * 5000}主动公开政府信息920条。", "proactive.info_count") == (920, None)


def test_the_organ_may_be_named() -> None:
    written = "滨河市水务局主动公开政府信息920条。"
    assert told(written, "proactive.info_count", ("滨河市水务局",)) == (920, None)
    assert told("市水务局2016年主动公开政府信息920条。", "proactive.info_count", ("滨河市水务局(汇总)",)) == (920, None)
    assert told("联合市财政局制定规范性文件1件。", "proactive.normative_docs_issued") == (None, "more_is_said")


def test_a_part_beside_the_whole_no_longer_contradicts_it() -> None:
    written = "主动公开政府信息500条。在安全生产方面，主动公开政府信息36条。"
    assert told(written, "proactive.info_count") == (500, None)


def test_a_word_too_long_to_be_found_is_an_error_with_its_line(tmp_path: Path) -> None:
    bad = tmp_path / "sentences.yaml"
    bad.write_text(
        FILE.read_text("utf-8").replace("    known: 安排 投入\n", f"    known: {'长' * (LONGEST + 1)}\n"), "utf-8"
    )
    with pytest.raises(TemplateError, match=r"sentences\.yaml:\d+: '长+' is longer than"):
        read_facts(bad, bad.read_bytes())
