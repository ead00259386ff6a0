"""What is selected: exactly what is out of date, found by index and without parsing."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import made_of, version
from parsers.made_of import UNREAD
from parsers.template import load_templates
from storage.archive import Archive, Found
from storage.rerun.current import Current
from storage.rerun.stale import Item, Selection, select
from storage.runs import Runs
from tests.storage.rerun.conftest import Edit
from tests.storage.rerun.fingerprints import out_of_date
from tests.storage.rerun.site import NOON, House, Registry, capture, edited, organ, page

BOTH = ("e2019_v60", "e2021_v30", "e2019_v60", "e2021_v30")
NOTE = ("id: e2021_v30", "# a note\nid: e2021_v30")


def selected(house: House, selection: Selection = Selection()) -> set[Item]:  # noqa: B008
    return set(select(house.db, selection, Current(load_templates(), house.portals)))


def captures(house: House, selection: Selection = Selection()) -> set[str]:  # noqa: B008
    return {item.capture_id for item in selected(house, selection)}


def test_nothing_is_out_of_date_after_it_was_read(house: House) -> None:
    house.fill(*BOTH)
    assert selected(house) == set()


def test_an_edit_of_a_template_finds_its_reports_and_no_others(house: House, edit: Edit) -> None:
    ids = house.fill(*BOTH)
    edit(e2021_v30=NOTE)
    assert captures(house) == {ids[1], ids[3]}
    found = next(iter(selected(house)))
    assert (found.template, found.portal) == ("e2021_v30", "sample")


def test_a_new_parser_finds_all(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = house.fill(*BOTH)
    monkeypatch.setattr(made_of, "PARSER_VERSION", version.PARSER_VERSION + "x")
    assert captures(house) == set(ids)


def test_a_new_profile_finds_the_pages_of_its_portal(house: House) -> None:
    house.portals = Registry({"sample": 1, "other": 1})
    house.fill("e2021_v30")
    (other,) = house.store(capture(2, page(2, "e2021_v30"), portal="other"))
    house.rerun()
    house.portals = Registry({"sample": 1, "other": 2})
    assert captures(house) == {other}
    house.portals = Registry({"sample": 1})
    assert captures(house) == set(), "a portal that nobody knows any more makes nothing out of date"


def test_an_old_profile_keeps_its_years(house: House) -> None:
    early, late = NOON.replace(year=2019), NOON.replace(year=2025)
    house.portals = Registry({"sample": (("2020-12-31", 1), ("9999", 2))})
    pages = [capture(n, page(n, "e2021_v30"), fetched_at=at) for n, at in ((1, early), (2, late))]
    ids = house.store(*pages)
    house.rerun()
    versions = [house.report(n)["derived"]["portal_profile_version"] for n in (1, 2)]
    assert versions == [1, 2]
    assert captures(house) == set()
    house.portals = Registry({"sample": (("2018-12-31", 1), ("9999", 2))})  # the redesign was earlier than we knew
    assert captures(house) == {ids[0]}


@pytest.mark.parametrize("change", ["template", "other template", "parser", "profile", "nothing"])
def test_the_index_finds_what_the_fingerprints_say(
    house: House, edit: Edit, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    house.portals = Registry({"sample": 1, "other": 4})
    house.fill(*BOTH)
    house.store(capture(9, page(9, "e2019_v60"), portal="other"))
    house.rerun()
    if change == "template":
        edit(e2021_v30=NOTE)
    elif change == "other template":
        edit(e2014_stats=("id: e2014_stats", "# a note\nid: e2014_stats"))
    elif change == "parser":
        monkeypatch.setattr(made_of, "PARSER_VERSION", "9")
        monkeypatch.setattr("parsers.fingerprint.PARSER_VERSION", "9")
    elif change == "profile":
        house.portals = Registry({"sample": 2, "other": 4})
    assert {item.report_id for item in selected(house)} == out_of_date(house.db, house.portals)


# --- captures without a report --------------------------------------------------------------------------------


def test_what_failed_is_tried_again_each_time(house: House) -> None:
    ids = house.store(capture(1, b"%PDF-1.4 broken"))
    assert captures(house) == set(ids)
    assert house.rerun().outcomes == {"failed": 1}
    assert captures(house) == set(ids)


def test_what_was_no_report_is_tried_again_when_a_template_changes(house: House, edit: Edit) -> None:
    ids = house.store(capture(1, "<p>图书馆开放时间</p>".encode()))
    assert house.rerun().outcomes == {"unchanged": 1}
    assert house.capture(ids[0])["kind"] == "not_a_report"
    assert captures(house) == set()
    edit(e2008_freeform=("id: e2008_freeform", "# a note\nid: e2008_freeform"))
    assert captures(house) == set(ids)


def test_a_page_that_a_crawl_left_unread_is_read_unless_that_crawl_still_runs(house: House) -> None:
    runs = Runs(house.db)
    run_id = runs.start("crawl", {})
    (one,) = [s.capture_id for s in Archive(house.db).store([capture(1, page(1, "e2021_v30"), run_id=run_id)])]
    assert house.capture(one)["judged_by"] == [UNREAD]
    assert captures(house) == set()
    runs.finish(run_id)
    assert captures(house) == {one}
    assert house.rerun().outcomes == {"applied": 1}
    # Its files may still have to come: for the crawl it is not done.
    assert house.capture(one)["kind"] == "page"
    assert captures(house) == set()


def test_only_pages_that_were_found_as_reports_wait_to_be_read(house: House) -> None:
    menu = capture(1, b"<p>menu</p>", found=None)
    dead = capture(2, b"<p>404</p>", status=404)
    blocked = capture(3, b"<p>412</p>", kind="blocked")
    Archive(house.db).store([menu, dead, blocked])
    assert captures(house) == set()


def test_a_failure_that_a_later_version_of_the_page_has_mended_is_left(house: House) -> None:
    house.store(capture(1, b"%PDF-1.4 broken"))
    (mended,) = house.store(capture(1, page(1, "e2021_v30")))
    assert captures(house) == {mended}


# --- what the user asks for -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), {2, 4, 5}),
        (Selection(templates=("e2021_v30",)), {2, 4}),
        (Selection(templates=("e2019_v60",)), set()),
        (Selection(years=(2021,)), {4}),
        (Selection(portals=("other",)), {4, 5}),
        (Selection(everything=True), {1, 2, 3, 4, 5}),
        (Selection(everything=True, templates=("e2019_v60",)), {1, 3}),
        (Selection(everything=True, templates=("mixed",)), set()),
        (Selection(everything=True, years=(2020, 2021)), {1, 3, 4}),
        (Selection(everything=True, portals=("other",)), {4, 5}),
        (Selection(everything=True, portals=("nobody",)), set()),
        (Selection(everything=True, years=(2020,), portals=("other",)), set()),
    ],
    ids=repr,
)
def test_what_is_asked_for(house: House, edit: Edit, selection: Selection, expected: set[int]) -> None:
    house.portals = Registry({"sample": 1, "other": 1})
    ids = house.fill("e2019_v60", "e2021_v30", "e2019_v60")
    ids += house.store(capture(4, page(4, "e2021_v30", year=2021), portal="other"))
    house.rerun()
    ids += house.store(capture(5, b"%PDF-1.4 broken", portal="other"))
    edit(e2021_v30=NOTE)
    assert captures(house, selection) == {ids[number - 1] for number in expected}


def test_a_report_of_two_addresses_is_read_from_both(house: House, edit: Edit) -> None:
    content = page(1, "e2021_v30")
    copy = capture(1, content, url="http://copy.cn/1", canonical_url="http://copy.cn/1", found=Found())
    ids = house.store(capture(1, content), copy)
    house.rerun()
    assert house.db["reports"].count_documents({}) == 1
    edit(e2021_v30=NOTE)
    assert captures(house) == set(ids)
    assert house.rerun().outcomes == {"unchanged": 2}
    assert captures(house) == set()


def test_a_table_that_no_form_knows_waits_for_its_form(house: House, edit: Edit) -> None:
    """A statistics table with strange headings is kept as the province's own; a new label in the form is news to it."""
    rows = "".join(f"<tr><td>收到{n}数</td><td>件</td><td>{n}</td></tr>" for n in range(5))
    text = "<p>一、概述</p>" + "<p>全年主动公开政府信息，受理依申请公开，没有行政复议和行政诉讼。</p>" * 20
    table = f"<table><tr><td>项目名称</td><td>单位</td><td>数值</td></tr>{rows}</table>"
    title = "云溪县司法局2016年政府信息公开工作年度报告"
    body = f"<h1>{title}</h1><div id='zoom'>{text}{table}</div>"
    ids = house.store(capture(1, f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()))
    house.rerun()
    report = house.report(1)
    assert report["template"]["id"] == "e2014_narrative"
    assert report["figures"]["local_tables"]
    edit(e2014_stats=("id: e2014_stats", "# a note\nid: e2014_stats"))
    assert captures(house) == set(ids)


def test_a_changed_unit_makes_its_own_reports_stale(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = house.fill(*["e2021_v30"] * 3)
    config = edited(tmp_path / "config", {})
    line = f"999921-zhen,{organ(2)},,township,,,,\n"
    departments = config / "units" / "departments.csv"
    departments.write_text(departments.read_text(encoding="utf-8") + line, encoding="utf-8")
    monkeypatch.setenv("NIANBAO_CONFIG", str(config))
    assert captures(house) == {ids[1]}
    assert out_of_date(house.db, house.portals) == {house.report(2)["_id"]}
    summary = house.rerun()
    assert summary.outcomes == {"applied": 1}
    assert house.report(2)["_id"] == "999921-zhen/2022/own"
    assert not captures(house)
