"""The quick reader of YAML gives what ruamel.yaml gives, lines included, or leaves the file to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from parsers import yaml_lines
from parsers.errors import TemplateError
from parsers.yaml_file import load

CONFIG = Path(__file__).resolve().parents[2] / "config"


def _same(quick: Any, exact: Any) -> None:
    if isinstance(exact, dict):
        assert list(quick) == list(exact)
        for key, value in exact.items():
            assert tuple(quick.lc.key(key)) == tuple(exact.lc.key(key))
            _same(quick[key], value)
    elif isinstance(exact, list):
        assert len(quick) == len(exact)
        for index, (mine, value) in enumerate(zip(quick, exact, strict=True)):
            assert tuple(quick.lc.item(index)) == tuple(exact.lc.item(index))
            _same(mine, value)
    else:
        assert quick == exact
        assert isinstance(exact, type(quick))


@pytest.mark.parametrize("path", sorted(CONFIG.glob("templates/**/*.yaml")) + sorted(CONFIG.glob("*.yaml")), ids=str)
def test_every_file_of_config_reads_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    _same(yaml_lines.read(text), YAML(typ="rt").load(text))


@pytest.mark.parametrize(
    "written", ["yes", "no", "on", "12:30", "'010203'", "true", "False", "~", "''", "-3", "1.5", "x: [a, {b: c}]", "年"]
)
def test_scalars_are_those_of_yaml_1_2(written: str) -> None:
    text = f"key: {written}\n" if ":" not in written or written[0].isdigit() else written
    _same(yaml_lines.read(text), YAML(typ="rt").load(text))


@pytest.mark.parametrize("written", ["1e3", "0o17", "1_000", ".5", ".inf", "!tag x", "2020-01-17 12:30:00", "0x1F"])
def test_other_spellings_are_left_to_ruamel(written: str) -> None:
    with pytest.raises(yaml_lines.Unusual):
        yaml_lines.read(f"key: {written}\n")


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: [1\n", "a: &x {b: 1}\nc: {<<: *x}\n", "1: a\n", "a: *gone\n"])
def test_faults_and_rarities_are_left_to_ruamel(text: str) -> None:
    with pytest.raises(yaml_lines.Unusual):
        yaml_lines.read(text)


def test_a_fault_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\nb: 2\nb: 3\n", "utf-8")
    with pytest.raises(TemplateError, match=r"x\.yaml:3: found duplicate key"):
        load(path)
    path.write_text("a: 1\nb: no\n", "utf-8")
    with pytest.raises(TemplateError, match=r"x\.yaml:2: 'b' must be a whole number"):
        load(path).number("b")
