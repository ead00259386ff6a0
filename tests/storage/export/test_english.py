"""English and units beside the official words: every figure has both, and a slip in the file is named with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nianbao.sample.invented.statistics import ROWS
from nianbao.web.routes.dictionary import fields
from parsers.errors import TemplateError
from parsers.template import config_directory
from storage.export.english import load_english


def test_every_figure_has_its_english_and_its_unit() -> None:
    assert len(fields()) > 500
    for field in fields():
        assert re.search("[a-z]", field["english"]), field
        assert not re.search("[\u4e00-\u9fff]", field["english"].replace("(规章)", "")), field
        assert field["unit"], field
        assert field["unit_english"], field


def test_units_are_those_of_the_official_form() -> None:
    for _, unit, path in ROWS:
        if path is not None:
            assert load_english().unit(f"statistics.{path}") == unit, path


def test_a_word_that_no_template_has_is_named_with_its_line(tmp_path: Path) -> None:
    text = (config_directory() / "english.yaml").read_text(encoding="utf-8")
    for wrong, told in (
        (text.replace("  carried_over:", "  carried_ower:"), "carried_ower"),
        (text.replace("  requests: 件", "  requets: 件"), "requets"),
        (text.replace("  statistics.response: 次", "  statistics.response: 回"), "回"),
    ):
        file = tmp_path / f"{told}.yaml"
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(TemplateError, match=told) as caught:
            load_english(file)
        assert file.name in str(caught.value)
