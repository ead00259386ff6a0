"""What recognition makes of form_1.png and form_2.png, written down: everything behind it is tested without the extra.

python -m tests.parsers.documents.recorded       # records anew, where the extra is installed
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from parsers.documents.pdf_lines import Line
from parsers.documents.pdf_tables import PdfCell, PdfTable
from parsers.documents.placed import Item
from parsers.documents.sheets import Sheet
from tests.parsers.documents.files import fixture

_FILE = Path(__file__).parent / "fixtures" / "form_recognised.json"
PICTURES = ("form_1.png", "form_2.png")


def sheets(*, around: bool = False) -> list[Sheet]:
    """Both pictures as `pictures.look` gives them; `around` with the lines of text around the tables."""
    return [
        Sheet(
            sheet["number"],
            sheet["width"],
            sheet["height"],
            tuple(made for item in sheet["items"] if isinstance(made := _item(item), PdfTable) or around),
        )
        for sheet in json.loads(_FILE.read_text(encoding="utf-8"))
    ]


def _item(item: dict[str, Any]) -> Item:
    if "cells" not in item:
        return Line(**item)
    cells = tuple(PdfCell(**cell) for cell in item["cells"])
    x0, top, x1, bottom = item["box"]
    return PdfTable(item["page"], (x0, top, x1, bottom), cells)


def record() -> None:
    from parsers.documents.pictures import look

    seen = [asdict(sheet) for sheet in look([fixture(name) for name in PICTURES], around=True)]
    short = json.loads(json.dumps(seen), parse_float=lambda text: round(float(text), 2))
    _FILE.write_text(json.dumps(short, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
    print(f"{_FILE.name} is written.")
