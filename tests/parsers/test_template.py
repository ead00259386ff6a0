"""Templates are data: counts of the official forms, validation with file and line, a new form without Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import TemplateError
from parsers.template import load_templates, read_template


def table_sizes(identifier: str) -> dict[str, int]:
    template = next(t for t in load_templates() if t.id == identifier)
    return {table.id: len(list(table.paths())) for table in template.tables}


def test_the_forms_have_the_official_number_of_cells() -> None:
    assert table_sizes("e2019_v60") == {"proactive": 22, "requests": 161, "appeals": 15}
    assert table_sizes("e2021_v30") == {"proactive": 10, "requests": 175, "appeals": 15}
    assert table_sizes("e2014_stats") == {"statistics": 58}


def test_every_template_is_loaded() -> None:
    names = [template.id for template in load_templates()]
    assert names == ["e2008_freeform", "e2014_narrative", "e2014_stats", "e2019_v60", "e2021_v30"]


GOOD = """\
id: e2026_new
version: "1"
name: 试行
years: {from: 2026}
sections:
  - {key: overview, labels: [总体情况]}
tables:
  - id: requests
    name: 申请
    root: requests
    parts:
      - columns:
          - {key: total, label: 总计}
        rows:
          - {key: received_new, label: 本年新收}
"""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('version: "1"', "version: 1"), ":2: 'version' must be text"),
        (("name: 试行", "nam: 试行"), "'name' is missing"),
        (("years: {from: 2026}", "years: {from: 2026, til: 2027}"), ":4: 'til' is not known here"),
        (("key: total, label", "kay: total, label"), ":13: 'key' is missing"),
        (("    root: requests", "    root: requests\n    colour: red"), ":11: 'colour' is not known here"),
        (("id: e2026_new", "id: other"), ":1: id 'other' must equal the file's name"),
        (("sections:", "sections: 5\nx:"), ":5: 'sections' must be a list of mappings"),
        (("    parts:", "    parts: [\n"), "e2026_new.yaml:"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    path = tmp_path / "e2026_new.yaml"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        read_template(path)
    assert complaint in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_check_of_an_unknown_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e2026_new.yaml"
    rule = "checks:\n  - {rule: X, level: hard, left: [requests.nothing.total], right: []}\n"
    path.write_text(GOOD + rule, encoding="utf-8")
    with pytest.raises(TemplateError, match=r"speaks of 'requests\.nothing\.total'"):
        read_template(path)


def test_an_edit_without_a_new_version_still_shows(tmp_path: Path) -> None:
    path = tmp_path / "e2026_new.yaml"
    path.write_text(GOOD, encoding="utf-8")
    before = read_template(path)
    path.write_text(GOOD.replace("label: 本年新收", "label: 本年新收, aliases: [新收]"), encoding="utf-8")
    after = read_template(path)
    assert before.version == after.version
    assert before.digest != after.digest
