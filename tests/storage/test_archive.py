"""Captures and raw bytes: nothing lost, nothing twice, nothing overwritten."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from bson import Binary

from storage import raw
from storage.archive import Archive, Capture, DamagedRaw, Found, Linked, Mark, State
from storage.base import BUCKETS, Db, bucket_of, plain
from tests.storage.synthetic import capture, dump, moment


def test_a_capture_comes_back_as_it_was(database: Db) -> None:
    archive = Archive(database)
    page = capture(1, "第一版".encode("gb18030"), encoding="gb18030", found=Found(title="年报", organ="局"))
    (stored,) = archive.store([page])
    assert stored.state is State.NEW
    assert stored.raw_sha256 == hashlib.sha256(page.content).hexdigest()
    assert archive.content(stored.raw_sha256) == page.content
    record = archive.get(stored.capture_id)
    assert record is not None
    assert (record.url, record.status, record.fetched_at, record.kind) == (
        page.url,
        200,
        page.fetched_at,
        "report",
    )
    assert record.headers["etag"] == '"1"'
    assert record.found == page.found
    assert plain(record) == asdict(record)
    assert record.bucket == bucket_of(record.id)
    kept = database["raw"].find_one({"_id": stored.raw_sha256})
    assert kept is not None
    assert (kept["sha256"], kept["size"], kept["encoding"]) == (
        stored.raw_sha256,
        len(page.content),
        "gb18030",
    )


def test_the_same_batch_again_changes_not_one_byte(database: Db) -> None:
    archive = Archive(database)
    batch = [capture(n, f"page {n}".encode()) for n in range(30)]
    first = archive.store(batch)
    before = dump(database)
    second = archive.store(batch)
    assert [s.state for s in second] == [State.UNCHANGED] * 30
    assert [s.capture_id for s in second] == [s.capture_id for s in first]
    assert dump(database) == before


def test_a_later_fetch_of_the_same_bytes_adds_nothing(database: Db) -> None:
    archive = Archive(database)
    archive.store([capture(1, b"same")])
    before = dump(database)
    (again,) = archive.store([capture(1, b"same", minutes=60, run_id="second")])
    assert again.state is State.UNCHANGED
    assert again.fetched_at == capture(1, b"same").fetched_at
    assert dump(database) == before


def test_every_content_gets_its_version_even_when_it_returns(database: Db) -> None:
    archive = Archive(database)
    states = []
    for minutes, content in enumerate([b"A", b"B", b"A", b"A"]):
        (stored,) = archive.store([capture(1, content, minutes=minutes)])
        states.append((stored.capture_id.rpartition("/")[2], stored.state))
    assert states == [("1", "new"), ("2", "changed"), ("3", "changed"), ("3", "unchanged")]
    url = capture(1, b"").canonical_url
    assert [archive.content(c.raw_sha256) for c in archive.history(url)] == [b"A", b"B", b"A"]
    assert database["raw"].count_documents({}) == 2
    latest = archive.latest(url)
    assert latest is not None and latest.version == 3


def test_two_contents_of_one_address_in_one_batch_keep_their_order(database: Db) -> None:
    archive = Archive(database)
    batch = [capture(1, b"A"), capture(1, b"B", minutes=1), capture(2, b"A"), capture(1, b"A", minutes=2)]
    stored = archive.store(batch)
    assert [s.state for s in stored] == ["new", "changed", "new", "changed"]
    assert [s.capture_id[-2:] for s in stored] == ["/1", "/2", "/1", "/3"]
    assert [s.state for s in archive.store(batch)] == ["unchanged"] * 4


def test_a_page_that_comes_back_after_an_outage_is_unchanged(database: Db) -> None:
    archive = Archive(database)
    page = capture(1, b"good")
    archive.store([page])
    failed = replace(page, status=503, content=b"sorry", fetched_at=moment(5), kind="page")
    blocked = replace(page, status=412, content=b"script", fetched_at=moment(6), kind="blocked")
    assert [s.state for s in archive.store([failed, blocked])] == ["changed", "changed"]
    (back,) = archive.store([replace(page, fetched_at=moment(7))])
    assert back.state is State.UNCHANGED and back.capture_id.endswith("/1")
    latest = archive.latest(page.canonical_url)
    assert latest is not None and latest.version == 1


def test_not_modified_is_unchanged_and_stores_no_empty_body(database: Db) -> None:
    archive = Archive(database)
    page = capture(1, b"good")
    (stored,) = archive.store([page])
    (again,) = archive.store([replace(page, status=304, content=b"", fetched_at=moment(9))])
    assert (again.state, again.capture_id, again.raw_sha256) == (
        "unchanged",
        stored.capture_id,
        stored.raw_sha256,
    )
    assert database["raw"].count_documents({}) == 1


def test_an_empty_answer_is_kept_too(database: Db) -> None:
    archive = Archive(database)
    (stored,) = archive.store([capture(1, b"")])
    assert archive.content(stored.raw_sha256) == b""


def test_four_writers_of_the_same_batch_leave_one_copy(database: Db) -> None:
    batch = [capture(n, f"page {n}".encode()) for n in range(40)]
    batch += [capture(n, f"later {n}".encode(), minutes=3) for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: Archive(database).store(batch), range(4)))
    assert all([s.capture_id for s in result] == [s.capture_id for s in results[0]] for result in results)
    states = [s.state for result in results for s in result]
    assert (states.count(State.NEW), states.count(State.CHANGED)) == (40, 40)
    assert database["captures"].count_documents({}) == 80


def test_two_writers_of_different_contents_both_land(database: Db) -> None:
    def store(letter: str) -> list[str]:
        batch = [
            capture(n, f"{letter}{n}".encode(), minutes=0 if letter == "A" else 1, run_id=letter) for n in range(30)
        ]
        return [s.capture_id for s in Archive(database).store(batch)]

    with ThreadPoolExecutor(2) as pool:
        ids = [key for result in pool.map(store, "AB") for key in result]
    assert len(set(ids)) == 60
    assert sorted(key[-2:] for key in ids) == ["/1"] * 30 + ["/2"] * 30


def test_a_large_body_goes_to_gridfs_and_comes_back(database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "IN_DOCUMENT", 1 << 20)
    content = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(60_000))  # does not compress
    archive = Archive(database)
    (stored,) = archive.store([capture(1, content)])
    kept = database["raw"].find_one({"_id": stored.raw_sha256})
    assert kept is not None and kept["body"] is None
    assert database["raw.chunks"].count_documents({"files_id": kept["file_id"]}) > 1
    assert archive.content(stored.raw_sha256) == content
    before = dump(database)
    archive.store([capture(1, content)])
    assert dump(database) == before


def test_an_upload_that_was_killed_is_completed(database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "IN_DOCUMENT", 1 << 20)
    content = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(60_000))
    archive = Archive(database)
    archive.store([capture(1, content)])
    # What a kill leaves behind: some chunks, no file entry, no raw entry, no capture.
    database["raw.chunks"].delete_many({"n": {"$gte": 3, "$lt": 99}})
    for name in ("raw.files", "raw", "captures"):
        database[name].delete_many({})
    (stored,) = archive.store([capture(1, content)])
    assert stored.state is State.NEW
    assert archive.content(stored.raw_sha256) == content


def test_damaged_bytes_are_noticed(database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(database)
    monkeypatch.setattr(raw, "IN_DOCUMENT", 1 << 20)
    large = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(60_000))
    names = [
        s.raw_sha256
        for s in archive.store(
            [capture(1, b"text " * 99), capture(2, b"other " * 99), capture(3, large), capture(4, b"fine")]
        )
    ]
    body = database["raw"].find_one({"_id": names[0]})["body"]  # type: ignore[index]
    flipped = bytes(body[:-1]) + bytes([body[-1] ^ 1])
    database["raw"].update_one({"_id": names[0]}, {"$set": {"body": Binary(flipped)}})
    database["raw"].update_one({"_id": names[1]}, {"$set": {"body": Binary(body[:10])}})
    database["raw.chunks"].delete_one({"n": 1})
    for name in names[:3]:
        with pytest.raises(DamagedRaw, match=name):
            archive.content(name)
    assert {name for name, _, damage in archive.raw.examined() if damage} == set(names[:3])
    missing = "0" * 64
    with pytest.raises(DamagedRaw, match="no such entry"):
        archive.content(missing)
    found = dict(archive.raw.contents([names[3], missing]))
    assert found[names[3]] == b"fine" and isinstance(found[missing], DamagedRaw)


def test_a_capture_is_marked_with_what_it_turned_out_to_be(database: Db) -> None:
    archive = Archive(database)
    first, second = archive.store([capture(1, b"1", kind="page"), capture(2, b"2", kind="page")])
    linked = Linked("http://a/b.pdf", "附件", "application/pdf", second.capture_id, second.raw_sha256)
    archive.mark_all([Mark(first.capture_id, "report", "f" * 64), Mark(second.capture_id, "attachment")])
    archive.mark(first.capture_id, found=Found(title="年报", attachments=(linked,)))
    record = archive.get(first.capture_id)
    assert record is not None
    assert (record.kind, record.text_sha256) == ("report", "f" * 64)
    assert record.found is not None and record.found.attachments == (linked,)
    before = dump(database)
    archive.mark(first.capture_id, "report")
    assert dump(database) == before


def test_the_walk_meets_every_capture_once(database: Db) -> None:
    archive = Archive(database)
    batch = [capture(n, str(n).encode(), kind="list" if n % 3 else "report") for n in range(700)]
    ids = [s.capture_id for s in archive.store(batch)]
    met = [c.id for c in archive.walk()]
    assert sorted(met) == sorted(ids)
    assert met == sorted(met, key=lambda key: (bucket_of(key), key))
    assert {c.kind for c in archive.walk(kinds=["report"])} == {"report"}
    halves = [*archive.walk(buckets=range(500)), *archive.walk(buckets=range(500, BUCKETS))]
    assert [c.id for c in halves] == met


def test_a_batch_larger_than_one_message_is_cut(database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.access.writes.MAX_BYTES", 20_000)
    monkeypatch.setattr("storage.raw.MAX_BYTES", 20_000)
    batch = [capture(n, hashlib.sha512(str(n).encode()).digest() * 200) for n in range(40)]
    assert {s.state for s in Archive(database).store(batch)} == {State.NEW}
    assert database["raw"].count_documents({}) == 40


def test_whatever_a_server_sends_is_archived(database: Db) -> None:
    url = "http://x.cn/\udcff\ud800"
    headers = {"X.$Odd\0": "\udcff" + "v" * 20_000, "": "", "$": "1"}
    (stored,) = Archive(database).store([replace(capture(1, b"\0\xff"), url=url, canonical_url=url, headers=headers)])
    record = Archive(database).latest(url)
    assert record is not None and record.id == stored.capture_id
    assert record.url == "http://x.cn/??" and len(record.headers["x__odd_"]) == 8192


def test_times_without_a_zone_are_utc_and_zones_do_not_matter(database: Db) -> None:
    archive = Archive(database)
    page = capture(1, b"x")
    naive = Capture(**{**vars_of(page), "fetched_at": page.fetched_at.replace(tzinfo=None)})
    archive.store([naive])
    record = archive.latest(page.canonical_url)
    assert record is not None and record.fetched_at == page.fetched_at
    assert record.fetched_at.utcoffset() == timedelta(0)


def vars_of(page: Capture) -> dict[str, object]:
    return {name: getattr(page, name) for name in page.__dataclass_fields__}
