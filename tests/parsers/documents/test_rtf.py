"""RTF: Chinese in every way in which RTF writes it, tables with their spans."""

from __future__ import annotations

import pytest

from parsers.documents import read
from parsers.documents.media import RTF, sniff
from parsers.documents.model import Grid, Paragraph
from parsers.errors import Unreadable
from tests.parsers.documents import invented


def escaped(text: str) -> str:
    """As Word writes: the bytes of GBK as escapes."""
    return "".join(c if c.isascii() else "".join(f"\\'{b:02x}" for b in c.encode("gbk")) for c in text)


def unicode_words(text: str) -> str:
    """As WPS and LibreOffice write: code points, with a question mark for readers that know none."""
    return "".join(c if c.isascii() else f"\\u{ord(c) if ord(c) < 0x8000 else ord(c) - 0x10000}?" for c in text)


def half_escaped(text: str) -> str:
    """As WordPad writes: a second byte that is a letter stands as that letter."""
    parts = []
    for c in text:
        raw = c.encode("gbk")
        parts += (
            [c]
            if c.isascii()
            else [f"\\'{raw[0]:02x}", chr(raw[1]) if chr(raw[1]).isalpha() and raw[1] < 128 else f"\\'{raw[1]:02x}"]
        )
    return "".join(parts)


def rtf(body: str) -> bytes:
    head = (
        r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fnil\fcharset134 SimSun;}}"
    )
    return f"{head}{{\\info{{\\title ignored}}}}\\f1 {body}}}".encode("latin-1")


@pytest.mark.parametrize("write", [escaped, unicode_words, half_escaped])
def test_chinese(write: object) -> None:
    assert callable(write)
    text = "一、总体情况：镕、喆、凉、丏、仩"
    document = read(rtf(write(text) + "\\par " + write("丗丱乗，第二段") + "\\par"))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)][:2] == [text, "丗丱乗，第二段"]


def test_bytes_that_nobody_escaped() -> None:
    content = rtf("").replace(b"\\f1 ", b"\\f1 " + "收到申请3件".encode("gbk"))
    assert read(content).text() == "收到申请3件"


def test_pictures_and_link_codes_stay_out() -> None:
    picture = "{\\*\\shppict{\\pict\\pngblip " + "89504e470d0a1a0a" * 400 + "}}{\\pict\\bin5 \x00}{\\x}"
    link = '{\\field{\\*\\fldinst{HYPERLINK "http://www.example.gov.cn/"}}{\\fldrslt ' + escaped("附件") + "}}"
    document = read(rtf(picture + link))
    assert document.text().strip() == "附件"
    assert [block.url for block in document.pictures()] == ["#image=1"]
    assert [inner.content[:8] for inner in document.inner] == [b"\x89PNG\r\n\x1a\n"]


def test_a_picture_that_only_a_drawing_holds_is_shown_at_the_end() -> None:
    data = "ffd8ffe0" * 40
    drawing = f"{{\\shp{{\\*\\shpinst{{\\sp{{\\sn pib}}{{\\sv {{\\pict\\jpegblip {data}}}}}}}}}}}"
    document = read(rtf(drawing + escaped("正文") + "\\par"))
    assert [type(block).__name__ for block in document.blocks if not isinstance(block, Paragraph) or block.text] == [
        "Paragraph",
        "Picture",
    ]
    assert document.inner[0].content == bytes.fromhex(data)


def test_a_picture_cut_short_is_none() -> None:
    assert read(rtf("{\\pict\\pngblip 8950" + escaped("正文") + "}" + escaped("后文"))).inner == ()


ROWS = (
    r"\trowd\cellx2000\clvmgf\cellx4000\cellx6000 A\cell B\cell C\cell\row"
    r"\trowd\cellx2000\clvmrg\cellx4000\cellx6000 D\cell \cell E\par F\cell\row"
    r"\trowd\cellx2010\cellx6000 G\cell H\cell\row\pard "
)


def test_spans_of_both_kinds() -> None:
    document = read(rtf(escaped("前文") + "\\par" + ROWS + escaped("后文") + "\\par"))
    kinds = [type(block) for block in document.blocks if not isinstance(block, Paragraph) or block.text.strip()]
    assert kinds == [Paragraph, Grid, Paragraph]
    (grid,) = document.grids()
    shown = [[cell.text if cell else None for cell in row] for row in grid.rows]
    assert shown == [["A", "B", "C"], ["D", "B", "E\nF"], ["G", "H", "H"]]
    assert grid.rows[0][1] is grid.rows[1][1]


def test_merged_across_in_the_old_way() -> None:
    document = read(rtf(r"\trowd\clmgf\cellx1000\clmrg\cellx2000\cellx3000 A\cell \cell B\cell\row"
                        r"\trowd\cellx1000\cellx2000\cellx3000 1\cell 2\cell 3\cell\row"))  # fmt: skip
    (grid,) = document.grids()
    assert grid.rows[0][0] is grid.rows[0][1]
    assert [cell.text if cell else None for cell in grid.rows[1]] == ["1", "2", "3"]


_COLOURS = r"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;\red0\green51\blue102;}"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (r"\cellx4000 {\cf2 13}", "~~13~~"),
        (r"\cellx4000 {\cf2 A}", "A"),
        (r"\cellx4000 {\fs2 13}", "~~13~~"),
        (r"\clcbpat3\cellx4000 {\cf2 13}", "13"),
        (r"\cellx4000 {\chcbpat3\cf2 13}", "13"),
    ],
)
def test_a_figure_alone_in_its_cell_in_the_colour_of_the_ground(cell: str, text: str) -> None:
    document = read(rtf(rf"{_COLOURS}\trowd\cellx2000{cell}".replace(r"\cellx4000 ", r"\cellx4000 A\cell ") + r"\cell\row"
                        r"\trowd\cellx2000\cellx4000 B\cell 4\cell\row\pard"))  # fmt: skip
    (grid,) = document.grids()
    assert [found and found.text for found in grid.rows[0]] == ["A", text]


def nested(cells: list[str], widths: list[int], level: int) -> str:
    """A row inside a cell, as LibreOffice and Word write it: how it is cut stands behind it."""
    texts = "".join(f"\\pard\\intbl\\itap{level} {cell}\\nestcell" for cell in cells)
    borders = "".join(f"\\cellx{width}" for width in widths)
    return f"{texts}{{\\*\\nesttableprops\\trowd{borders}\\nestrow}}{{\\nonesttables\\par}}"


def test_a_table_inside_a_cell_is_a_table_and_its_frame_is_none() -> None:
    frame = (
        r"\trowd\cellx6000 \pard\intbl\itap2 before\par"
        + nested(["A", "B"], [1000, 2000], 3)
        + nested(["C"], [2000], 3)
        + r"\pard\intbl\itap2 between\par"
        + nested(["D", "", "E"], [1000, 2000, 3000], 3)
        + r"\pard\intbl\itap2 after\nestcell{\*\nesttableprops\trowd\cellx6000\nestrow}{\nonesttables\par}"
        + r"\pard\intbl\itap1\cell\row\pard end\par"
    )
    document = read(rtf(frame))
    said = [block.text if isinstance(block, Paragraph) else "grid" for block in document.blocks]
    assert [text for text in said if text] == ["before", "grid", "between", "grid", "after", "end"]
    first, second = document.grids()
    assert [[cell.text if cell else None for cell in row] for row in first.rows] == [["A", "B"], ["C", "C"]]
    assert [[cell.text if cell else None for cell in row] for row in second.rows] == [["D", "", "E"]]


def test_the_form_of_2021() -> None:
    """Every row of the form as a row of RTF."""
    lines = [escaped(invented.TITLE) + "\\par"]
    for cells in invented.rows():
        borders = "".join(f"\\cellx{900 * (n + 1)}" for n in range(len(cells)))
        lines.append(f"\\trowd{borders} " + "".join(f"{escaped(cell)}\\cell " for cell in cells) + "\\row")
    assert invented.wrong(read(rtf("\n".join(lines)))) == {}


def test_damage() -> None:
    with pytest.raises(Unreadable) as caught:
        read(b"{\\rtf1\\ansi\\uc}")
    assert caught.value.reason == "damaged"


@pytest.mark.parametrize(
    ("run", "text"),
    [
        (r"{\rtlch\fcs1 \strike\f0 5}6", "~~5~~6"),
        (r"{\striked1 5}6", "~~5~~6"),
        (r"{\strike0 5}6", "56"),
        (r"13{\super 1}", "13¹"),
        (r"13\super 1\nosupersub ", "13¹"),
        (r"13{\sub 1}", "13₁"),
        (r"13{\up6 1}", "13¹"),
        (r"13{\dn6 1}", "13₁"),
        (r"\strike 5\strike0 6", "~~5~~6"),
        (r"{\strike{\b{\i 5}}}6", "~~5~~6"),
        (r"\strike 5\plain 6", "~~5~~6"),
        (r"\v 7\v0 13", "13"),
        (r"{\v{\b 7}}13", "13"),
        (r"{\deleted 7}13", "13"),
        (r"\deleted 7\plain 7\deleted0 13", "13"),
        (r"13{\fs2 7}", "13~~7~~"),
        (r"{\fs2 13}", "13"),
        (r"{\fs21 1}{\fs24 3}", "13"),
        (r"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}13{\cf2 7}", "13~~7~~"),
        (r"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}{\cf2 13}", "13"),
        (r"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}1{\cf1 3}", "13"),
        (r"1\softline 3", "1\n3"),
        (r"13{\v 7}", "13"),
        (r"13{\viewkind4 7}", "137"),
        (r"{\b 13}{\v " + escaped("隐去") + "}" + escaped("件"), "13件"),
    ],
)
def test_runs_that_word_hides_strikes_out_or_raises(run: str, text: str) -> None:
    assert read(rtf(run + r"\par")).text().strip() == text


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n  ", b""])
def test_what_stands_in_front_of_a_file_and_text_that_is_written_as_it_is(before: bytes) -> None:
    content = before + "{\\rtf1\\ansi\\ansicpg936 收到申请😀13件\\par}".encode()
    assert sniff(content) == RTF
    assert read(content).text().strip() == "收到申请😀13件"
