"""Make the portal's PDF and its Word file from `papers/`, by hand when a paper has changed:

    pip install fonttools
    python -m nianbao.sample.files /usr/bin/chromium /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc

Both files are kept in `site/`: a Chromium writes the time into a PDF, and no two versions of it write the same bytes.
A paper is written like a page (build.py); `to` says where its file goes, `figures` whose figures it carries.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from nianbao.sample.build import HERE, TABLE, Figures, Source, figures_by_path, parse, tables, with_tables
from nianbao.sample.font import truetype
from nianbao.sample.forms import Grid

FACE = "Noto Serif CJK SC"

PRINT_STYLE = """
@font-face { font-family: paper; src: url(paper.ttf); }
@page { size: A4; margin: 2.6cm 2.4cm; @bottom-center { content: "- " counter(page) " -"; font-size: 11pt; } }
body { font: 15pt/1.75 paper; }
h1 { font-size: 20pt; line-height: 1.5; text-align: center; font-weight: normal; }
h2 { font-size: 16pt; font-weight: normal; text-indent: 2em; margin: .4em 0; }
p { text-indent: 2em; margin: 0; text-align: justify; }
table { width: 100%; border-collapse: collapse; font-size: 10.5pt; line-height: 1.35; margin: 8pt 0; }
td { border: .75pt solid #000; padding: 3pt; }
"""


def pdf(source: Source, figures: Figures, chromium: str, fonts: Path) -> bytes:
    """The paper as Chromium prints it."""
    page = f'<!DOCTYPE html><meta charset="utf-8"><style>{PRINT_STYLE}</style>{with_tables(source, figures)}'
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truetype(fonts, FACE, page, folder / "paper.ttf")
        (folder / "paper.html").write_text(page, encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        options += ["--no-pdf-header-footer", "--disable-pdf-tagging", f"--print-to-pdf={folder / 'paper.pdf'}"]
        command = [chromium, *options, (folder / "paper.html").as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (folder / "paper.pdf").read_bytes()


def docx(source: Source, figures: Figures) -> bytes:
    """The paper as a Word file; the tables have the merged cells of the official form."""
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "仿宋", Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "nianbao", "", ""
    properties.created = properties.modified = datetime(2020, 1, 15)
    for line in source.body.splitlines():
        table = TABLE.match(line)
        if table:
            _add_table(document, tables(table, source, figures))
            continue
        text = re.sub(r"<[^>]+>", "", line.replace("<br>", ""))
        paragraph = document.add_paragraph()
        run = paragraph.add_run(text)
        run.bold = not line.startswith("<p>")
        if line.startswith("<h1>"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run.font.size = Pt(20)
        else:
            paragraph.paragraph_format.first_line_indent = Pt(28)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_table(document: Document, grid: Grid) -> None:
    width = sum(cell.colspan for cell in grid[0])
    table = document.add_table(rows=len(grid), cols=width, style="Table Grid")
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(grid):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + right) for down in range(cell.rowspan) for right in range(cell.colspan)}
            merged = table.cell(row, column)
            if cell.rowspan > 1 or cell.colspan > 1:
                merged = merged.merge(table.cell(row + cell.rowspan - 1, column + cell.colspan - 1))
            paragraph = merged.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.add_run(cell.text).font.size = Pt(9)
            column += cell.colspan


def main(chromium: str, fonts: str) -> None:
    figures = figures_by_path()
    for paper in sorted((HERE / "papers").glob("*.html")):
        source = parse(paper.read_text(encoding="utf-8"))
        values = figures[source.keys["figures"]]
        target = HERE / "site" / source.keys["to"].lstrip("/")
        as_word = target.suffix == ".docx"
        target.write_bytes(docx(source, values) if as_word else pdf(source, values, chromium, Path(fonts)))


if __name__ == "__main__":
    main(*sys.argv[1:])
