"""Chinese and English side by side: Chinese first, English beside it, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from nianbao.ui import labels
from nianbao.web.provinces import TILES
from parsers.template import load_templates
from storage.export.measures import Measure
from storage.units import CENTRAL, NOWHERE

LANGUAGES = ("zh", "en")
_FIRST_CHINESE = re.compile(r"[\u3400-\u9fff〔（]")
# What would turn the line around, or is not seen at all, is shown by its number instead.
_UNSEEN = {
    number: f"⟨U+{number:04X}⟩"
    for span in ((0x00, 0x09), (0x0B, 0x0D), (0x0E, 0x20), (0x7F, 0xA0), (0x200E, 0x2010), (0x202A, 0x202F),
                 (0x2066, 0x206A), (0x061C, 0x061D), (0xD800, 0xE000))
    for number in range(*span)
}  # fmt: skip


def shown(text: str) -> str:
    """Text of a page as it may stand among ours: marks that reverse or hide what follows are named, not obeyed."""
    return text.translate(_UNSEEN)


@dataclass(frozen=True)
class Pair:
    """One thing said in both languages."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        """In the reader's language alone."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)

    def both(self, language: str) -> Markup:
        """The reader's language, the other one small beside it."""
        first, second = (self.zh, self.en) if language == "zh" else (self.en, self.zh)
        tags = ("zh-Hans", "en") if language == "zh" else ("en", "zh-Hans")
        if not first or not second or first == second:
            return escape(first or second)
        return Markup('<span lang="{}">{}</span> <small class="beside" lang="{}">{}</small>').format(
            tags[0], first, tags[1], second
        )


def split(text: str) -> Pair:
    """`"all sums hold 勾稽相符"` of `nianbao.ui.labels` -> its two halves."""
    found = _FIRST_CHINESE.search(text)
    if found is None:
        return Pair(text, text)
    return Pair(text[found.start() :].strip(), text[: found.start()].strip(" ,:"))


def _pairs(words: Mapping[str, str]) -> dict[str, Pair]:
    return {key: split(text) for key, text in words.items()}


def _keyed(words: Mapping[str, str]) -> dict[str, Pair]:
    """Of `{key: Chinese}`: the key, in words, is the English."""
    return {key: Pair(split(text).zh, key.replace("_", " ")) for key, text in words.items()}


TRUST = {
    "verified": Pair("勾稽相符", "sums hold"),
    "consistent": Pair("无矛盾", "consistent"),
    "doubtful": Pair("勾稽不符", "a sum fails"),
    "unreadable": Pair("无法读取", "unreadable"),
    "none": Pair("无表格", "no table"),
}
SEMANTICS = {
    "number": Pair("数字", "number"),
    "zero": Pair("填写为零", "a zero, typed"),
    "empty": Pair("空白，不是零", "left blank, not 0"),
    "na": Pair("不适用", "does not apply"),
    "text": Pair("文字", "words"),
    "unreadable": Pair("无法读取", "could not be read"),
    "derived_from_text": Pair("取自正文", "from a sentence"),
}
HEALTH = {
    "fresh": Pair("正常", "fresh"),
    "late": Pair("未及访问", "late"),
    "failing": Pair("无法读取", "failing"),
    "blocked": Pair("拒绝访问", "blocked"),
    "moved": Pair("已迁移", "moved"),
    "template_changed": Pair("疑似改版", "layout changed"),
    "unknown": Pair("未访问", "never visited"),
}
ROLES_OF_PAGES = {
    "list": Pair("列表页", "list"),
    "detail": Pair("正文页", "detail page"),
    "golden": Pair("样本页", "sample page"),
}
STATES = {
    "running": Pair("进行中", "running"),
    "finished": Pair("完成", "finished"),
    "failed": Pair("失败", "failed"),
    "interrupted": Pair("中断", "interrupted"),
}
KINDS = {
    "crawl": Pair("采集", "crawl"),
    "nightly": Pair("夜间采集", "nightly"),
    "backfill": Pair("补采", "backfill"),
    "rerun": Pair("重新解析", "rerun"),
}
COUNTS = {
    "requests": Pair("请求", "requests"),
    "pages": Pair("网页", "pages"),
    "bytes": Pair("字节", "bytes"),
    "bytes_received": Pair("接收字节", "bytes received"),
    "columns": Pair("年报栏目", "columns"),
    "candidates": Pair("候选报告", "candidates"),
    "captures_new": Pair("新存档", "captures, new"),
    "captures_changed": Pair("存档有变", "captures, changed"),
    "captures_unchanged": Pair("存档无变化", "captures, unchanged"),
    "reports_new": Pair("新报告", "reports, new"),
    "reports_changed": Pair("报告有变", "reports, changed"),
    "reports_unchanged": Pair("报告无变化", "reports, unchanged"),
    "problems": Pair("问题", "problems"),
    "browser_pages": Pair("浏览器渲染", "rendered pages"),
    "lines": Pair("列表条目", "lines of lists"),
    "promised": Pair("标题为年报的条目", "lines called reports"),
    "lists_cut": Pair("列表未读完", "lists not read to their end"),
    "known": Pair("已知页面", "known pages"),
    "revisited": Pair("重访页面", "pages looked at again"),
    "not_reports": Pair("不是年报", "no annual reports"),
    "parsed": Pair("解析", "parsed"),
    "not_modified": Pair("未修改", "not modified"),
    "unchanged": Pair("无变化", "unchanged"),
    "changed": Pair("有变化", "changed"),
    "failed": Pair("失败", "failed"),
}
STAGES = {
    "crawl": Pair("采集", "crawl"),
    "fetch": Pair("取页", "fetch"),
    "archive": Pair("存档", "archive"),
    "parse": Pair("解析", "parse"),
    "store": Pair("入库", "store"),
    "rerun": Pair("重新解析", "rerun"),
}
STATUS = {
    "pass": Pair("相符", "holds"),
    "fail": Pair("不符", "fails"),
    "not_assessable": Pair("无法判断", "cannot be judged"),
}
COMPARABLE = {
    "yes": Pair("可比", "comparable"),
    "approx": Pair("大致可比", "nearly comparable"),
    "sum_only": Pair("仅合计可比", "comparable as a sum"),
    "no": Pair("不可比", "not comparable"),
}
FORMS = {
    "proactive": Pair("主动公开政府信息情况", "Disclosed on the organ's own motion"),
    "requests": Pair("收到和处理政府信息公开申请情况", "Requests received and how they were answered"),
    "appeals": Pair("政府信息公开行政复议、行政诉讼情况", "Administrative reconsideration and litigation"),
    "statistics": Pair("政府信息公开情况统计表", "Statistics of disclosure"),
}
"""Tables of the forms, by their id in config/templates."""
PROVINCES = {
    **{tile.name: Pair(tile.name, tile.en) for tile in TILES},
    CENTRAL: Pair(CENTRAL, "Central bodies"),
    NOWHERE: Pair(NOWHERE, "place unknown"),
}
FACETS = {
    "province": Pair("省份", "Province"),
    "level": Pair("层级", "Level"),
    "year": Pair("年度", "Year"),
    "template": Pair("表式", "Form"),
    "trust": Pair("可信度", "Trust"),
    "scope": Pair("范围", "Scope"),
    "flag": Pair("标记", "Flag"),
    "portal": Pair("门户", "Portal"),
}


def of(kind: str, value: str | None) -> Pair:
    """The words for a value of a facet, a state, a health …; an unknown one stands for itself."""
    if value is None or value == "none":
        return TRUST["none"] if kind == "trust" else Pair("未知", "unknown")
    if kind == "count" and value.startswith("problems_"):
        trouble = of("problem", value.removeprefix("problems_"))
        return Pair(f"问题：{trouble.zh}", f"problems: {trouble.en.replace('_', ' ')}")
    known = _tables().get(kind, {}).get(value)
    return known or Pair(value, value.replace("_", " ") if kind == "count" else value)


def flag(name: str) -> Pair:
    """`"unit_missing:proactive"` in words, with the table that it speaks of."""
    head, _, table = name.partition(":")
    pair = of("flag", head)
    where = of("table", table) if table else None
    return pair if where is None else Pair(f"{pair.zh}（{where.zh}）", f"{pair.en} ({where.en})")


def defined(measure: Measure) -> Pair:
    """What a measure counts, and what to beware of. A definition that is the form's own row needs no other words."""
    own_row = not re.search("[A-Za-z]", measure.definition)
    text = measure.definition.rstrip(".")
    zh = measure.definition_zh or text.replace(", ", "，") + "。"
    en = f"The form's own row: {text}." if own_row else measure.definition
    return Pair(f"{zh}{measure.note_zh}", f"{en} {measure.note}".strip())


_TABLES: dict[str, dict[str, Pair]] = {}


def _tables() -> Mapping[str, Mapping[str, Pair]]:
    """Made once, from the labels that the command line uses and from the templates' own names."""
    if not _TABLES:
        from storage.export.panel import TABLES

        templates = {template.id: template.name for template in load_templates()}
        _TABLES.update(
            {
                "level": _keyed(labels.LEVELS),
                "scope": _keyed(labels.SCOPES),
                "template": {
                    key: Pair(templates.get(key) or pair.zh, pair.en) for key, pair in _pairs(labels.TEMPLATES).items()
                },
                "flag": _pairs(labels.FLAGS),
                "language": _pairs(labels.LANGUAGES),
                "role": _keyed(labels.ROLES),
                "page": _keyed(labels.PAGE),
                "trust": TRUST,
                "semantic": SEMANTICS,
                "health": HEALTH,
                "state": STATES,
                "kind": KINDS,
                "count": COUNTS,
                "comparable": COMPARABLE,
                "province": PROVINCES,
                "page_role": ROLES_OF_PAGES,
                "status": STATUS,
                "problem": _pairs(labels.PROBLEMS),
                "stage": STAGES,
                "coverage": _pairs(labels.COVERAGE),
                "table": _keyed(TABLES),
            }
        )
    return _TABLES
