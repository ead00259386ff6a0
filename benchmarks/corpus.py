"""Files to damage, by kind: those of the bundled sample portal, the readers' fixtures, invented reports."""

from __future__ import annotations

import io
import random
import zipfile
from functools import lru_cache
from pathlib import Path

from parsers.documents.media import sniff
from parsers.errors import Unreadable
from tests.parsers.generator import word, workbook
from tests.parsers.generator.carriers import CARRIERS
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
    for content in (in_mhtml().content, in_rtf().content, _archive()):
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


def _kind(content: bytes) -> str:
    try:
        return sniff(content, None).rsplit("/", 1)[-1].rsplit(".", 1)[-1]
    except Unreadable:
        return "other"
