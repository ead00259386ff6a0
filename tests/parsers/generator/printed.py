"""Invented reports as PDF, printed by a Chromium: tables cut by pages, page numbers, real fonts."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from crawler.browser import find_chromium
from tests.parsers.generator import html
from tests.parsers.generator.model import Invented

_STYLE = """<style>
@page { size: A4; margin: 2.4cm; @bottom-center { content: "- " counter(page) " -"; font-size: 10pt; } }
body { font: 14pt/1.6 "Noto Serif CJK SC", "Noto Sans CJK SC", "SimSun", serif; }
table { width: 100%; border-collapse: collapse; font-size: 9pt; margin: 6pt 0; }
td, th { border: .75pt solid #000; padding: 2pt; }
</style>"""


def why_not() -> str | None:
    """What is missing on this machine to print a report; None where all is there."""
    if find_chromium() is None:
        return "there is no Chromium"
    listed = shutil.which("fc-list")
    fonts = (
        subprocess.run([listed, ":lang=zh-cn"], capture_output=True, text=True, check=False).stdout if listed else ""
    )
    return None if fonts.strip() else "there is no Chinese font"


def page(report: Invented) -> bytes:
    """The report as Chromium prints it; some seconds."""
    chromium = find_chromium()
    assert chromium is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = html.page(report, html.Style(tables="forms")).replace("</head>", f"{_STYLE}</head>", 1)
        (folder / "report.html").write_text(text, encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--disable-dev-shm-usage"]
        options += [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / 'report.pdf'}"]
        command = [str(chromium), *options, (folder / "report.html").as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (folder / "report.pdf").read_bytes()
