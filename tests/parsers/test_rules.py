"""Every rule of the specification has a home: a template, the code, a colleague across reports, or a reason to have none.

The ids are those of domain.md section 2, written down here so that a rule that is added or lost shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from parsers import Source, parse
from parsers.identity import due
from parsers.report import Check, Report, Status
from parsers.template import load_templates
from tests.parsers import forms
from tests.parsers.tables.test_carriers import counted

IN_TEMPLATES = {
    "T3-ROW", "T3-COL", "T3-BAL", "T3-INT", "T4-SUM", "T4-INT", "T2-LEVEL", "T2-FEE", "T2-DEC", "T2A-NEW", "T2A-NEG",
    "T2A-CONF", "T2A-PROC", "S14-RECV", "S14-DONE", "S14-REPLY", "S14-DENY", "S14-REC", "S14-LIT", "S14-STAFF",
    "S14-NORM", "S14-CH", "S14-PRIN", "N-T2", "N-T3", "N-T4", "N-NIL",
}  # fmt: skip
IN_CODE = {
    "X-DATE": "parsers/identity/due.py: the day of publication; the period against the title is the flag year_conflict",
    "T3-EMPTY": "parsers/tables/resolve.py: the flag totals_only",
}
ACROSS_REPORTS = {"T3-CHAIN", "T4-CHAIN", "T4-REV", "T2-STOCK", "T2A-CHAIN", "H-HIER", "X-COPY"}
"""Two years of one organ, or two organs: the archive's."""
SAY_NOTHING = {
    "T3-REPEAT": "says how a request is counted, which no figure shows",
    "S14-TIME": "received, completed and replied need not be equal: the form has no carry-over",
    "S14-TOPIC": "responses may exceed topics, and need not",
    "S14-SCOPE": "warns against comparing the 2014 form with table four",
}


def test_every_rule_has_a_home() -> None:
    written = {rule.rule for template in load_templates() for rule in template.checks}
    told = {name for template in load_templates() for item in template.told for name in (item.rule, item.nil_rule)}
    assert written | told == IN_TEMPLATES
    homes = [IN_TEMPLATES, set(IN_CODE), ACROSS_REPORTS, set(SAY_NOTHING)]
    assert sum(map(len, homes)) == len(set().union(*homes)) == 40


@pytest.mark.parametrize("template", ["e2019_v60", "e2021_v30"])
def test_both_forms_have_the_rules_of_tables_three_and_four(template: str) -> None:
    rules = {rule.rule for rule in forms.template(template).checks}
    assert {"T3-ROW", "T3-COL", "T3-BAL", "T3-INT", "T4-SUM", "T4-INT", "T2-LEVEL"} <= rules


# --- the ones that look at more than a sum -----------------------------------------------------------------------


def report(
    template: str, figures: Mapping[str, str], *, organ: str = "云溪县统计局", text: str = "", year: int = 2022
) -> Report:
    form = forms.template(template)
    title = f"{organ}{year}年政府信息公开工作年度报告"
    asked = {path: int(text) for path, text in figures.items() if path.startswith("requests.")}
    page = forms.page("html", form, {**counted(form, asked), **figures}).decode()
    page = page.replace("<div id='zoom'>", f"<h1>{title}</h1><div id='zoom'><p>{text or '一、总体情况'}</p>")
    return parse(Source(content=page.encode(), title=title))


def checks(found: Report, rule: str) -> list[Check]:
    return [check for check in found.checks if check.rule == rule]


def test_a_department_of_a_county_has_no_rules_of_its_own() -> None:
    found = checks(report("e2021_v30", {"proactive.rules.in_force": "4"}), "T2-LEVEL")
    assert {check.where: check.status for check in found} == {"issued": Status.PASS, "in_force": Status.FAIL}
    high = report("e2021_v30", {"proactive.rules.in_force": "40"}, organ="河北省人民政府")
    assert high.organ.level == "province"
    assert {check.status for check in checks(high, "T2-LEVEL")} == {Status.PASS}
    nobody = report("e2021_v30", {"proactive.rules.in_force": "4"}, organ="某某服务中心")
    if nobody.organ.level is None:
        assert {check.status for check in checks(nobody, "T2-LEVEL")} == {Status.NOT_ASSESSABLE}


@pytest.mark.parametrize(
    ("organ", "status"),
    [
        ("上海市人民政府办公厅", Status.PASS),
        ("河北省人民政府办公厅", Status.PASS),
        ("石家庄市人民政府办公室", Status.PASS),
        ("上海市浦东新区人民政府办公室", Status.FAIL),
        ("河北省教育厅", Status.FAIL),
        ("石家庄市教育局", Status.FAIL),
    ],
)
def test_the_office_of_a_government_counts_the_rules_of_its_government(organ: str, status: Status) -> None:
    """T2-LEVEL of domain.md section 2.3; 上海市人民政府办公厅 2019 reports 规章 of the city."""
    found = checks(report("e2021_v30", {"proactive.rules.in_force": "40"}, organ=organ), "T2-LEVEL")
    assert {check.status for check in found if check.where == "in_force"} == {status}


def test_an_amount_in_yuan_is_no_plausible_amount_of_ten_thousands() -> None:
    """四川省教育厅 2019: 6 projects, 4837205.23."""
    key = "proactive.centralized_procurement"
    odd = report("e2019_v60", {f"{key}.projects": "6", f"{key}.amount_wan_yuan": "4837205.23"}, year=2019)
    (check,) = checks(odd, "T2A-PROC")
    assert (check.status, check.left, check.right) == (Status.FAIL, 4837205.23, 600_000)
    fair = report("e2019_v60", {f"{key}.projects": "72", f"{key}.amount_wan_yuan": "31.65"}, year=2019)
    assert [check.status for check in checks(fair, "T2A-PROC")] == [Status.PASS]
    nil = report("e2019_v60", {f"{key}.projects": "0", f"{key}.amount_wan_yuan": "5"}, year=2019)
    assert [check.status for check in checks(nil, "T2A-PROC")] == [Status.NOT_ASSESSABLE]


def test_decisions_that_are_counts_of_items_are_flagged() -> None:
    """安顺市西秀区 2019: 处罚 79, 增123, 202."""
    key = "proactive.administrative_penalty"
    figures = {f"{key}.items_prev_year": "79", f"{key}.items_change": "增123", f"{key}.decisions": "202"}
    assert "decisions_equal_items:proactive" in report("e2019_v60", figures, year=2019).flags
    figures[f"{key}.decisions"] = "7"
    assert "decisions_equal_items:proactive" not in report("e2019_v60", figures, year=2019).flags


@pytest.mark.parametrize(
    ("text", "rule", "status"),
    [
        ("全年共收到政府信息公开申请12件。", "N-T3", Status.PASS),
        ("全年共收到政府信息公开申请32件。", "N-T3", Status.FAIL),
        ("本年度未收到政府信息公开申请。", "N-NIL", Status.FAIL),
        ("全年制发规范性文件3件，废止规范性文件1件。", "N-T2", Status.PASS),
        ("全年印发行政规范性文件2件。", "N-T2", Status.FAIL),
        ("因政府信息公开引发行政复议2件。", "N-T4", Status.PASS),
        ("因政府信息公开引发行政复议3件。", "N-T4", Status.FAIL),
        ("本年度没有收到政府信息公开申请。", "N-NIL", Status.FAIL),
    ],
)
def test_text_against_table(text: str, rule: str, status: Status) -> None:
    figures = {
        "requests.results.granted.natural_person": "12",
        "proactive.normative_documents.issued": "3",
        "proactive.normative_documents.repealed": "1",
        "reconsideration.upheld": "2",
        "reconsideration.total": "2",
    }
    found = checks(report("e2021_v30", figures, text=text), rule)
    assert found and {check.status for check in found} == {status}


def test_the_day_of_publication() -> None:
    def said(day: date, level: str | None) -> tuple[Status, float | None, float | None]:
        (check,) = due.check(day, 2020, level)
        return check.status, check.left, check.right

    assert said(date(2021, 1, 20), "department") == (Status.PASS, 20210120, 20210131)
    assert said(date(2021, 2, 9), "department") == (Status.FAIL, 20210209, 20210131)
    assert said(date(2021, 2, 9), "county") == (Status.PASS, 20210209, 20210331)
    assert said(date(2020, 12, 25), None) == (Status.FAIL, 20201225, 20210101)
    assert due.check(None, 2020, None) == ()


# --- each of them passes and fails ------------------------------------------------------------------------------------

_RECEIVED, _REPLIED = "statistics.requests.received", "statistics.requests.replied"
_RESPONSE, _STAFF = "statistics.response", "statistics.organization.staff"
BREAKS = [
    ("e2021_v30", "T3-ROW", {"requests.results.granted.total": "9"}),
    ("e2021_v30", "T3-COL", {"requests.results.total.other_org": "9"}),
    ("e2021_v30", "T3-BAL", {"requests.carried_over.legal_service_org": "9"}),
    ("e2021_v30", "T3-INT", {"requests.carried_over.legal_service_org": "1.5"}),
    ("e2021_v30", "T4-SUM", {"litigation_after_reconsideration.total": "9"}),
    ("e2021_v30", "T4-INT", {"reconsideration.total": "-1"}),
    ("e2021_v30", "T2-LEVEL", {"proactive.rules.issued": "2"}),
    ("e2021_v30", "T2-FEE", {"proactive.administrative_fees.amount_wan_yuan": "-3"}),
    ("e2021_v30", "T2-DEC", {"proactive.administrative_penalty.decisions": "2.5"}),
    ("e2019_v60", "T3-COL", {"requests.results.other.natural_person": "9"}),
    ("e2019_v60", "T2-LEVEL", {"proactive.rules.made_new": "2"}),
    ("e2019_v60", "T2A-NEW", {"proactive.normative_documents.disclosed_new": "9"}),
    ("e2019_v60", "T2A-NEG", {"proactive.administrative_fees.items_change": "-9"}),
    ("e2019_v60", "T2A-CONF", {
        "proactive.administrative_penalty.items_prev_year": "4", "proactive.administrative_penalty.items_change": "2",
        "proactive.administrative_penalty.decisions": "6",
    }),
    ("e2019_v60", "T2A-PROC", {
        "proactive.centralized_procurement.projects": "1", "proactive.centralized_procurement.amount_wan_yuan": "100001",
    }),
    ("e2014_stats", "S14-RECV", {f"{_RECEIVED}.fax": "9"}),
    ("e2014_stats", "S14-DONE", {"statistics.requests.completed.extended": "9"}),
    ("e2014_stats", "S14-REPLY", {f"{_REPLIED}.granted": "9"}),
    ("e2014_stats", "S14-DENY", {f"{_REPLIED}.denied.state_secret": "9"}),
    ("e2014_stats", "S14-REC", {"statistics.reconsideration.corrected": "9"}),
    ("e2014_stats", "S14-LIT", {"statistics.litigation.corrected": "9"}),
    ("e2014_stats", "S14-STAFF", {f"{_STAFF}.part_time": "9"}),
    ("e2014_stats", "S14-NORM", {"statistics.proactive.normative_docs_disclosed": "9"}),
    ("e2014_stats", "S14-CH", {"statistics.proactive.info_count": "9"}),
    ("e2014_stats", "S14-PRIN", {f"{_RESPONSE}.press_conferences_by_principal": "9"}),
    ("e2014_stats", "S14-PRIN", {f"{_RESPONSE}.online_interviews_by_principal": "9"}),
]  # fmt: skip
ONLY_FAIL = {"T3-INT", "T4-INT", "T2-DEC"}
"""A whole number is nothing to speak of: they are silent where they hold."""
HOLDS = {
    "T2A-CONF": {
        "proactive.administrative_penalty.items_prev_year": "4",
        "proactive.administrative_penalty.decisions": "1",
    },
    "T2A-PROC": {
        "proactive.centralized_procurement.projects": "1",
        "proactive.centralized_procurement.amount_wan_yuan": "9",
    },
    "T2A-NEG": {"proactive.administrative_fees.items_prev_year": "9"},
}
"""Where noughts are nothing that a rule could be held to."""


def whole(template: str, figures: Mapping[str, str]) -> Report:
    """A form full of noughts but for `figures`, whatever its sums are."""
    form = forms.template(template)
    noughts = {path: "0" for table in form.tables for path in table.paths()}
    year = {"e2021_v30": 2022, "e2019_v60": 2019, "e2014_stats": 2016}[template]
    title = f"云溪县统计局{year}年政府信息公开工作年度报告"
    text = forms.flattened("markdown", form, {**noughts, **figures})
    if template == "e2014_stats":
        text = "\n".join(["| 统计指标 | 统计数 |", *text.split("\n")[1:]])
    return parse(
        Source(content=f"{title}\n\n一、总体情况\n\n本机关认真做好各项工作。\n\n{text}\n".encode(), title=title)
    )


@pytest.mark.parametrize(("template", "rule", "figures"), BREAKS)
def test_every_rule_of_a_report_holds_and_breaks(template: str, rule: str, figures: Mapping[str, str]) -> None:
    held = {check.status for check in checks(whole(template, HOLDS.get(rule, {})), rule)}
    assert held - {Status.NOT_ASSESSABLE} == (set() if rule in ONLY_FAIL else {Status.PASS})
    broken = [check for check in checks(whole(template, figures), rule) if check.status is Status.FAIL]
    assert broken and all(check.left is not None and check.cells for check in broken)


def test_no_rule_is_left_out() -> None:
    told = {"N-T2", "N-T3", "N-T4", "N-NIL"}
    assert {rule for _, rule, _ in BREAKS} | told == IN_TEMPLATES
