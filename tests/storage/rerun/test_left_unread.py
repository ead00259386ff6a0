"""A ZIP with several reports: the members that are not read stand in `problems`, as long as the report says so."""

from __future__ import annotations

import io
import zipfile

from storage.base import Doc
from storage.problems import Problems
from storage.rerun.stale import Selection
from tests.storage.rerun.conftest import Edit
from tests.storage.rerun.site import House, address, capture, organ, page
from tests.storage.rerun.test_races import NOTE
from tests.storage.synthetic import dump

OTHERS = ("云溪县司法局2022年政府信息公开年报.docx", "云溪县水利局2022年政府信息公开年报.docx")


def archive(*others: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        container.writestr(f"{organ(1)}2022年政府信息公开工作年度报告.html", page(1, "e2021_v30"))
        for name in others:
            container.writestr(name, b"PK\x03\x04")
    return buffer.getvalue()


def told(house: House) -> list[tuple[str, str, str]]:
    return [(one["kind"], one["capture_id"], one["message"].rpartition(": ")[2]) for one in house.problems()]


def lasting(house: House) -> dict[str, list[bytes]]:
    return dump(house.db, leave=("runs", "meta", "stats"))


def test_what_a_report_leaves_unread_is_a_problem_with_its_capture(house: House) -> None:
    (capture_id,) = house.store(capture(1, archive(*OTHERS)))
    assert house.rerun().outcomes == {"applied": 1}
    assert told(house) == [("member_unread", capture_id, ", ".join(OTHERS))]
    assert house.problems()[0]["portal"] == "sample" and house.problems()[0]["where"] == address(1)
    before = lasting(house)
    assert house.rerun(Selection(everything=True)).outcomes == {"unchanged": 1}
    assert lasting(house) == before
    # That the page answers, and reads as before, does not mend it.
    assert Problems(house.db).resolve(address(1)) == 0
    assert told(house) == [("member_unread", capture_id, ", ".join(OTHERS))]


def test_it_is_closed_by_a_version_that_leaves_nothing_unread_and_changes_with_one_that_leaves_less(
    house: House,
) -> None:
    house.store(capture(1, archive(*OTHERS)))
    house.rerun()
    house.store(capture(1, archive(OTHERS[0])))
    house.rerun()
    assert [names for _, _, names in told(house)] == [OTHERS[0]]
    house.store(capture(1, archive()))
    house.rerun()
    assert told(house) == []


def test_an_archive_from_before_they_were_problems_gets_them_by_a_rerun(house: House, edit: Edit) -> None:
    house.store(capture(1, archive(*OTHERS)))
    house.rerun()
    before: list[Doc] = house.problems()
    house.db["problems"].delete_many({})
    edit(e2021_v30=NOTE)
    assert house.rerun().outcomes == {"unchanged": 1}
    assert [(one["_id"], one["message"]) for one in house.problems()] == [
        (one["_id"], one["message"]) for one in before
    ]
