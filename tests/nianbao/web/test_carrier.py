"""Which archived file a figure stands in: the one that was read, a picture on it, a table beside it."""

from __future__ import annotations

from typing import Any

import pytest

from nianbao.web.source.carrier import carriers, of_cell

TABLE = "http://www.example.gov.cn/gknb/table.html"
PICTURE = "http://www.example.gov.cn/gknb/1.png"


def report(*flags: str) -> dict[str, Any]:
    files = [
        ("年报.docx", "report", "http://www.example.gov.cn/1.docx"),
        ("统计表", "table", TABLE),
        ("", "table", PICTURE),
    ]
    attachments = [
        {"name": name, "role": role, "url": url, "media_type": None, "raw_sha256": "0" * 64}
        for name, role, url in files
    ]
    source = {"url": "http://www.example.gov.cn/", "media_type": "text/html", "raw_sha256": "1" * 64}
    return {"flags": list(flags), "source": {**source, "attachments": attachments}}


@pytest.mark.parametrize(("flags", "read"), [((), 0), (("attachment_only",), 1)])
@pytest.mark.parametrize(
    ("at", "number"),
    [
        (None, None),
        ({"table": 0, "row": 1, "column": 2}, None),
        ({"table": 0, "row": 1, "column": 2, "attachment": TABLE}, 2),
        ({"picture": PICTURE, "box": (0, 0, 9, 9)}, 3),
        ({"picture": "#image=1", "box": (0, 0, 9, 9)}, None),
    ],
)
def test_the_file_of_a_figure(flags: tuple[str, ...], read: int, at: dict[str, Any] | None, number: int | None) -> None:
    found = of_cell({"at": at}, carriers(report(*flags)))
    assert found == (read if number is None else number)
