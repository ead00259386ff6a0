"""The panel: one row per organ, year and scope; who and where from, then the harmonised measures side by side."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from storage.base import Doc
from storage.export.columns import Column, Kind, Row, Value, day, dig, number
from storage.export.measures import Measure, Measures
from storage.export.quality import Judge, Quality, hard_failures, worst

QUALITY = "__quality"
"""`requests_received__quality` stands behind `requests_received`."""
TABLES = {
    "proactive": "主动公开",
    "requests": "依申请公开",
    "reconsideration": "行政复议",
    "litigation_direct": "未经复议直接起诉",
    "litigation_after_reconsideration": "复议后起诉",
    "statistics": "统计表",
}
TRUST = ("verified", "consistent", "doubtful", "unreadable")

_IDENTITY: tuple[tuple[Column, str], ...] = (
    (Column("report_id", "报告标识", "Report", definition="What `nianbao show` takes."), "_id"),
    (Column("organ_id", "机关标识", "Organ id"), "organ.id"),
    (Column("organ_name", "机关名称", "Organ"), "organ.name"),
    (Column("level", "层级", "Level"), "organ.level"),
    (Column("region_code", "行政区划代码", "Region code", definition="Six digits, text."), "organ.region_code"),
    (Column("province", "省", "Province"), "organ.province"),
    (Column("city", "市", "City"), "organ.city"),
    (Column("county", "县", "County"), "organ.county"),
    (Column("year", "年度", "Year reported on", Kind.WHOLE), "report_year"),
    (Column("scope", "范围", "Scope", words=("own", "consolidated", "joint")), "scope"),
    (Column("template", "表式", "Form"), "template.id"),
    (Column("language", "语言", "Language"), "language"),
    (Column("title", "标题", "Title"), "title"),
    (Column("published_on", "发布日期", "Published on", Kind.DAY), "page.published_on"),
    (Column("url", "来源网址", "Address it was published at"), "source.url"),
    (Column("portal", "门户", "Portal"), "source.portal"),
    (Column("raw_sha256", "原件 SHA-256", "SHA-256 of the archived bytes"), "source.raw_sha256"),
    (Column("revision", "修订", "Revision", Kind.WHOLE), "revision"),
)
_TOGETHER = Column(
    "joint_organ_ids",
    "联合报告的各机关标识",
    "Organs of a joint report",
    definition="Ids, joined by a semicolon and a space; the figures are of all of them together. Blank: of organ_id alone.",
)


def columns(measures: Measures) -> tuple[Column, ...]:
    return (
        *(column for column, _ in _IDENTITY),
        _TOGETHER,
        *(Column(f"trust_{key}", f"可信度：{zh}", f"Trust: {key}", words=TRUST) for key, zh in TABLES.items()),
        Column("hard_checks_failed", "不符的勾稽关系数", "Hard sums that fail", Kind.WHOLE),
        Column("flags", "标记", "Flags", definition="Names, joined by a semicolon and a space."),
        *(column for measure in measures.all for column in _pair(measure)),
    )


def rows(report: Doc, measures: Measures) -> Iterator[Row]:
    """The one row of a report."""
    judge = Judge.of(report, measures.harmless_flags)
    row: list[Value] = [_identity(report, column, path) for column, path in _IDENTITY]
    row.append("; ".join(organ["id"] for organ in report.get("joint_organs") or ()) or None)
    row += [(report.get("trust") or {}).get(table) for table in TABLES]
    row += [hard_failures(report), "; ".join(report["flags"]) or None]
    forms = forms_of(report)
    for measure in measures.all:
        row += _measured(report["figures"], measure, forms, judge)
    yield row


def forms_of(report: Doc) -> tuple[str, ...]:
    """The forms that the report uses. A mixed one names them in its version: `e2019_v60@1+e2021_v30@1`."""
    template = report["template"]
    if template["id"] != "mixed":
        return (template["id"],)
    return tuple(one.partition("@")[0] for one in template["version"].split("+"))


def _pair(measure: Measure) -> tuple[Column, Column]:
    note = measure.note
    if measure.not_with:
        note = f"{note} Not comparable with {', '.join(measure.not_with)}.".strip()
    value = Column(
        measure.key,
        measure.zh,
        measure.en,
        Kind.NUMBER,
        measure.unit,
        measure.definition,
        str(measure.comparable),
        note,
    )
    quality = Column(
        f"{measure.key}{QUALITY}",
        f"{measure.zh}：质量",
        f"{measure.en}: quality",
        words=tuple(Quality),
    )
    return value, quality


def _identity(report: Doc, column: Column, path: str) -> Value:
    value = dig(report, path)
    if column.kind is Kind.DAY:
        return day(value)
    if column.kind is Kind.WHOLE:
        return int(value)
    return None if value is None else str(value)


def _measured(figures: Doc, measure: Measure, forms: tuple[str, ...], judge: Judge) -> tuple[Value, Value]:
    """(value, quality). In a mixed report two forms may both give it: where they differ, neither is right."""
    ways = dict.fromkeys(measure.sources[form] for form in forms if form in measure.sources)
    found = [(total, way) for way in ways if (total := _sum(figures, way)) is not None]
    if not found or len({total for total, _ in found}) > 1:
        return None, Quality.MISSING.value
    total, way = found[0]
    return total, worst(judge(path, dig(figures, path)) for path in way).value


def _sum(figures: Doc, paths: tuple[str, ...]) -> int | float | None:
    """None when one part is: a blank is not 0. Decimal, so that 0.1 and 0.2 make 0.3."""
    values = [number(dig(figures, path)) for path in paths]
    present = [value for value in values if value is not None]
    if len(present) < len(values):
        return None
    if len(present) == 1:
        return present[0]
    total = sum((Decimal(str(value)) for value in present), Decimal(0))
    return int(total) if total == total.to_integral_value() else float(total)
