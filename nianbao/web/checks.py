"""The sums of a report in words: what is added, what it should be, what the page says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nianbao.web.words import Pair
from parsers.template import load_templates
from storage.base import Doc
from storage.export.cells import labels_of

# domain.md section 2, rule by rule.
RULES: Mapping[str, Pair] = {
    "T2-FEE": Pair("行政事业性收费不为负", "administrative fees are not negative"),
    "T2-DEC": Pair("处理决定数量为非负整数", "decisions are whole numbers, not negative"),
    "T2-LEVEL": Pair(
        "县级及以下机关、部门一般无权制定规章", "an organ below a city, or a department, normally makes no rules (规章)"
    ),
    "T2A-PROC": Pair(
        "采购金额与项目数相称，过大者疑以元为单位", "the amount fits the number of projects; a huge one is in yuan"
    ),
    "T2A-NEW": Pair("本年新公开数量不超过对外公开总数量", "newly disclosed is at most all disclosed"),
    "T2A-NEG": Pair("上一年项目数量加本年增减不为负", "last year's items and the change are not negative together"),
    "T2A-CONF": Pair(
        "处理决定数量疑被误填为项目总数", "the number of decisions looks like last year's items plus the change"
    ),
    "T3-ROW": Pair("总计等于自然人与各类法人或其他组织之和", "the total is the sum of all kinds of applicants"),
    "T3-COL": Pair("办理结果总计等于各项结果之和", "all outcomes add up to the outcomes' total"),
    "T3-BAL": Pair(
        "本年新收加上年结转等于本年办理加结转下年度",
        "received and carried over equal processed and carried forward",
    ),
    "T3-INT": Pair("各格为非负整数", "every cell is a whole number, not negative"),
    "T3-CHAIN": Pair("上年结转等于上一年度报告的结转下年度", "carried over is what the year before carried forward"),
    "T4-SUM": Pair("总计等于维持、纠正、其他、尚未审结之和", "the total is upheld, corrected, other and pending"),
    "T4-INT": Pair("各格为非负整数", "every cell is a whole number, not negative"),
    "S14-RECV": Pair("收到申请数等于各渠道之和", "requests received are the sum of the channels"),
    "S14-DONE": Pair("办结数等于按时与延期办结之和", "completed is on time and extended together"),
    "S14-REPLY": Pair("答复数等于各类答复之和", "replies are the sum of the kinds of reply"),
    "S14-DENY": Pair("不同意公开等于各项理由之和", "denials are the sum of the reasons"),
    "S14-REC": Pair("行政复议数等于各类结果之和", "reconsiderations are the sum of the outcomes"),
    "S14-LIT": Pair("行政诉讼数等于各类结果之和", "lawsuits are the sum of the outcomes"),
    "S14-STAFF": Pair("工作人员等于专职与兼职之和", "staff is full-time and part-time together"),
    "S14-NORM": Pair("主动公开的规范性文件不超过制发总数", "normative documents disclosed are at most those issued"),
    "S14-CH": Pair("各渠道公开数之和不小于公开信息数", "what the channels published is at least the items disclosed"),
    "S14-PRIN": Pair("负责同志参加数不超过总数", "those with the organ's head are at most all of them"),
    "N-T2": Pair("正文所述制发件数与表二一致", "the text and table two give the same number of documents"),
    "N-NIL": Pair("正文称未收到申请，表三即为零", "where the text says that no request came, table three says 0"),
    "X-DATE": Pair("公布日期在次年一月至三月", "published between January and March of the next year"),
    "N-T3": Pair(
        "正文所述申请数、公开数与表三一致", "the text and table three give the same numbers of requests and grants"
    ),
    "N-T4": Pair("正文所述复议诉讼数与表四一致", "the text and table four give the same number of cases"),
}
_ORDER = {"fail": 0, "not_assessable": 1, "pass": 2}


@dataclass(frozen=True)
class Told:
    """One check, ready to be read."""

    rule: str
    words: Pair
    level: str
    status: str
    left: Any
    right: Any
    sign: str
    where: str
    """Which row, column or block, in the form's words."""
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Checks:
    counts: Mapping[str, int]
    failed: Sequence[Told]
    others: Sequence[tuple[str, Pair, str, int]]
    """(rule, its words, status, how often) of what does not fail."""


def told(report: Doc) -> Checks:
    """Failed checks one by one, hard ones first; the others counted by rule."""
    checks = report["checks"]
    forms = tuple(part.partition("@")[0] for part in report["derived"]["template_version"].split("+"))
    failed = [_told(check, forms) for check in checks if check["status"] == "fail"]
    failed.sort(key=lambda check: (check.level != "hard", check.rule, check.where))
    rest = Counter((check["rule"], check["status"]) for check in checks if check["status"] != "fail")
    others = [
        (rule, words_of(rule), status, count)
        for (rule, status), count in sorted(rest.items(), key=lambda item: (_ORDER[item[0][1]], item[0][0]))
    ]
    return Checks(Counter(check["status"] for check in checks), failed, others)


@lru_cache(maxsize=1)
def _relations() -> Mapping[str, str]:
    return {check.rule: check.relation for template in load_templates() for check in template.checks}


def words_of(rule: str) -> Pair:
    return RULES.get(rule, Pair(rule, rule))


def _told(check: Mapping[str, Any], forms: tuple[str, ...]) -> Told:
    relation = _relations().get(check["rule"], "=")
    sign = {"=": "≠", "<=": ">", ">=": "<"}.get(relation, "")
    left, right = check["left"], check["right"] if check["right"] is not None or sign != "<" else 0
    if check["rule"] == "X-DATE":
        left, right, sign = _day(left), _day(right), "↔"
    return Told(
        rule=check["rule"],
        words=words_of(check["rule"]),
        level=check["level"],
        status=check["status"],
        left=left,
        right=right,
        sign=sign,
        where=_where(check, forms),
        cells=tuple(check["cells"]),
    )


def _day(value: Any) -> Any:
    """`20210131 -> 2021-01-31`: how a check writes a day as a number."""
    text = str(value)
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else value


def _where(check: Mapping[str, Any], forms: tuple[str, ...]) -> str:
    """The form's own words for the row or column that a check is about; its key where the form has none."""
    key = check.get("where") or ""
    if not key:
        return ""
    labels = [labels_of(path, forms) for path in check["cells"]]
    for names in ([label.row for label in labels], [label.column for label in labels]):
        same = _shared(names)
        if same:
            return same
    return str(key)


def _shared(names: Iterable[str]) -> str:
    found = set(names)
    return found.pop() if len(found) == 1 else ""
