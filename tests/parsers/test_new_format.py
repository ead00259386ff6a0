"""The next national form arrives: a YAML file alone must be enough to read it."""

from __future__ import annotations

import shutil
from pathlib import Path

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

PAGE = """<html><head><meta name="ArticleTitle" content="云浮市数据局2026年政府信息公开工作年度报告"></head><body><div id="zoom">
<p>一、总体情况</p><p>本报告统计期限自2026年1月1日起至2026年12月31日止。本局认真办理政府信息公开各项工作，按时发布。</p>
<p>二、公共数据开放情况</p>
<table><tr><td>类别</td><td>开放数据集数量</td><td>调用次数</td></tr>
<tr><td>1.无条件开放</td><td>12</td><td>3,400</td></tr>
<tr><td>2.有条件开放</td><td>5</td><td></td></tr>
<tr><td>合计</td><td>18</td><td>3,400</td></tr></table>
</div></body></html>"""


def test_a_new_form_is_a_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(config_directory(), tmp_path / "config")
    (tmp_path / "config" / "templates" / "e2026_invented.yaml").write_text(FORM, encoding="utf-8")
    monkeypatch.setenv("NIANBAO_CONFIG", str(tmp_path / "config"))
    assert "e2026_invented" in [template.id for template in load_templates()]

    report = parse(Source(content=PAGE.encode()))

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
