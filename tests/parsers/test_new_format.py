"""The next national form arrives: a YAML file alone must be enough to read it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest

from parsers import Source, parse
from parsers.template import config_directory, load_templates

FORM = """\
id: e2026_invented
version: "1"
name: 政府信息公开工作年度报告 (2026, 虚构)
basis: 虚构
years: {from: 2026}
sections:
  - {key: overview, labels: [总体情况]}
  - {key: requests, labels: [收到和处理政府信息公开申请情况]}
  - {key: data, labels: [公共数据开放情况]}
tables:
  - id: data
    name: 公共数据开放情况
    root: data
    signature: [开放数据集数量]
    parts:
      - columns:
          - {key: sets, label: 开放数据集数量}
          - {key: calls, label: 接口调用次数, aliases: [调用次数]}
        rows:
          - {key: unconditional, label: 1.无条件开放}
          - {key: conditional, label: 2.有条件开放}
          - {key: total, label: 合计}
checks:
  - rule: D26-SUM
    level: hard
    each: [sets, calls]
    left: ["data.total.{each}"]
    right: ["data.unconditional.{each}", "data.conditional.{each}"]
"""

TITLE = "云浮市数据局2026年政府信息公开工作年度报告"
PARAGRAPHS = (
    "一、总体情况",
    "本报告统计期限自2026年1月1日起至2026年12月31日止。本局认真办理政府信息公开各项工作，按时发布。",
    "二、公共数据开放情况",
)
ROWS = (
    ("类别", "开放数据集数量", "调用次数"),
    ("1.无条件开放", "12", "3,400"),
    ("2.有条件开放", "5", ""),
    ("合计", "18", "3,400"),
)


def html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    text = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    head = f'<meta name="ArticleTitle" content="{TITLE}">'
    return f'<html><head>{head}</head><body><div id="zoom">{text}<table>{rows}</table></div></body></html>'.encode()


def dump(row: Callable[[Sequence[str]], str]) -> bytes:
    return "\n".join((TITLE, *PARAGRAPHS, *map(row, ROWS), "")).encode()


def word() -> bytes:
    made = docx.Document()
    for line in (TITLE, *PARAGRAPHS):
        made.add_paragraph(line)
    table = made.add_table(rows=len(ROWS), cols=3)
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


CARRIERS: dict[str, Callable[[], bytes]] = {
    "html": html,
    "text, a cell a line": lambda: dump(lambda row: "\n".join(f"{cell}\n|" for cell in row) + "\n||"),
    "text, tabs": lambda: dump("\t".join),
    "text, Markdown": lambda: dump(lambda row: f"| {' | '.join(row)} |"),
    "docx": word,
}


@pytest.mark.parametrize("content", CARRIERS.values(), ids=CARRIERS)
def test_a_new_form_is_a_file_and_nothing_else(
    content: Callable[[], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(config_directory(), tmp_path / "config")
    (tmp_path / "config" / "templates" / "e2026_invented.yaml").write_text(FORM, encoding="utf-8")
    monkeypatch.setenv("NIANBAO_CONFIG", str(tmp_path / "config"))
    assert "e2026_invented" in [template.id for template in load_templates()]

    report = parse(Source(content=content()))

    assert (report.template.id, report.report_year) == ("e2026_invented", 2026)
    assert report.figures == {
        "data": {
            "unconditional": {"sets": 12, "calls": 3400},
            "conditional": {"sets": 5, "calls": None},
            "total": {"sets": 18, "calls": 3400},
        }
    }
    assert [(check.rule, check.where, check.status) for check in report.checks] == [
        ("D26-SUM", "sets", "fail"),
        ("D26-SUM", "calls", "pass"),
    ]
    assert report.trust == {"data": "doubtful"}
    assert [section.key for section in report.sections if section.key] == ["overview", "data"]
