"""Invented reports as PDF, printed by a Chromium: real fonts, page numbers, running heads, tables cut by pages, on small
paper inside their merged labels, with their header again on every page or without."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from crawler.browser.chromium import find_chromium
from tests.parsers.generator import html
from tests.parsers.generator.model import Invented

_STYLE = """<style>
@page {{ size: {size}; margin: 2cm; @top-center {{ content: "{head}"; font-size: 9pt; }}
  @bottom-center {{ content: "- " counter(page) " -"; font-size: 10pt; }} }}
body {{ font: {font}/1.6 "Noto Serif CJK SC", "Noto Sans CJK SC", "SimSun", serif; }}
table {{ width: 100%; border-collapse: collapse; font-size: 9pt; margin: 6pt 0; }}
td, th {{ border: .75pt solid #000; padding: 2pt; }}
</style>"""


@dataclass(frozen=True)
class Paper:
    size: str = "A4"
    font: str = "14pt"
    head: str = ""
    """The running head: {organ} and {title} are the report's."""
    repeats_header: bool = False


PAPERS = {
    "A4": Paper(),
    "running head": Paper(head="{title}"),
    "small": Paper(size="A4 landscape", font="12pt", head="{organ}", repeats_header=True),
}


def why_not() -> str | None:
    """What is missing on this machine to print a report; None where all is there."""
    if find_chromium() is None:
        return "there is no Chromium"
    listed = shutil.which("fc-list")
    fonts = (
        subprocess.run([listed, ":lang=zh-cn"], capture_output=True, text=True, check=False).stdout if listed else ""
    )
    return None if fonts.strip() else "there is no Chinese font"


def page(report: Invented, paper: Paper = PAPERS["A4"]) -> bytes:
    """The report as Chromium prints it; some seconds."""
    chromium = find_chromium()
    assert chromium is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        head = paper.head.format(organ=report.organ, title=report.title)
        style = _STYLE.format(size=paper.size, font=paper.font, head=head)
        layout = html.Style(tables="sheets" if paper.repeats_header else "forms", thead=paper.repeats_header)
        text = html.page(report, layout).replace("</head>", f"{style}</head>", 1)
        (folder / "report.html").write_text(text, encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--disable-dev-shm-usage"]
        options += [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / 'report.pdf'}"]
        command = [str(chromium), *options, (folder / "report.html").as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (folder / "report.pdf").read_bytes()
