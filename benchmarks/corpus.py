"""Files to damage, by kind: those of the bundled sample portal, the readers' fixtures, invented reports."""

from __future__ import annotations

import io
import random
import zipfile
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

from parsers.documents.media import sniff
from parsers.errors import Unreadable
from tests.parsers.documents.make_xlsb import xlsb
from tests.parsers.generator import layout, word, workbook
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.model import Prose
from tests.parsers.generator.reports import TEMPLATES, invent
from tests.parsers.illustrations import in_mhtml, in_rtf

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT / "nianbao" / "sample" / "site", ROOT / "tests" / "parsers" / "documents" / "fixtures")
LARGEST = 400_000
"""Larger files fuzz slowly and find the same."""


@lru_cache(maxsize=1)
def files() -> dict[str, tuple[bytes, ...]]:
    """Kind (the media type's last word) -> whole files."""
    found: dict[str, list[bytes]] = {}
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and 0 < path.stat().st_size <= LARGEST and path.suffix not in (".css", ".js", ".md"):
                content = path.read_bytes()
                found.setdefault(_kind(content), []).append(content)
    for carrier in CARRIERS.values():
        for template in TEMPLATES:
            rng = random.Random(f"corpus/{carrier.name}/{template}")
            content = carrier.render(invent(template, rng), rng)
            found.setdefault(_kind(content), []).append(content)
    for content in (in_mhtml().content, in_rtf().content, _archive(), _binary_workbook(), _mail()):
        found.setdefault(_kind(content), []).append(content)
    return {kind: tuple(contents) for kind, contents in sorted(found.items())}


def _archive() -> bytes:
    """A report and its statistics table in one ZIP."""
    report = invent("e2014_stats", random.Random("corpus/archive"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("年度报告.docx", word.page(report))
        packed.writestr("附件1.统计表.xlsx", workbook.page(report))
    return file.getvalue()


def _binary_workbook() -> bytes:
    """A report in one sheet of an XLSB, its tables as they stand in a Word file."""
    rows: list[list[str | float | None]] = []
    for part in invent("e2021_v30", random.Random("corpus/xlsb")).body:
        if isinstance(part, Prose):
            rows.append([part.text])
            continue
        first, sheet = len(rows), layout.rows(part)
        rows += [[None] * 20 for _ in range(len(sheet) + 1)]
        for r, c, box in word.places(sheet):
            rows[first + r][c] = int(box.text) if box.text.isdecimal() else box.text
    return xlsb({"年报": rows}, merged=[(4, 0, 4, 3)], hidden_rows=[2], hidden_columns=[18])


def _mail() -> bytes:
    """A report that was sent as a file."""
    mail = EmailMessage()
    mail["Subject"] = "报送年度报告"
    mail.set_content("现将年度报告报上,请查收。")
    report = word.page(invent("e2019_v60", random.Random("corpus/mail")))
    mail.add_attachment(report, maintype="application", subtype="octet-stream", filename="年度报告.docx")
    return mail.as_bytes()


def _kind(content: bytes) -> str:
    try:
        return sniff(content, None).rsplit("/", 1)[-1].rsplit(".", 1)[-1]
    except Unreadable:
        return "other"
