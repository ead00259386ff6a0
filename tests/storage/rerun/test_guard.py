"""More sums broken than mended: nothing is written, and it is said which and where."""

from __future__ import annotations

from datetime import timedelta

from storage.rerun.delta import Delta, Moved, compare
from storage.rerun.guard import judge
from tests.storage.rerun.conftest import Edit
from tests.storage.rerun.site import NOON, House, capture, page
from tests.storage.synthetic import dump, report

WRONG = ('"requests.carried_over.{each}"]', '"requests.received_new.{each}"]')
"""T3-BAL counts what came in twice: it fails wherever anything came in, here in two columns of each report."""
RIGHT = (WRONG[1], WRONG[0])


def test_a_regression_stops_before_anything_is_written(house: House, edit: Edit) -> None:
    house.fill("e2021_v30", "e2021_v30", "e2019_v60")
    edit(e2021_v30=WRONG)
    before = dump(house.db, leave=["runs", "stats"])
    found = house.rerun()
    assert found.stopped
    assert dump(house.db, leave=["runs", "stats"]) == before
    assert found.outcomes == {"would-apply": 2}
    (rule,) = found.verdict.rules
    assert (rule.rule, rule.broken, rule.mended, rule.reports) == ("T3-BAL", 4, 0, 2)
    ids = sorted(house.report(n)["_id"] for n in (1, 2))
    assert rule.places == [f"{one} {where}: pass -> fail" for one in ids for where in ("natural_person", "total")]
    run = house.db["runs"].find_one({"_id": found.run_id})
    assert run is not None
    assert run["state"] == "failed"
    assert "4 sums break" in run["message"]


def test_accepted_it_is_written_without_reading_again(house: House, edit: Edit) -> None:
    house.fill("e2021_v30")
    edit(e2021_v30=WRONG)
    assert house.rerun().stopped
    read = house.here.read
    found = house.rerun(accept_regressions=True)
    assert (found.stopped, found.resumed, found.outcomes) == (False, True, {"applied": 1})
    assert house.here.read == read
    assert [check["status"] for check in house.report(1)["checks"]].count("fail") == 2


def test_what_mends_as_much_is_written(house: House, edit: Edit) -> None:
    edit(e2021_v30=WRONG)
    house.fill("e2021_v30")
    edit(e2021_v30=RIGHT)
    found = house.rerun()
    assert (found.verdict.mended, found.verdict.broken, found.outcomes) == (2, 0, {"applied": 1})


def test_another_edit_after_the_stop_begins_anew(house: House, edit: Edit) -> None:
    house.fill("e2021_v30")
    edit(e2021_v30=WRONG)
    assert house.rerun().stopped
    assert len(list((house.home / "rerun").glob("*.sqlite3"))) == 1
    edit(e2021_v30=RIGHT)
    found = house.rerun()
    assert found.to_do == 0, "it is again what the report was made from"
    assert list((house.home / "rerun").iterdir()) == []


def test_a_dry_run_tells_that_it_would_stop(house: House, edit: Edit) -> None:
    house.fill("e2021_v30")
    edit(e2021_v30=WRONG)
    found = house.rerun(dry_run=True)
    assert found.verdict.is_regression
    assert not found.stopped


# --- what is broken and what is mended ------------------------------------------------------------------------


def moved(old: str | None, new: str | None) -> Delta:
    before, after = report(1).to_document(), report(1).to_document()
    for document, status in ((before, old), (after, new)):
        checks = [check for check in document["checks"] if check["rule"] == "T3-ROW"]
        document["checks"] = [{**check, "status": status} for check in checks if status is not None]
    return compare(before, after)


def test_a_later_version_that_could_not_be_read_before_is_judged_by_the_earlier_one(house: House) -> None:
    """It is no new report: what it would break stops the rerun, and what it would change is shown."""
    house.fill("e2021_v30")
    before = house.report(1)
    people = before["figures"]["requests"]["received_new"]["natural_person"]
    wrong = page(1, "e2021_v30").replace(f">{people}<".encode(), b">977<", 1)
    house.store(capture(1, wrong, fetched_at=NOON + timedelta(days=1)))
    found = house.rerun()
    assert found.stopped and found.verdict.broken > found.verdict.mended
    (group,) = found.groups
    assert (group.changed, group.new) == (1, 0)
    (change,) = found.changes
    lines = {line.path: (line.old, line.new) for line in change.delta.lines}
    assert lines["figures.requests.received_new.natural_person"] == (people, 977)
    assert house.report(1) == before
    assert house.rerun(accept_regressions=True).outcomes == {"applied": 1}
    after = house.report(1)
    assert (after["revision"], after["figures"]["requests"]["received_new"]["natural_person"]) == (2, 977)


def test_which_way_a_sum_moves() -> None:
    ways = {
        ("pass", "fail"): (0, 1),
        ("pass", "not_assessable"): (0, 1),
        ("pass", None): (0, 1),
        ("fail", "pass"): (1, 0),
        ("not_assessable", "pass"): (1, 0),
        (None, "pass"): (1, 0),
        (None, "fail"): (0, 1),
        ("not_assessable", "fail"): (0, 1),
        ("fail", None): (0, 0),
        ("fail", "not_assessable"): (0, 0),
        (None, "not_assessable"): (0, 0),
        ("pass", "pass"): (0, 0),
    }
    for (old, new), expected in ways.items():
        delta = moved(old, new)
        assert (len(delta.mended), len(delta.broken)) == expected, (old, new)


def test_the_verdict_counts_by_rule() -> None:
    def delta(rule: str, broken: int, mended: int) -> Delta:
        return Delta(
            broken=tuple(Moved(rule, str(n), "pass", "fail") for n in range(broken)),
            mended=tuple(Moved(rule, str(n), "fail", "pass") for n in range(mended)),
        )

    verdict = judge(
        [("a/2020/own", delta("R1", 2, 0)), ("b/2020/own", delta("R2", 0, 3)), ("c/2020/own", delta("R1", 1, 0))]
    )
    assert (verdict.mended, verdict.broken, verdict.is_regression) == (3, 3, False)
    assert [(rule.rule, rule.broken, rule.reports, rule.mended) for rule in verdict.rules] == [
        ("R1", 3, 2, 0),
        ("R2", 0, 0, 3),
    ]
    assert verdict.rules[0].places[0] == "a/2020/own 0: pass -> fail"


def test_a_delta_survives_the_spool() -> None:
    delta = moved("pass", "fail")
    assert Delta.from_json(delta.to_json()) == delta


def test_a_block_that_has_gone_is_counted_by_its_figures() -> None:
    before, after = report(1).to_document(), report(1).to_document()
    gone = len(after["figures"].pop("reconsideration"))
    after["cells"] = [cell for cell in after["cells"] if not cell["path"].startswith("reconsideration")]
    delta = compare(before, after)
    assert (delta.figures, delta.fields) == (gone, 0)
    assert {line.path for line in delta.lines} == {
        f"figures.reconsideration.{key}" for key in before["figures"]["reconsideration"]
    }
