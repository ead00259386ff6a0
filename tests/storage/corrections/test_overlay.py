"""People's corrections: files that are refused with their line, figures that stay right, and that are opened again."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import PortalContext, Source, parse
from parsers.errors import TemplateError
from storage.archive import Archive
from storage.base import Db, Doc, State
from storage.corrections import overlay
from storage.corrections.files import load_corrections
from storage.corrections.overlay import Corrections
from storage.reports import Reports, ReportWrite
from storage.rerun.stale import Selection
from storage.saving.sources import candidate_of
from tests.storage.rerun.site import NOON, House, address, capture, edited, page
from tests.storage.synthetic import dump

PATH = "requests.received_new.natural_person"
YAML = """organ: {organ}
corrections:
  - report: 2022/own
    figure: {path}
    source_says: {says}
    correct: {correct}
    by: 张三
    date: "2026-11-26"
    why: 自然人与总计不符
    source: telephone, 26 November 2026
"""


@pytest.fixture
def house(database: Db, tmp_path: Path) -> House:
    return House(database, tmp_path / "home")


def put_right(
    tmp_path: Path, patch: pytest.MonkeyPatch, report: Doc, says: object, correct: object, path: str = PATH
) -> None:
    """From now on the configuration has this correction, and no other."""
    config = edited(tmp_path / f"config-{says}-{correct}", {})
    name = report["organ"]["id"]
    text = YAML.format(organ=name, path=path, says=says, correct=correct)
    (config / "corrections" / f"{name}.yaml").write_text(text, encoding="utf-8")
    patch.setenv("NIANBAO_CONFIG", str(config))


def figure(report: Doc) -> int | None:
    found: int | None = report["figures"]["requests"]["received_new"]["natural_person"]
    return found


def as_read(report: Doc) -> Doc:
    """What the parser made, as it lies in the report."""
    found = candidate_of(report)
    found["derived"].pop("parsed_at")
    return found


def failed(report: Doc) -> set[str]:
    return {f"{check['rule']} {check['where']}" for check in report["checks"] if check["status"] == "fail"}


def test_a_correction_stands_survives_a_rerun_and_goes(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.fill("e2021_v30", "e2021_v30")
    before, other = house.report(1), house.report(2)
    says = figure(before)
    assert says is not None
    put_right(tmp_path, monkeypatch, before, says, says + 1)
    dry = house.rerun(dry_run=True)
    assert (dry.to_do, dry.outcomes) == (1, {"would-apply": 1})
    assert dry.changes[0].delta.lines[0].path == f"figures.{PATH}"
    summary = house.rerun(accept_regressions=True)
    assert summary.outcomes == {"applied": 1}
    report = house.report(1)
    assert figure(report) == says + 1
    (cell,) = [cell for cell in report["cells"] if cell["path"] == PATH]
    assert cell["raw"] == str(says)
    assert cell["correction"] == {
        "source_says": says,
        "semantic": "number",
        "by": "张三",
        "on": "2026-11-26",
        "why": "自然人与总计不符",
        "source": "telephone, 26 November 2026",
    }
    assert failed(report) == {"T3-ROW received_new", "T3-BAL natural_person"}
    assert report["trust"]["requests"] == "doubtful"
    assert "corrected:requests" in report["flags"]
    assert report["change"]["why"] == ["correction"]
    assert report["change"]["what"]["figures"] == [f"figures.{PATH}"]
    assert report["derived"]["fingerprint"] != before["derived"]["fingerprint"]
    assert as_read(report) == as_read(before)
    assert house.report(2) == other
    held = dump(house.db, leave=("runs", "meta"))
    assert house.rerun().to_do == 0
    assert house.rerun(Selection(everything=True)).outcomes == {"unchanged": 2}
    assert dump(house.db, leave=("runs", "meta")) == held
    without = edited(tmp_path / "without", {})
    (without / "corrections" / f"{report['organ']['id']}.yaml").unlink()
    monkeypatch.setenv("NIANBAO_CONFIG", str(without))
    assert house.rerun().outcomes == {"applied": 1}
    after = house.report(1)
    assert (figure(after), failed(after), after["revision"]) == (says, set(), 3)
    assert after["content_sha256"] == before["content_sha256"]


def test_another_source_figure_opens_it_again(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house.fill("e2021_v30")
    report = house.report(1)
    says = figure(report)
    put_right(tmp_path, monkeypatch, report, says, 77)
    house.rerun(accept_regressions=True)
    assert figure(house.report(1)) == 77
    changed = page(1, "e2021_v30").replace(f">{says}<".encode(), b">60<")
    (capture_id,) = house.store(capture(1, changed))
    read = parse(
        Source(changed, url=address(1), media_type="text/html", portal=PortalContext("sample", profile_version=1))
    )
    Reports(house.db).save([ReportWrite(read.to_document(), capture_id, "sample", NOON)])
    Archive(house.db).mark(capture_id, "report", judged_by=())
    found = house.report(1)
    assert figure(found) == 60
    assert f"correction_reopened:{PATH}" in found["flags"]
    assert not [cell for cell in found["cells"] if "correction" in cell]
    (note,) = found["corrections"]
    assert (note["state"], note["source_says"], note["found"], note["correct"]) == ("reopened", says, 60, 77)
    assert set(found["change"]["why"]) == {"new_bytes"}
    assert house.rerun().to_do == 0


def test_a_crawl_goes_the_same_road(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house.fill("e2021_v30")
    report = house.report(1)
    says = figure(report)
    put_right(tmp_path, monkeypatch, report, says, "null")
    source = report["source"]
    again = ReportWrite(candidate_of(report), source["capture_id"], "sample", source["fetched_at"])
    assert [saved.state for saved in Reports(house.db).save([again])] == [State.CHANGED]
    stands = house.report(1)
    assert figure(stands) is None
    (cell,) = [cell for cell in stands["cells"] if cell["path"] == PATH]
    assert (cell["value"], cell["semantic"], cell["correction"]["source_says"]) == (None, "unreadable", says)
    assert [saved.state for saved in Reports(house.db).save([again])] == [State.UNCHANGED]


def test_a_figure_without_a_cell_gets_one_and_loses_it() -> None:
    one = overlay.Correction("a/2020/own", "requests.x.total", None, 5, "b", "2026-01-01", "w", "s", "f:1")
    document = {
        "_id": "a/2020/own",
        "organ": {"id": "a", "name": "云溪县人民政府", "name_raw": "", "level": "county"},
        "figures": {"requests": {}},
        "cells": [],
        "checks": [],
        "trust": {"requests": "consistent"},
        "flags": ["late"],
        "derived": {"fingerprint": "abc"},
    }
    stands = overlay.apply(document, Corrections([one]))
    assert stands["figures"] == {"requests": {"x": {"total": 5}}}
    assert stands["cells"][0]["correction"]["source_says"] is None
    undone = overlay.undo(stands)
    assert undone["cells"] == []
    assert undone["flags"] == ["late"]
    assert undone["derived"] == {"fingerprint": "abc"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("organ: a", "organ: b", ":1: the organ 'b' must be the file's name"),
        ("2022/own", "2022/all", ":3: 'report' must be a year and a scope"),
        (PATH, "requests.weather", ":4: 'requests.weather' is no figure of any template"),
        ("source_says: 5", "says: 5", ":3: 'source_says' is missing"),
        ("correct: 6", "correct: six", ":6: 'correct' must be a number or null"),
        ("correct: 6", "correct: 5", ":6: 'correct' must be another number"),
        ('"2026-11-26"', '"yesterday"', ":8: 'date' must be a day"),
        ("by: 张三", 'by: ""', ":7: 'by' must not be empty"),
        ("by: 张三", "by: 张三\n    mood: good", ":8: 'mood' is not known here"),
    ],
)
def test_a_wrong_file_names_file_and_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = YAML.format(organ="a", path=PATH, says=5, correct=6)
    assert old in text
    (tmp_path / "a.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_corrections(tmp_path)
    assert f"a.yaml{message}" in caught.value.detail


def test_twice_is_refused(tmp_path: Path) -> None:
    text = YAML.format(organ="a", path=PATH, says=5, correct=6)
    again = text.partition("corrections:\n")[2]
    (tmp_path / "a.yaml").write_text(text + again, encoding="utf-8")
    with pytest.raises(TemplateError, match="put right twice"):
        load_corrections(tmp_path)
