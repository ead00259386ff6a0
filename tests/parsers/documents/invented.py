"""An invented report on the official form of 2021: its figures, its text, its page. What fixtures and tests hold."""

from __future__ import annotations

from parsers.documents.model import Document
from parsers.tables.read import read_tables
from parsers.template import load_templates
from tests.parsers import forms
from tests.parsers.tables.test_carriers import counted

FORM = forms.template("e2021_v30")
TITLE = "青河市数据局2024年政府信息公开工作年度报告"
FIGURES = counted(
    FORM,
    {
        "proactive.rules.issued": 2,
        "proactive.rules.in_force": 19,
        "proactive.normative_documents.issued": 31,
        "proactive.normative_documents.repealed": 6,
        "proactive.normative_documents.in_force": 187,
        "proactive.administrative_licensing.decisions": 14358,
        "proactive.administrative_penalty.decisions": 906,
        "requests.results.granted.natural_person": 69,
        "requests.results.granted.business_enterprise": 17,
        "requests.results.partially_granted.natural_person": 8,
        "requests.results.denied.third_party_rights.legal_service_org": 3,
        "requests.results.unable.not_held.natural_person": 96,
        "requests.results.unable.needs_creation.research_institution": 1,
        "requests.results.not_processed.repeat.natural_person": 5,
        "requests.carried_forward.business_enterprise": 4,
        "reconsideration.upheld": 6,
        "reconsideration.other": 9,
        "litigation_direct.pending": 1,
    },
)
"""Path -> what stands in the cell. Sixes and nines on purpose: turned round they are each other."""
BEFORE = (
    TITLE,
    "本报告由青河市数据局编制，统计期限为2024年1月1日至2024年12月31日。",
    "一、总体情况",
    "本年度收到政府信息公开申请，均按期办结。",
    "二、主动公开政府信息情况",
)
AFTER = ("五、存在的主要问题及改进情况", "公开的及时性有待提高。", "六、其他需要报告的事项", "无。")


def page() -> str:
    """The report as one HTML page, the official form in the middle."""
    before = "".join(f"<p>{line}</p>" for line in BEFORE)
    after = "".join(f"<p>{line}</p>" for line in AFTER)
    tables = forms.html(FORM, FIGURES).replace("<table>", '<p></p><table border="1">')
    return f"<html><head><meta charset='utf-8'><title>{TITLE}</title></head><body>{before}{tables}{after}</body></html>"


def rows() -> list[list[str]]:
    """The three tables as rows of a sheet without merged cells: every text in its column, the rest blank."""
    made: list[list[str]] = []
    for name, block in forms.blocks(FORM, FIGURES):
        if name == "requests":
            made += [
                [forms.CORNER, "", "", "申请人情况"],
                ["", "", "", "自然人", "法人或其他组织", "", "", "", "", "总计"],
            ]
            made.append(["", "", "", "", *block.header[2]])
            made += [[*labels[:-1], *[""] * (3 - len(labels)), labels[-1], *values] for labels, values in block.rows]
        elif name == "appeals":
            five = list(block.header[1][:5])
            made += [
                ["行政复议", "", "", "", "", "行政诉讼"],
                [*five, "未经复议直接起诉", "", "", "", "", "复议后起诉"],
            ]
            made += [["", "", "", "", "", *five, *five], list(block.rows[0][1])]
        else:
            made += [[block.caption], *(list(line) for line in block.header)]
            made += [[*labels, *values] for labels, values in block.rows]
    return made


def wrong(document: Document) -> dict[str, tuple[str, object]]:
    """Figures of the form that `document` gives otherwise: path -> (as written, as read; None where nothing)."""
    tables = read_tables(document, load_templates())
    found = {cell.path: cell.value for table in tables for cell in table.cells}
    return {path: (text, found.get(path)) for path, text in FIGURES.items() if found.get(path) != int(text)}
