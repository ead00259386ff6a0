"""Titles that name two years, two organs, or what an organ was called before."""

from __future__ import annotations

import pytest

from parsers.report import Scope
from tests.parsers.test_classify import CHAPTERS, identified, page


@pytest.mark.parametrize(
    ("title", "flags"),
    [
        ("东江县财政局2022、2023年政府信息公开工作年度报告", ("year_conflict",)),
        ("东江县财政局2023-2024年政府信息公开工作年度报告", ("year_conflict",)),
        ("东江县财政局2023年政府信息公开工作年度报告2024-01-31", ()),
    ],
)
def test_a_title_of_two_years_is_flagged(title: str, flags: tuple[str, ...]) -> None:
    assert identified(page(title, f"<p>{CHAPTERS}</p>")).flags == flags


@pytest.mark.parametrize(
    ("meta", "flags"), [("东江县民政局", ("organ_conflict",)), ("县财政局", ()), ("东江县财局", ()), ("附表", ())]
)
def test_titles_of_one_page_that_name_two_organs_are_flagged(meta: str, flags: tuple[str, ...]) -> None:
    rest = "2023年政府信息公开工作年度报告"
    head = f"<meta name='ArticleTitle' content='东江县财政局{rest}'>"
    assert identified(page("", f"<h1>{meta}{rest}</h1><p>{CHAPTERS}</p>", head)).flags == flags


@pytest.mark.parametrize("remark", ["原东江县政务服务中心", "更名为东江县政务服务局"])
def test_another_name_of_an_organ_makes_no_joint_report(remark: str) -> None:
    found = identified(page(f"东江县行政审批局（{remark}）2023年政府信息公开工作年度报告", f"<p>{CHAPTERS}</p>"))
    assert (found.organ.name, found.scope, found.joint) == ("东江县行政审批局", Scope.OWN, ())
