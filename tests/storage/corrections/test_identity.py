"""Organ, level, year and title put right by people: the report moves to the id that follows, and stays there."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import PortalContext, Source, parse
from parsers.errors import TemplateError
from parsers.identity.organs import resolve
from storage import query
from storage.archive import Archive
from storage.base import Db, Doc, State
from storage.corrections.files import load_corrections
from storage.reports import Reports, ReportWrite
from storage.rerun.stale import Selection
from tests.storage.rerun.site import NOON, House, address, capture, edited, organ, page
from tests.storage.synthetic import dump

RIGHT = "河北省邢台市云溪县东河镇人民政府"
ENTRY = """  - report: {report}
    field: {field}
    source_says: {says}
    correct: {correct}
    by: 张三
    date: "2026-11-26"
    why: 机关名称有误
    source: telephone, 26 November 2026
"""


@pytest.fixture
def house(database: Db, tmp_path: Path) -> House:
    return House(database, tmp_path / "home")


def put_right(place: Path, patch: pytest.MonkeyPatch, report: Doc, *entries: str) -> None:
    """From now on the configuration has these corrections of this report's organ, and no others."""
    config = edited(place, {})
    name = report["organ"]["id"]
    (config / "corrections" / f"{name}.yaml").write_text(f"organ: {name}\ncorrections:\n{''.join(entries)}", "utf-8")
    patch.setenv("NIANBAO_CONFIG", str(config))


def entry(field: str, says: object, correct: object, report: str = "2022/own") -> str:
    return ENTRY.format(report=report, field=field, says=says, correct=correct)


def test_a_report_of_another_organ_and_year_moves_and_comes_back(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.fill("e2021_v30", "e2021_v30")
    before, other = house.report(1), house.report(2)
    put_right(tmp_path / "one", monkeypatch, before, entry("organ", organ(1), RIGHT), entry("year", 2022, 2023))
    who = resolve(RIGHT, "", None)
    target = f"{who.id}/2023/own"
    assert query.moved(house.db, before["_id"]) == target, "the corrections alone say where it will be"
    dry = house.rerun(dry_run=True)
    assert (dry.to_do, dry.outcomes) == (1, {"would-apply": 1})
    assert house.rerun().outcomes == {"applied": 1}
    report = house.report(1)
    assert (report["_id"], report["report_year"], report["year_source"]) == (target, 2023, "correction")
    assert (report["organ"]["name"], report["organ"]["name_raw"]) == (RIGHT, before["organ"]["name_raw"])
    read_as = {name: before[name] for name in ("organ", "report_year", "title")}
    assert report["read_as"] == {"report_id": before["_id"], **read_as}
    assert {"corrected:organ", "corrected:year"} <= set(report["flags"])
    assert report["figures"] == before["figures"]
    assert house.db["reports"].find_one({"_id": before["_id"]}) is None
    (gone,) = house.db["report_revisions"].find({"report_id": before["_id"]})
    assert gone["replaced"]["why"] == [f"moved to {target}"]
    assert house.report(2) == other
    held = dump(house.db, leave=("runs", "meta"))
    assert house.rerun().to_do == 0
    assert house.rerun(Selection(everything=True)).outcomes == {"unchanged": 2}
    assert dump(house.db, leave=("runs", "meta")) == held
    (Path(tmp_path / "one") / "corrections" / f"{before['organ']['id']}.yaml").unlink()
    assert house.rerun().outcomes == {"applied": 1}
    back = house.report(1)
    assert (back["_id"], back["content_sha256"]) == (before["_id"], before["content_sha256"])
    assert query.moved(house.db, target) == before["_id"]


def test_a_title_is_a_new_revision_and_a_figure_beside_it_stays_right(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.fill("e2021_v30")
    before = house.report(1)
    says = before["figures"]["requests"]["received_new"]["natural_person"]
    figure = entry("requests.received_new.natural_person", says, 77).replace("field:", "figure:")
    put_right(tmp_path / "one", monkeypatch, before, entry("title", before["title"], "年度报告"), figure)
    assert house.rerun(accept_regressions=True).outcomes == {"applied": 1}
    report = house.report(1)
    assert (report["_id"], report["title"], report["revision"]) == (before["_id"], "年度报告", 2)
    assert set(report["change"]["why"]) == {"correction"}
    assert [note["path"] for note in report["corrections"]] == ["title", "requests.received_new.natural_person"]
    assert house.rerun().to_do == 0
    assert house.rerun(Selection(everything=True)).outcomes == {"unchanged": 1}
    put_right(tmp_path / "two", monkeypatch, before, entry("title", before["title"], "年度报告"))
    assert house.rerun(accept_regressions=True).outcomes == {"applied": 1}
    report = house.report(1)
    assert (report["title"], report["figures"]) == ("年度报告", before["figures"])
    assert [note["path"] for note in report["corrections"]] == ["title"]
    assert house.rerun().to_do == 0


def test_another_source_opens_it_again(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house.fill("e2021_v30")
    before = house.report(1)
    put_right(tmp_path / "one", monkeypatch, before, entry("title", before["title"], "年度报告"))
    house.rerun()
    changed = (
        page(1, "e2021_v30")
        .replace(b"</h1>", "（修订）</h1>".encode())
        .replace("报告</title>".encode(), "报告（修订）</title>".encode())
    )
    (capture_id,) = house.store(capture(1, changed))
    portal = PortalContext("sample", profile_version=1)
    read = parse(Source(changed, url=address(1), media_type="text/html", portal=portal)).to_document()
    assert read["title"] != before["title"]
    write = ReportWrite(read, capture_id, "sample", NOON)
    assert [saved.state for saved in Reports(house.db).save([write])] == [State.CHANGED]
    Archive(house.db).mark(capture_id, "report", judged_by=())
    report = house.report(1)
    assert report["title"] == read["title"]
    assert "correction_reopened:title" in report["flags"]
    (note,) = report["corrections"]
    assert (note["state"], note["found"]) == ("reopened", read["title"])
    assert [saved.state for saved in Reports(house.db).save([write])] == [State.UNCHANGED]
    assert house.rerun().to_do == 0


def test_rules_that_depend_on_the_level_are_asked_again(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T2-LEVEL: a town makes no 规章, a city may."""
    house.fill("e2021_v30")
    before = house.report(1)
    figure = entry("proactive.rules.in_force", 0, 3).replace("field:", "figure:")
    put_right(tmp_path / "one", monkeypatch, before, figure)
    house.rerun(accept_regressions=True)
    town = house.report(1)
    assert "fail" in status(town, "T2-LEVEL"), "the level is known where a figure is put right"
    put_right(tmp_path / "two", monkeypatch, before, figure, entry("level", "township", "city"))
    house.rerun(accept_regressions=True)
    city = house.report(1)
    assert (city["organ"]["level"], status(city, "T2-LEVEL")) == ("city", {"pass"})
    assert city["_id"] == before["_id"]
    put_right(tmp_path / "three", monkeypatch, before, entry("level", "township", "department"))
    house.rerun(accept_regressions=True)
    department = house.report(1)
    assert department["figures"] == before["figures"]
    assert house.rerun().to_do == 0


def test_only_as_read_from_one_address(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pages are read as the same report, and one of them is another organ's."""
    house.fill("e2021_v30")
    before = house.report(1)
    copy = address(1).replace("nb.html", "copy.html")
    house.store(capture(1, page(1, "e2021_v30"), url=copy, canonical_url=copy))
    house.rerun()
    (both,) = house.db["reports"].find({})
    assert len(both["sources"]) == 2
    put_right(tmp_path / "one", monkeypatch, before, entry("organ", organ(1), RIGHT) + f"    url: {copy}\n")
    assert house.rerun().to_do == 2
    ids = sorted(report["source"]["url"] for report in house.db["reports"].find({}))
    assert ids == sorted([address(1), copy])
    assert house.report(1)["_id"] == before["_id"]
    assert house.rerun().to_do == 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("field: organ", "field: mood", ":4: 'field' must be one of organ, level, year, title"),
        (RIGHT, "东河镇人民政府", ":6: 'correct' must be an organ's id in config/units or its full name"),
        ("field: organ", "field: level", ":6: 'correct' must be one of national, province"),
        ("field: organ", "field: year", ":6: 'correct' must be a whole number"),
        ("    by: 张三", "    by: 张三\n    page: 3", ":8: 'page' is not known here"),
    ],
)
def test_a_wrong_file_names_file_and_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = f"organ: a\ncorrections:\n{entry('organ', organ(1), RIGHT)}"
    assert old in text
    (tmp_path / "a.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_corrections(tmp_path)
    assert f"a.yaml{message}" in caught.value.detail


def test_figures_of_a_report_that_moves_belong_to_its_new_id(tmp_path: Path) -> None:
    figure = entry("requests.received_new.total", 1, 2).replace("field:", "figure:")
    moved = entry("organ", organ(1), '"110000"')
    (tmp_path / "a.yaml").write_text(f"organ: a\ncorrections:\n{moved}{figure}", "utf-8")
    with pytest.raises(TemplateError) as caught:
        load_corrections(tmp_path)
    assert "a/2022/own is 110000/2022/own now" in caught.value.detail


def status(report: Doc, rule: str) -> set[str]:
    return {check["status"] for check in report["checks"] if check["rule"] == rule}
