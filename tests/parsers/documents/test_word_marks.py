"""Fields, alternatives, formulas and signs of Word files: what of them a reader of the page sees."""

from __future__ import annotations

import pytest

from tests.parsers.documents.test_word_runs import box, cell, paragraph, run, word


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def either(*choices: str, otherwise: str = "") -> str:
    written = "".join(f'<mc:Choice Requires="w{n}">{choice}</mc:Choice>' for n, choice in enumerate(choices))
    return f"<mc:AlternateContent>{written}<mc:Fallback>{otherwise}</mc:Fallback></mc:AlternateContent>"


_FIELD = (mark("begin"), mark("separate"), mark("end"))


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (f"{_FIELD[0]}{code('=SUM(LEFT)')}{_FIELD[1]}{run('13')}{_FIELD[2]}", "13"),
        (f"{_FIELD[0]}{run('7')}{_FIELD[1]}{run('13')}{_FIELD[2]}", "13"),
        (f"{_FIELD[0]}{code('IF')}{''.join(_FIELD[:2])}{run('7')}{_FIELD[2]}{_FIELD[1]}{run('13')}{_FIELD[2]}", "13"),
        (f"{_FIELD[0]}{run('7')}{_FIELD[2]}{run('13')}", "13"),
        (f"{_FIELD[0]}{run('13')}", "13"),
        (f"{_FIELD[2]}{_FIELD[1]}{run('13')}", "13"),
        (either(run("13"), run("13"), otherwise=run("13")), "13"),
        (either(otherwise=run("13")), "13"),
        (either(otherwise=box(paragraph("13"))), "13"),
        ('<w:r><w:sym w:font="Symbol" w:char="F031"/></w:r>' + run("3"), "13"),
        (run("13") + '<w:r><w:sym w:font="Wingdings" w:char="F081"/></w:r>', "13\ufffc"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>' + run("许可"), "许可"),
        ("<m:f><m:num><m:t>1</m:t></m:num><m:den><m:t>3</m:t></m:den></m:f>", "1\ufffc3"),
        ("<m:sSup><m:e><m:t>13</m:t></m:e><m:sup><m:t>2</m:t></m:sup></m:sSup>", "13\ufffc2"),
        (f'<w:bdo w:val="rtl">{run("31")}</w:bdo>', "\u202e31"),
        (f'<w:bdo w:val="ltr">{run("13")}</w:bdo>', "13"),
        (run("13") + run("7", '<w:color w:val="ffffff"/>'), "13~~7~~"),
        (run("13") + run("7", '<w:sz w:val="2"/>'), "13~~7~~"),
        (run("13", '<w:sz w:val="2"/>'), "~~13~~"),
    ],
)
def test_a_cell_of_signs(inner: str, text: str) -> None:
    assert cell(inner) == text


def test_paragraphs_and_tables_that_are_written_for_several_versions_come_once() -> None:
    document = word(either(paragraph("新"), otherwise=paragraph("旧")), either(otherwise=paragraph("末")))
    assert document.text().split() == ["新", "末"]


def test_what_was_moved_stands_where_it_went() -> None:
    inner = f'<w:p><w:moveFrom w:id="1">{run("7")}</w:moveFrom><w:moveTo w:id="2">{run("13")}</w:moveTo></w:p>'
    assert word(inner).text().strip() == "13"
