"""OpenDocument texts: order, spans, repeated cells, and what a reader of the page does not see."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers.documents import read
from parsers.documents.media import ODT, sniff
from parsers.documents.model import Document, Grid, Paragraph, Picture
from parsers.errors import Unreadable
from tests.parsers.documents.test_docx import png

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(
    f'xmlns:{name}="{_URN}{full}:1.0"'
    for name, full in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"), ("meta", "meta"),
    )
)  # fmt: skip
_SPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
_STYLES = {
    "Gone": 'text:display="none"',
    "Struck": 'style:text-line-through-style="solid"',
    "Note": 'style:text-position="super 58%"',
    "Up": 'style:text-position="33% 58%"',
    "Low": 'style:text-position="sub 58%"',
    "White": 'fo:color="#FFFFFF"',
    "WhiteOnBlue": 'fo:color="#ffffff" fo:background-color="#003366"',
    "BlueOnBlue": 'fo:color="#003366" fo:background-color="#003366"',
    "Tiny": 'fo:font-size="1pt"',
    "Plain": 'style:text-line-through-style="none"',
}


def odt(body: str, mimetype: str = ODT, parts: dict[str, bytes] | None = None, manifest: str = "") -> bytes:
    styles = "".join(
        f'<style:style style:name="{name}"><style:text-properties {said}/></style:style>'
        for name, said in _STYLES.items()
    )
    styles += '<style:style style:name="GoneToo" style:parent-style-name="Gone"/>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        container.writestr("mimetype", mimetype)
        container.writestr(
            "content.xml",
            f"<office:document-content {_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        container.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        for name, content in (parts or {}).items():
            container.writestr(name, content)
    return buffer.getvalue()


def flat(body: str, kind: str = "text", styles: str = "") -> bytes:
    """A file in one piece."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {_SPACES} office:version="1.3"'
        f' office:mimetype="application/vnd.oasis.opendocument.{kind}"><office:meta><dc:title>某局年度报告</dc:title></office:meta>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    ).encode()


def p(inner: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{inner}</text:p>'


def cell(inner: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{inner}</table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def table(*rows: str) -> str:
    return f"<table:table>{''.join(rows)}</table:table>"


def span(text: str, style: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


def texts(document: Document) -> list[list[str | None]]:
    (grid,) = document.grids()
    return [[found.text if found else None for found in row] for row in grid.rows]


def test_paragraphs_headings_tables_and_pictures_in_order() -> None:
    picture = '<draw:frame><draw:image xlink:href="Pictures/1.png"/></draw:frame>'
    meta = f"<office:document-meta {_SPACES}><office:meta><dc:title>某县财政局2021年年度报告</dc:title></office:meta></office:document-meta>"
    body = '<text:h text:outline-level="1">二、主动公开</text:h>' + p("第一行<text:line-break/>第二行")
    body += table(row(cell(p("规章")), cell(p("3")))) + p(picture)
    document = read(odt(body, parts={"Pictures/1.png": png(), "meta.xml": meta.encode()}))
    assert document.media_type == ODT
    assert document.title == "某县财政局2021年年度报告"
    assert document.blocks[:3] == (Paragraph("二、主动公开", 1), Paragraph("第一行"), Paragraph("第二行"))
    assert [type(block) for block in document.blocks[3:]] == [Grid, Paragraph, Picture]
    assert document.inner[0].content == png()


def test_spans_and_repeated_cells() -> None:
    rows = (
        row(cell(p("办理"), 'table:number-rows-spanned="2"'), cell(p("公开")), cell(p("0"), 'table:number-columns-repeated="2"')),
        row("<table:covered-table-cell/>", cell(p("总计"), 'table:number-columns-spanned="2"'),
            "<table:covered-table-cell/>", cell(p("5"))),
        row(cell("", 'table:number-columns-repeated="900"'), attributes='table:number-rows-repeated="900"'),
    )  # fmt: skip
    assert texts(read(odt(table(*rows)))) == [["办理", "公开", "0", "0"], ["办理", "总计", "总计", "5"]]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (p(span("7", "Gone") + "13"), "13"),
        (p(span("7", "GoneToo") + "13"), "13"),
        (p("7", "Gone") + p("13"), "13"),
        (p(span("7", "Struck") + "13"), "~~7~~13"),
        (p("13", "Struck"), "~~13~~"),
        (p(span("13", "Plain"), "Struck"), "13"),
        (p("13" + span("1", "Note")), "13¹"),
        (p("13" + span("1", "Up")), "13¹"),
        (p("13" + span("1", "Low")), "13₁"),
        (p("13" + span("7", "White")), "13~~7~~"),
        (p("13" + span("7", "Tiny")), "13~~7~~"),
        (p("13", "White"), "~~13~~"),
        (p("规章", "White"), "规章"),
        (p("13", "WhiteOnBlue"), "13"),
        (p(span("13", "BlueOnBlue")), "~~13~~"),
        (p("13", "Tiny"), "~~13~~"),
        (p("1<text:s/>3"), "1 3"),
        (p("1<text:tab/>3"), "1\t3"),
        (p("1") + p("3"), "1\n3"),
        (p("13<text:note><text:note-citation>1</text:note-citation></text:note>"), "13"),
        (p("13<office:annotation><text:p>7</text:p></office:annotation>"), "13"),
        (p("<text:ruby><text:ruby-base>13</text:ruby-base><text:ruby-text>7</text:ruby-text></text:ruby>"), "13"),
        (p("13<draw:frame><draw:text-box><text:p>7</text:p></draw:text-box></draw:frame>"), "13\n7"),
        (p("1<draw:frame><draw:object/></draw:frame>"), "1\ufffc"),
        (f"<text:list><text:list-item>{p('13')}</text:list-item></text:list>", "13"),
    ],
)
def test_the_text_of_a_cell(inner: str, text: str) -> None:
    found = texts(read(odt(table(row(cell(p("许可")), cell(inner)), row(cell(p("a")), cell(p("b")))))))
    assert found == [["许可", text], ["a", "b"]]


def test_what_was_deleted_or_is_hidden_is_left_out() -> None:
    gone = f"<text:tracked-changes>{p('旧')}</text:tracked-changes>"
    hidden = f'<text:section text:display="none">{p("藏")}</text:section>'
    rows = (
        row(cell(p("许可")), cell(p("13"))),
        row(cell(p("x")), cell(p("7")), attributes='table:visibility="collapse"'),
    )
    document = read(odt(gone + hidden + p("新") + table(*rows)))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["新"]
    assert texts(document) == [["许可", "13"]]


def test_a_table_that_only_arranges_is_read_through() -> None:
    inner = table(row(cell(p("许可")), cell(p("13"))), row(cell(p("处罚")), cell(p("4"))))
    assert texts(read(odt(table(row(cell(p("附")), cell(inner)))))) == [["许可", "13"], ["处罚", "4"]]
    boxed = f"<draw:frame><draw:text-box>{inner}</draw:text-box></draw:frame>"
    assert texts(read(odt(p(boxed)))) == [["许可", "13"], ["处罚", "4"]]


def test_damage_passwords_and_other_open_documents() -> None:
    with pytest.raises(Unreadable, match="encrypted"):
        read(odt(p("x"), manifest="<encryption-data/>"))
    whole = odt(p("x"))
    with pytest.raises(Unreadable, match="damaged"):
        read(whole.replace(b"office:text", b"office:tex?"))
    with pytest.raises(Unreadable, match="damaged"):
        read(whole[:200])
    repacked = io.BytesIO()
    with zipfile.ZipFile(repacked, "w", zipfile.ZIP_DEFLATED) as new, zipfile.ZipFile(io.BytesIO(whole)) as old:
        for name in reversed(old.namelist()):
            new.writestr(name, old.read(name))
    assert sniff(repacked.getvalue()) == ODT
    sheet = "application/vnd.oasis.opendocument.presentation"
    assert sniff(odt("", sheet)) == sheet
    with pytest.raises(Unreadable, match="are not read"):
        read(odt("", sheet))
    with pytest.raises(Unreadable, match="presentations are not read"):
        read(odt("", "application/vnd.oasis.opendocument.presentation"))


def test_a_text_in_one_piece_of_xml() -> None:
    picture = (
        "<draw:frame><draw:image><office:binary-data>iVBORw0K\nGgo=</office:binary-data></draw:image></draw:frame>"
    )
    rows = row(cell(p("许可")), cell(p("13"))) + row(cell(p("处罚")), cell(p("4")))
    document = read(flat(p("一、总体情况" + picture) + table(rows)))
    assert (document.media_type, document.title) == (ODT, "某局年度报告")
    assert texts(document) == [["许可", "13"], ["处罚", "4"]]
    assert [picture.url for picture in document.pictures()] == ["#image=1"]
    assert [one.content for one in document.inner] == [b"\x89PNG\r\n\x1a\n"]


def test_what_is_no_text_is_not_read_as_one() -> None:
    for kind in ("presentation", "graphics"):
        with pytest.raises(Unreadable) as caught:
            read(flat("", kind))
        assert caught.value.reason == f"unsupported_media:application/vnd.oasis.opendocument.{kind}"
