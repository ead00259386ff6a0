"""The five sample texts and other real reports, scored as the acceptance checks score them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parsers import Source, parse
from tests.shared import listed, scorer

SEEDS = listed("seeds", "*.txt")
REAL = [gold.with_suffix("").with_suffix("") for gold in listed("real", "**/*.gold.json")]


# What a crawl knows from the list page, for a file that does not say whose it is or for which year.
CONTEXT = {"hebei_education_2018_statistics.txt": "河北省教育厅2018年度政府信息公开情况统计表"}


def score(path: Path, gold_path: Path) -> tuple[list[Any], ...]:
    gold = json.loads(gold_path.read_text(encoding="utf-8"))
    source = Source(content=path.read_bytes(), title=CONTEXT.get(path.name))
    return scorer()(gold, parse(source).to_document())


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_samples_get_full_marks(path: Path) -> None:
    right, missing, wrong, silent, faults = score(path, path.with_suffix(".gold.json"))
    assert (missing, wrong, silent, faults) == ([], [], [], [])
    assert right


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_no_real_report_is_read_wrong(path: Path) -> None:
    """Figures may be missing where the carrier lost them; none may be another number, and what is odd is flagged."""
    _, _, wrong, silent, faults = score(path, path.with_name(path.name + ".gold.json"))
    assert (wrong, silent, faults) == ([], [], [])


@pytest.mark.parametrize("path", listed("real", "text/pingtan_2011_fujian_form.txt"), ids=lambda path: path.name)
def test_fujians_form_in_one_line_of_text(path: Path) -> None:
    (table,) = parse(Source(content=path.read_bytes())).figures["local_tables"]
    rows = {row["label"]: row["values"] for row in table["rows"]}
    assert table["columns"] == ("2011年度", "历年累计") and len(rows) == 17
    assert (rows["主动公开信息数"], rows["2.政府公报公开"], rows["行政申诉数"]) == ((425, 1516), (7, 7), (0, 0))
