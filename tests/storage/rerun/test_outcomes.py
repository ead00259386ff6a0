"""What becomes of a reading, and that nothing is lost: whatever a rerun cannot read stands as it was."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest

from parsers.errors import NotAReport, Unreadable
from parsers.source import Source
from parsers.template import load_templates
from storage.archive import Archive, Found, Linked
from storage.pending import Pending
from storage.reports import Reports
from storage.rerun.outcome import Outcome
from storage.rerun.read import Reading, Stands
from storage.rerun.run import rerun
from storage.rerun.stale import Selection
from storage.verify import verify
from tests.storage.rerun.conftest import Edit
from tests.storage.rerun.site import Here, House, Registry, capture, organ, page
from tests.storage.synthetic import dump
from tests.storage.test_verify import alike

NOTE = ("id: e2021_v30", "# a note\nid: e2021_v30")
KEY = ("carried_forward", "carried_on")
"""Another name for a row: its seven figures go and come again, and so do its sums."""
ALL = Selection(everything=True)


class Instead(Here):
    """Workers for whom every page is something else."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def submit(self, source: Source, stands: Stands | None = None) -> Future[Reading]:
        future: Future[Reading] = Future()
        future.set_exception(self.error)
        return future


def test_what_reads_as_before_gets_its_fingerprint_and_no_revision(house: House, edit: Edit) -> None:
    house.fill("e2021_v30", "e2019_v60")
    before = house.report(1)
    edit(e2021_v30=NOTE)
    found = house.rerun()
    after = house.report(1)
    assert (found.outcomes, found.to_do) == ({"unchanged": 1}, 1)
    assert after["revision"] == before["revision"] == 1
    assert after["derived"]["fingerprint"] != before["derived"]["fingerprint"]
    entry = house.db["readings"].find_one({"_id": after["_id"]})
    assert entry is not None
    assert entry["sources"] == after["sources"]
    assert entry["made_of"] == sorted(after["derived"]["made_of"])
    assert entry["writes"] == after["writes"]
    assert house.rerun().to_do == 0


def test_what_reads_to_the_letter_as_it_stands_is_not_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.fill("e2021_v30", "e2019_v60")
    before = dump(house.db, leave=("runs", "meta"))
    saved: list[int] = []
    real = Reports.save
    monkeypatch.setattr(Reports, "save", lambda self, batch: saved.append(len(batch)) or real(self, batch))
    assert house.rerun(ALL).outcomes == {"unchanged": 2}
    assert saved == [0]
    assert dump(house.db, leave=("runs", "meta")) == before
    assert house.here.read == 4


def test_what_a_killed_crawl_left_behind_is_put_right(house: House) -> None:
    """It had noted the organ and written the report, and nothing that follows it."""
    house.fill("e2021_v30", "e2019_v60")
    before = dump(house.db, leave=("runs", "meta"))
    report = house.report(1)
    Pending(house.db).add([report["organ"]["id"]])
    for name in ("catalogue", "readings"):
        house.db[name].update_one({"_id": report["_id"]}, {"$set": {"writes": 0, "report_year": 1999}})
    assert house.rerun().to_do == 0
    assert dump(house.db, leave=("runs", "meta")) == before


def test_a_report_that_reads_as_it_stands_again_has_no_problem_any_more(house: House, edit: Edit) -> None:
    house.fill("e2021_v30")
    house.here = Instead(Unreadable("too_slow", "not read within 20 seconds"))
    assert house.rerun(ALL).outcomes == {"failed": 1}
    assert [one["kind"] for one in house.problems()] == ["too_slow"]
    house.here = Here()
    assert house.rerun(ALL).outcomes == {"unchanged": 1}
    assert house.problems() == []
    assert house.rerun().to_do == 0


def test_what_reads_differently_is_a_revision_that_says_why(house: House, edit: Edit) -> None:
    house.fill("e2021_v30")
    edit(e2021_v30=KEY)
    found = house.rerun()
    report = house.report(1)
    assert found.outcomes == {"applied": 1}
    assert "carried_forward" not in report["figures"]["requests"]
    assert report["figures"]["requests"]["carried_on"]["total"] == 0
    assert (report["revision"], report["change"]["why"]) == (2, ["new_template"])
    assert report["change"]["run_id"] == found.run_id
    old = house.db["report_revisions"].find_one({"_id": f"{report['_id']}/1"})
    assert old is not None
    assert old["figures"]["requests"]["carried_forward"]["total"] == 0
    assert house.rerun().to_do == 0


@pytest.mark.parametrize(("what", "why"), [("parser", "new_parser"), ("profile", "new_profile")])
def test_why_names_what_is_new(house: House, edit: Edit, monkeypatch: pytest.MonkeyPatch, what: str, why: str) -> None:
    """The result differs for another reason here: a parser and a profile that do so are more than a test can have."""
    house.fill("e2021_v30")
    if what == "parser":
        for module in ("made_of", "build", "fingerprint"):
            monkeypatch.setattr(f"parsers.{module}.PARSER_VERSION", "9")
    else:
        house.portals = Registry({"sample": 2})
    edit(e2021_v30=KEY)
    house.rerun()
    assert why in house.report(1)["change"]["why"]


def test_a_new_version_of_a_template_alone_is_no_revision(house: House, edit: Edit) -> None:
    house.fill("e2021_v30")
    (now,) = {template.version for template in load_templates() if template.id == "e2021_v30"}
    edit(e2021_v30=(f'version: "{now}"', f'version: "{now}, mended"'))
    assert house.rerun().outcomes == {"unchanged": 1}
    assert house.report(1)["template"]["version"] == f"{now}, mended"
    assert house.report(1)["revision"] == 1


def test_a_page_that_could_not_be_read_becomes_a_report(house: House, edit: Edit) -> None:
    (capture_id,) = house.store(capture(1, page(1, "e2021_v30")))
    house.db["problems"].delete_many({})
    house.here = Instead(Unreadable("too_slow", "not read within a second"))
    assert house.rerun().outcomes == {"failed": 1}
    assert [(one["kind"], one["stage"]) for one in house.problems()] == [("too_slow", "parse")]
    house.here = Here()
    found = house.rerun()
    assert found.outcomes == {"applied": 1}
    assert [(group.template, group.new) for group in found.groups] == [("e2021_v30", 1)]
    assert house.problems() == []
    marked = house.capture(capture_id)
    assert (marked["kind"], marked["judged_by"]) == ("report", [])
    assert marked["text_sha256"] == house.report(1)["source"]["text_sha256"]


def test_a_report_that_is_none_any_more_stands_and_says_so_once(house: House, edit: Edit) -> None:
    (capture_id,) = house.fill("e2021_v30")
    before = house.report(1)
    edit(e2021_v30=NOTE)
    house.here = Instead(NotAReport("list_page", "a list of other pages"))
    found = house.rerun()
    assert found.outcomes == {"rejected": 1}
    assert house.report(1) == before
    (problem,) = house.problems()
    assert (problem["kind"], problem["stage"], problem["capture_id"]) == ("rejected", "rerun", capture_id)
    assert before["_id"] in problem["message"]
    assert house.capture(capture_id)["kind"] == "report"
    assert house.rerun().to_do == 0, "the same parser would say the same again"
    house.here = Here()
    edit(e2021_v30=("id: e2021_v30", "# another\nid: e2021_v30"))
    assert house.rerun().outcomes == {"unchanged": 1}
    assert house.problems() == []
    assert house.capture(capture_id)["judged_by"] == []


@pytest.mark.parametrize(
    ("error", "kind"), [(Unreadable("crashed", "gone"), "crashed"), (RuntimeError("a fault of ours"), "parser_failed")]
)
def test_a_report_that_cannot_be_read_stands_and_is_tried_again(
    house: House, edit: Edit, error: Exception, kind: str
) -> None:
    house.fill("e2021_v30")
    before = house.report(1)
    edit(e2021_v30=NOTE)
    house.here = Instead(error)
    assert house.rerun().outcomes == {"failed": 1}
    assert house.report(1) == before
    assert [one["kind"] for one in house.problems()] == [kind]
    assert house.rerun().outcomes == {"failed": 1}
    house.here = Here()
    assert house.rerun().outcomes == {"unchanged": 1}
    assert house.problems() == []
    assert house.rerun().to_do == 0


@pytest.mark.parametrize("damage", ["missing", "other bytes"])
def test_missing_and_damaged_bytes_have_a_name(house: House, edit: Edit, damage: str) -> None:
    house.fill("e2021_v30", "e2021_v30")
    before = house.report(1)
    raw = {"_id": before["source"]["raw_sha256"]}
    if damage == "missing":
        house.db["raw"].delete_one(raw)
    else:
        other = house.db["raw"].find_one({"_id": house.report(2)["source"]["raw_sha256"]})
        assert other is not None
        house.db["raw"].update_one(raw, {"$set": {"body": other["body"], "size": other["size"]}})
    edit(e2021_v30=NOTE)
    assert house.rerun().outcomes == {"missing-raw": 1, "unchanged": 1}
    assert house.report(1) == before
    (problem,) = house.problems()
    assert problem["kind"] == "missing_raw"
    assert before["source"]["raw_sha256"] in problem["message"]


def test_a_portal_without_its_file_is_not_read_without_it(house: House, edit: Edit) -> None:
    house.fill("e2021_v30")
    before = house.report(1)
    edit(e2021_v30=NOTE)
    house.portals = Registry({})
    assert house.rerun().outcomes == {"rejected": 1}
    assert house.report(1) == before
    assert "config/portals has no sample" in house.problems()[0]["message"]


def test_what_the_database_refuses_is_rejected(house: House, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    house.fill("e2021_v30")
    edit(e2021_v30=KEY)
    house.db.command("collMod", "reports", validator={"$jsonSchema": {"properties": {"revision": {"maximum": 1}}}})
    before = house.report(1)
    assert house.rerun().outcomes == {"rejected": 1}
    assert house.report(1) == before
    assert [one["kind"] for one in house.problems()] == ["refused"]


def test_a_report_behind_an_attachment_is_read_from_it_again(house: House, edit: Edit) -> None:
    """The source is the crawl's own: with the file, its name, and the type that the server declared."""
    declared = {"Content-Type": "text/html; charset=x"}
    file = capture(7, page(1, "e2021_v30"), found=None, kind="attachment", headers=declared)
    archive = Archive(house.db)
    (stored,) = archive.store([file])
    title = f"{organ(1)}2022年政府信息公开工作年度报告"
    cover = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><a href='nb.html'>附件</a></body></html>"
    linked = Linked(file.url, "附件", "text/html", stored.capture_id, stored.raw_sha256)
    house.store(capture(1, cover.encode(), found=Found(title=title, attachments=(linked,))))
    assert house.rerun().outcomes == {"applied": 1}
    report = house.report(1)
    assert "attachment_only" in report["flags"]
    used = next(one for one in report["source"]["attachments"] if one["raw_sha256"])
    assert used["media_type"] == "text/html; charset=x"
    assert house.rerun(ALL).outcomes == {"unchanged": 1}
    house.db["raw"].delete_one({"_id": stored.raw_sha256})
    assert house.rerun(ALL).outcomes == {"missing-raw": 1}


# --- dry run --------------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_shows_everything(house: House, edit: Edit) -> None:
    house.fill("e2021_v30", "e2019_v60")
    edit(e2021_v30=KEY)
    database, files = dump(house.db), everything_in(house.home)
    found = house.rerun(dry_run=True)
    assert dump(house.db) == database
    assert everything_in(house.home) == files
    assert found.outcomes == {Outcome.WOULD_APPLY: 1}
    (change,) = found.changes
    lines = {line.path: (line.old, line.new) for line in change.delta.lines}
    assert lines["figures.requests.carried_forward.research_institution"] == (0, None)
    assert lines["figures.requests.carried_on.research_institution"] == (None, 0)
    assert change.report_id == house.report(1)["_id"]
    (group,) = found.groups
    assert (group.template, group.portal, group.to_do, group.changed) == ("e2021_v30", "sample", 1, 1)
    assert group.figures == 14
    assert (group.mended, group.broken) == (found.verdict.mended, found.verdict.broken) == (1, 1)


def everything_in(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def test_what_a_rerun_leaves_in_the_home_is_nothing(house: House) -> None:
    house.fill("e2021_v30")
    assert everything_in(house.home) == []
    assert oct((house.home / "rerun").stat().st_mode)[-3:] == "700"


def test_the_run_is_recorded(house: House, edit: Edit) -> None:
    house.fill("e2021_v30")
    edit(e2021_v30=NOTE)
    found = house.rerun(Selection(templates=("e2021_v30",)))
    run = house.db["runs"].find_one({"_id": found.run_id})
    assert run is not None
    assert (run["kind"], run["state"], run["counts"]) == ("rerun", "finished", {"unchanged": 1})
    assert run["arguments"]["templates"] == ["e2021_v30"]


def test_progress_counts_to_the_end(house: House, edit: Edit) -> None:
    house.fill("e2021_v30", "e2021_v30")
    edit(e2021_v30=NOTE)
    told: list[tuple[str, int, int]] = []
    rerun(house.db, Selection(), house.portals, house.options(), lambda *step: told.append(step))
    assert ("reading", 2, 2) in told
    assert told[-1] == ("writing", 2, 2)


def test_an_altered_report_is_read_again_and_what_stood_is_an_earlier_revision(house: House) -> None:
    house.fill("e2021_v30", "e2019_v60")
    before = house.report(1)
    path = "requests.received_new.total"
    house.db["reports"].update_one({"_id": before["_id"]}, {"$set": {f"figures.{path}": 1000}})
    assert house.rerun(ALL).outcomes == {"unchanged": 2}, "it goes by what was written of it"
    assert verify(house.db).altered == [f"report {before['_id']}"]
    dry = house.rerun(dry_run=True)
    assert dry.outcomes == {"would-apply": 1}
    assert [line.path for line in dry.changes[0].delta.lines] == [f"figures.{path}"]
    assert house.rerun().outcomes == {"applied": 1}
    after = house.report(1)
    assert after["figures"] == before["figures"]
    assert (after["revision"], after["content_sha256"]) == (2, before["content_sha256"])
    assert (after["change"]["why"], after["change"]["what"]) == (["altered"], {"figures": [f"figures.{path}"]})
    kept = house.db["report_revisions"].find_one({"_id": f"{before['_id']}/1"})
    assert kept is not None and kept["figures"]["requests"]["received_new"]["total"] == 1000
    assert verify(house.db).is_whole
    assert house.rerun().to_do == 0


def test_a_report_that_was_altered_with_its_digests_is_read_again_like_any_other(house: House) -> None:
    house.fill("e2021_v30", "e2019_v60")
    before = house.report(1)
    alike(house.db, before["_id"])
    assert verify(house.db).altered == [f"report {before['_id']}"]
    assert house.rerun().outcomes == {"applied": 1}
    after = house.report(1)
    assert (after["figures"], after["revision"], after["change"]["why"]) == (before["figures"], 2, ["altered"])
    assert verify(house.db).is_whole
    assert house.rerun().to_do == 0


def test_an_earlier_state_that_was_put_back_gives_way_to_what_its_page_says(house: House, edit: Edit) -> None:
    house.fill("e2021_v30", "e2019_v60")
    first = house.report(1)
    edit(e2021_v30=KEY)
    assert house.rerun().outcomes == {"applied": 1}
    second = house.report(1)
    for note in ("# one\nid: e2021_v30", "# two\nid: e2021_v30"):  # written again and again, read as it stands
        edit(e2021_v30=("id: e2021_v30", note))
        assert house.rerun().outcomes == {"unchanged": 1}
    house.db["reports"].replace_one({"_id": first["_id"]}, first)
    assert verify(house.db).altered == [f"report {first['_id']}"]
    assert house.rerun().outcomes == {"applied": 1}
    after = house.report(1)
    assert (after["figures"], after["revision"]) == (second["figures"], 3)
    assert verify(house.db).is_whole
    assert house.rerun().to_do == 0


@pytest.mark.parametrize("revision", [1, 2])
def test_a_lost_report_comes_back_from_its_page(house: House, edit: Edit, revision: int) -> None:
    house.fill("e2021_v30", "e2019_v60")
    if revision == 2:
        edit(e2021_v30=KEY)
        assert house.rerun().outcomes == {"applied": 1}
    before = house.report(1)
    house.db["reports"].delete_one({"_id": before["_id"]})
    assert house.rerun(ALL).outcomes == {"unchanged": 2}
    assert verify(house.db).lost == [before["_id"]]
    edit(e2021_v30=("id: e2021_v30", "# its template changes as well\nid: e2021_v30"))
    assert house.rerun().outcomes == {"applied": 1}
    after = house.report(1)
    assert (after["content_sha256"], after["revision"]) == (before["content_sha256"], revision + 1)
    assert after["change"]["why"] == ["returned"]
    assert verify(house.db).is_whole
    assert house.rerun().to_do == 0


def test_a_doubt_that_was_none_is_gone_after_a_rerun(house: House) -> None:
    """Somebody has put the document back as it was."""
    house.fill("e2021_v30", "e2019_v60")
    before = house.report(1)
    key = before["_id"]
    house.db["reports"].update_one({"_id": key}, {"$set": {"title": "another"}})
    assert verify(house.db).doubted == [key]
    house.db["reports"].replace_one({"_id": key}, before)
    assert house.rerun().to_do == 1
    assert house.report(1) == before
    assert house.rerun().to_do == 0
    assert verify(house.db).is_whole
