"""What verify looks at: every byte, every capture, every report with its past, and large files piece by piece."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import pytest

from storage import raw
from storage.archive import Archive, DamagedRaw
from storage.base import Db, Doc, address_of, capture_key
from storage.catalogue import Catalogue, Told
from storage.raw import RawStore
from storage.readings import DOUBTED
from storage.reports import Reports
from storage.saving import compare
from storage.verify import Verified, verify
from tests.storage.synthetic import capture, report, write

LARGE = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(30_000))
OTHER = "http://copy.gov.cn/1.html"


@pytest.fixture
def archive(database: Db, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Three pages with reports; one report has an earlier revision and another reading; one body is a file."""
    monkeypatch.setattr(raw, "IN_DOCUMENT", 1 << 18)
    archive = Archive(database)
    archive.store([capture(1, b"one"), capture(2, b"two"), capture(3, LARGE)])
    archive.store([capture(1, b"one, corrected", minutes=5)])
    Reports(database).save([write(report(1, content=b"one")), write(report(2, content=b"two"))])
    Reports(database).save([write(report(1, received=9, content=b"one, corrected"), version=2)])
    Reports(database).save([write(report(3, content=LARGE))])
    return archive


def test_a_whole_archive(database: Db, archive: Archive) -> None:
    told: dict[str, int] = {}
    found = verify(database, progress=told.__setitem__)
    assert found.is_whole, found
    size = len(LARGE) + len(b"one") + len(b"two") + len(b"one, corrected")
    assert found == Verified(bodies=4, bytes=size, captures=4, reports=3, revisions=1)
    assert told == {"captures": 4, "reports": 3, "report_revisions": 1}


def test_each_pointer_that_leads_nowhere_is_named(database: Db, archive: Archive) -> None:
    first, second = (write(report(1), version=version).capture_id for version in (1, 2))
    database["captures"].delete_one({"_id": first})
    database["captures"].update_one({"_id": second}, {"$set": {"raw_sha256": hashlib.sha256(b"two").hexdigest()}})
    found = {one.what: one.reason for one in verify(database).dangling}
    assert found[f"revision {report(1).id}/1"] == f"there is no capture {first}"
    assert found[f"report {report(1).id}"].startswith(f"the capture {second} has other bytes")


def test_the_past_of_a_withdrawn_report_is_followed(database: Db, archive: Archive) -> None:
    gone = write(report(2, content=b"two")).capture_id
    Reports(database).withdraw(gone, "not_a_report")
    assert database["reports"].count_documents({"_id": report(2).id}) == 0
    found = verify(database)
    assert found.is_whole and (found.reports, found.revisions) == (2, 2)
    database["captures"].delete_one({"_id": gone})
    assert [(one.what, one.reason) for one in verify(database).dangling] == [
        (f"revision {report(2).id}/1", f"there is no capture {gone}")
    ]


def test_a_file_that_lost_a_piece_comes_back(database: Db, archive: Archive) -> None:
    name = hashlib.sha256(LARGE).hexdigest()
    pieces = database["raw.chunks"].count_documents({})
    assert pieces > 2
    database["raw.chunks"].delete_one({"n": 1})
    (damaged,) = verify(database).damaged
    assert damaged.sha256 == name and "incomplete" in damaged.reason
    with pytest.raises(DamagedRaw):
        archive.content(name)
    archive.store([capture(3, LARGE, minutes=9)])
    assert archive.content(name) == LARGE
    assert database["raw.chunks"].count_documents({}) == pieces
    assert verify(database).is_whole


def test_a_mark_on_what_is_whole_is_taken_away(database: Db, archive: Archive) -> None:
    RawStore(database).mark(DamagedRaw(hashlib.sha256(b"two").hexdigest(), "a bad read"))
    assert verify(database, mark=False).healed == 1
    assert verify(database).healed == 1
    assert verify(database).healed == 0


def test_killed_while_it_heals_it_is_healed_the_next_time(
    database: Db, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = hashlib.sha256(LARGE).hexdigest()
    RawStore(database).mark(DamagedRaw(name, "a test"))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(raw, "upsert", killed)
    with pytest.raises(KeyboardInterrupt):
        archive.store([capture(3, LARGE, minutes=9)])
    monkeypatch.undo()
    assert RawStore(database).marked([name]) == [name]
    monkeypatch.setattr(raw, "IN_DOCUMENT", 1 << 18)
    archive.store([capture(3, LARGE, minutes=9)])
    assert archive.content(name) == LARGE and verify(database).is_whole


def test_what_the_catalogue_does_not_have_as_it_stands_is_entered_anew(database: Db, archive: Archive) -> None:
    """For a reason that nobody knows: one that says other figures, one deleted, one of a report that was withdrawn."""
    first, second, third = (report(n).id for n in (1, 2, 3))
    before = {name: snapshot(database, name) for name in ("catalogue", "readings")}
    database["catalogue"].update_one({"_id": first}, {"$set": {"figures.requests.received_new.total": 1000}})
    database["readings"].delete_one({"_id": second})
    Reports(database).withdraw(write(report(3, content=LARGE)).capture_id, "not_a_report")
    for name, documents in before.items():  # as where it was killed before it had taken them away
        database[name].insert_one(documents[third])
    looked = verify(database, mark=False)
    assert not looked.is_whole and (looked.behind, looked.entered) == (sorted([first, second, third]), False)
    assert database["readings"].count_documents({"_id": second}) == 0, "whoever only looks writes nothing"
    found = verify(database)
    assert found.is_whole and (found.behind, found.entered) == (looked.behind, True)
    for name, documents in before.items():
        assert snapshot(database, name) == {key: one for key, one in documents.items() if key != third}
    assert verify(database).behind == []


def test_an_altered_report_is_told_and_neither_entered_nor_put_right(database: Db, archive: Archive) -> None:
    key, before = report(2).id, snapshot(database, "catalogue")
    database["reports"].update_one({"_id": key}, {"$set": {"figures.requests.received_new.total": 1000}})
    altered = snapshot(database, "reports")
    looked = verify(database, mark=False)
    assert (looked.altered, looked.doubted, looked.behind) == ([f"report {key}"], [key], [])
    assert database["readings"].count_documents({"made_of": DOUBTED}) == 0, "whoever only looks writes nothing"
    found = verify(database)
    assert not found.is_whole and found.altered == looked.altered
    assert (snapshot(database, "catalogue"), snapshot(database, "reports")) == (before, altered)
    assert [one["_id"] for one in database["readings"].find({"made_of": DOUBTED})] == [key]
    assert verify(database).altered == looked.altered, "as long as nobody has put it right"


def alike(database: Db, key: str, *names: str) -> None:
    """Another figure in a report, and its digests with it, there and in these collections as well."""
    database["reports"].update_one({"_id": key}, {"$set": {"figures.requests.received_new.total": 1000}})
    altered = database["reports"].find_one({"_id": key})
    assert altered is not None
    now = compare.content_sha256(altered)
    for source in altered["sources"]:
        if source["chosen"]:
            source["content_sha256"] = now
    sources = {"sources": altered["sources"]}
    database["reports"].update_one({"_id": key}, {"$set": {"content_sha256": now, **sources}})
    for name in names:
        told = {"content_sha256": now, "figures": altered["figures"]} if name == "catalogue" else sources
        database[name].update_one({"_id": key}, {"$set": told})


def two_addresses(database: Db, archive: Archive) -> None:
    archive.store([replace(capture(2, b"two"), url=OTHER, canonical_url=OTHER)])
    other = replace(report(2, content=b"two"), source=replace(report(2, content=b"two").source, url=OTHER))
    Reports(database).save([replace(write(other), capture_id=capture_key(address_of(OTHER), 1))])


@pytest.mark.parametrize("addresses", [1, 2])
def test_who_alters_a_report_and_its_digests_alike_is_given_away_by_what_follows_it(
    database: Db, archive: Archive, addresses: int
) -> None:
    """It was entered in the catalogue as it stood, and said to be right."""
    if addresses == 2:
        two_addresses(database, archive)
    key, before = report(2).id, snapshot(database, "catalogue")
    alike(database, key)
    found = verify(database)
    assert not found.is_whole and (found.altered, found.doubted) == ([f"report {key}"], [key])
    assert snapshot(database, "catalogue") == before
    if addresses == 2:  # its readings agree, what stands of them has a digest of its own
        alike(database, key, "readings")
        assert verify(database).altered == [f"report {key}"]
    alike(database, key, "readings", "catalogue")
    assert verify(database).altered == [], "only its page says otherwise: --deep"


def test_an_earlier_state_that_was_put_back_is_altered(database: Db, archive: Archive) -> None:
    key = report(2).id
    before = database["reports"].find_one({"_id": key})
    assert before is not None
    Reports(database).save([write(report(2, received=9, content=b"two"), version=1)])
    database["reports"].replace_one({"_id": key}, before)
    found = verify(database)
    assert (found.altered, found.doubted, found.behind) == ([f"report {key}"], [key], [])


def test_what_another_process_writes_meanwhile_accuses_nobody(
    database: Db, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read before it was written, and what follows it after."""
    told, times = Catalogue.told, []

    def meanwhile(self: Catalogue, ids: Iterable[str]) -> dict[str, Told]:
        if not times:
            times.append(1)
            Reports(database).save([write(report(2, received=9, content=b"two"))])
        return told(self, ids)

    monkeypatch.setattr(Catalogue, "told", meanwhile)
    found = verify(database)
    assert times and found.altered == []


def test_an_altered_revision_and_an_altered_reading_are_told(database: Db, archive: Archive) -> None:
    two_addresses(database, archive)
    assert verify(database).is_whole
    revision, (reading,) = f"{report(1).id}/1", database["report_alternates"].find({})
    database["report_revisions"].update_one({"_id": revision}, {"$set": {"title": "another"}})
    database["report_alternates"].update_one({"_id": reading["_id"]}, {"$set": {"title": "another"}})
    found = verify(database)
    assert found.altered == [f"revision {revision}", f"reading {reading['_id']}"]
    assert found.doubted == [report(2).id], "of an earlier revision no page says what it was"


def test_a_lost_report_is_told_and_what_speaks_of_it_is_left(database: Db, archive: Archive) -> None:
    first, second = report(1).id, report(2).id
    before = {name: snapshot(database, name) for name in ("catalogue", "readings")}
    database["reports"].delete_many({"_id": {"$in": [first, second]}})
    database["readings"].delete_one({"_id": second})
    found = verify(database)
    assert not found.is_whole and (found.lost, found.behind, found.doubted) == ([first, second], [], [first])
    assert snapshot(database, "catalogue") == before["catalogue"]
    assert snapshot(database, "readings").keys() == before["readings"].keys() - {second}
    Catalogue(database).rebuild()
    assert verify(database).lost == [first, second]


def test_a_digest_of_other_rules_accuses_nobody(
    database: Db, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive of an earlier version, whose digests were taken otherwise."""
    monkeypatch.setattr(compare, "RULES", compare.RULES + 1)
    monkeypatch.setattr(compare, "_NO_CONTENT", compare._NO_CONTENT | {"title"})
    assert verify(database).is_whole


def snapshot(database: Db, name: str) -> dict[str, Doc]:
    """Every document, but for when it was entered."""
    return {
        one["_id"]: {**one, "entered_at": None} for one in database[name].find({"bucket": {"$gte": 0, "$lt": 1024}})
    }
