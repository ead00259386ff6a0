"""The statutory tables of 国办公开办函〔2019〕60号 and 〔2021〕30号 as grids, for the sample portal's pages.

Written from the official forms (domain.md 1.3 and 1.4) and on purpose not from `config/templates`: what the parser
reads on the sample portal must not have been printed from the parser's own labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

APPLICANTS = (
    "natural_person",
    "business_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
)
OUTCOMES = ("upheld", "corrected", "other", "pending", "total")
OUTCOME_LABELS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


@dataclass(frozen=True)
class Cell:
    """One cell of the form: a label, or the place of one figure when `path` is set."""

    text: str = ""
    rowspan: int = 1
    colspan: int = 1
    path: str | None = None


Row = list[Cell]
Grid = list[Row]

_ITEMS_2019 = (
    ("（一）", ("本年新制作数量", "本年新公开数量", "对外公开总数量"), ("made_new", "disclosed_new", "disclosed_total"),
     (("规章", "rules"), ("规范性文件", "normative_documents"))),
    ("（五）", ("上一年项目数量", "本年增/减", "处理决定数量"), ("items_prev_year", "items_change", "decisions"),
     (("行政许可", "administrative_licensing"), ("其他对外管理服务事项", "other_external_services"))),
    ("（六）", ("上一年项目数量", "本年增/减", "处理决定数量"), ("items_prev_year", "items_change", "decisions"),
     (("行政处罚", "administrative_penalty"), ("行政强制", "administrative_coercion"))),
    ("（八）", ("上一年项目数量", "本年增/减"), ("items_prev_year", "items_change"),
     (("行政事业性收费", "administrative_fees"),)),
    ("（九）", ("采购项目数量", "采购总金额"), ("projects", "amount_wan_yuan"),
     (("政府集中采购", "centralized_procurement"),)),
)  # fmt: skip
_ITEMS_2021 = (
    ("（一）", ("本年制发件数", "本年废止件数", "现行有效件数"), ("issued", "repealed", "in_force"),
     (("规章", "rules"), ("行政规范性文件", "normative_documents"))),
    ("（五）", ("本年处理决定数量",), ("decisions",), (("行政许可", "administrative_licensing"),)),
    ("（六）", ("本年处理决定数量",), ("decisions",),
     (("行政处罚", "administrative_penalty"), ("行政强制", "administrative_coercion"))),
    ("（八）", ("本年收费金额（单位：万元）",), ("amount_wan_yuan",), (("行政事业性收费", "administrative_fees"),)),
)  # fmt: skip

_RESULTS = (
    ("（一）予以公开", None, "granted"),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", None, "partially_granted"),
    ("（三）不予公开", "1.属于国家秘密", "denied.state_secret"),
    ("（三）不予公开", "2.其他法律行政法规禁止公开", "denied.prohibited_by_law"),
    ("（三）不予公开", "3.危及“三安全一稳定”", "denied.three_securities_one_stability"),
    ("（三）不予公开", "4.保护第三方合法权益", "denied.third_party_rights"),
    ("（三）不予公开", "5.属于三类内部事务信息", "denied.internal_affairs"),
    ("（三）不予公开", "6.属于四类过程性信息", "denied.process_information"),
    ("（三）不予公开", "7.属于行政执法案卷", "denied.enforcement_files"),
    ("（三）不予公开", "8.属于行政查询事项", "denied.administrative_query"),
    ("（四）无法提供", "1.本机关不掌握相关政府信息", "unable.not_held"),
    ("（四）无法提供", "2.没有现成信息需要另行制作", "unable.needs_creation"),
    ("（四）无法提供", "3.补正后申请内容仍不明确", "unable.unclear_after_correction"),
    ("（五）不予处理", "1.信访举报投诉类申请", "not_processed.petition_complaint"),
    ("（五）不予处理", "2.重复申请", "not_processed.repeat"),
    ("（五）不予处理", "3.要求提供公开出版物", "not_processed.public_publication"),
    ("（五）不予处理", "4.无正当理由大量反复申请", "not_processed.excessive_repeated"),
    ("（五）不予处理", "5.要求行政机关确认或重新出具已获取信息", "not_processed.confirm_or_reissue"),
)
_OTHER_2019 = (("（六）其他处理", None, "other"),)
_OTHER_2021 = (
    (
        "（六）其他处理",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "other.no_correction_overdue",
    ),
    (
        "（六）其他处理",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "other.fee_unpaid_overdue",
    ),
    ("（六）其他处理", "3.其他", "other.other"),
)
_TOTAL = (("（七）总计", None, "total"),)


def proactive(year: int) -> Grid:
    """Table two, 第二十条: four columns; `year` is the form's, 2019 or 2021."""
    grid: Grid = []
    for item, headers, keys, rows in _ITEMS_2019 if year == 2019 else _ITEMS_2021:
        last = 4 - len(headers)  # the last column takes what the form leaves of its four
        grid.append([Cell(f"第二十条第{item}项", colspan=4)])
        grid.append([Cell("信息内容"), *(Cell(text) for text in headers[:-1]), Cell(headers[-1], colspan=last)])
        for label, name in rows:
            cells = [Cell(path=f"proactive.{name}.{key}") for key in keys]
            grid.append([Cell(label), *cells[:-1], replace(cells[-1], colspan=last)])
    return grid


def requests(year: int) -> Grid:
    """Table three: three columns of labels and seven of figures, 23 rows of figures (2019) or 25 (2021)."""
    results = _RESULTS + (_OTHER_2019 if year == 2019 else _OTHER_2021) + _TOTAL
    sum_rule = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    grid: Grid = [
        [Cell(sum_rule, 3, 3), Cell("申请人情况", colspan=7)],
        [Cell("自然人", 2), Cell("法人或其他组织", colspan=5), Cell("总计", 2)],
        [Cell(text) for text in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
        [Cell("一、本年新收政府信息公开申请数量", colspan=3), *_applicants("received_new")],
        [Cell("二、上年结转政府信息公开申请数量", colspan=3), *_applicants("carried_over")],
    ]
    groups = [group for group, _, _ in results]
    for index, (group, item, key) in enumerate(results):
        row: Row = [Cell("三、本年度办理结果", len(results))] if index == 0 else []
        if item is None:
            row.append(Cell(group, colspan=2))
        else:
            if group not in groups[:index]:
                row.append(Cell(group, groups.count(group)))
            row.append(Cell(item))
        grid.append(row + _applicants(f"results.{key}"))
    grid.append([Cell("四、结转下年度继续办理", colspan=3), *_applicants("carried_forward")])
    return grid


def disputes() -> Grid:
    """Table four: fifteen columns, three rows of headers and one of figures; the same in both forms."""
    blocks = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    return [
        [Cell("行政复议", colspan=5), Cell("行政诉讼", colspan=10)],
        [
            *(Cell(text, 2) for text in OUTCOME_LABELS),
            Cell("未经复议直接起诉", colspan=5),
            Cell("复议后起诉", colspan=5),
        ],
        [Cell(text) for text in OUTCOME_LABELS * 2],
        [Cell(path=f"{block}.{outcome}") for block in blocks for outcome in OUTCOMES],
    ]


def fill(
    grid: Grid,
    figures: Mapping[str, int | float | None],
    printed: Mapping[str, str],
    labels: Mapping[str, str],
) -> Grid:
    """The form as one page shows it.

    A figure is printed as it is, null as nothing, unless `printed` (dotted path -> text) says how this page wrote
    it (`14,358`, `增123`); `labels` replaces labels that this page spells in its own way (official -> seen).
    """
    return [
        [
            replace(cell, text=labels.get(cell.text, cell.text))
            if cell.path is None
            else replace(cell, text=printed.get(cell.path, _written(figures[cell.path])))
            for cell in row
        ]
        for row in grid
    ]


def _applicants(row: str) -> Row:
    return [Cell(path=f"requests.{row}.{applicant}") for applicant in APPLICANTS]


def _written(value: int | float | None) -> str:
    return "" if value is None else str(value)
