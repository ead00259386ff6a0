"""The archive as a WARC file and back: valid for other programs, nothing lost, twice is as once."""

from __future__ import annotations

import base64
import gzip
import hashlib
import subprocess
import sys
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd
from pymongo import MongoClient
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage import schema
from storage.archive import Archive, Found, Linked
from storage.base import Db, Doc
from storage.query import Filters
from storage.rerun.stale import Selection
from storage.verify import verify
from storage.warc import read as module
from storage.warc.fields import WarcError
from storage.warc.read import Taken, import_warc
from storage.warc.write import Written, export_warc
from tests.crawler.crawling import contents
from tests.storage.rerun.site import NOON, House, address, capture, organ, page

FILE = "http://www.organ1.gov.cn/files/%E9%99%84%E4%BB%B6.doc"


def place(url: str) -> tuple[str, str | None]:
    return url.partition("://")[2], "foreign"


@pytest.fixture
def other(client: MongoClient[Doc], database: Db) -> Iterator[Db]:
    db = client[f"{database.name}_other"]
    schema.ensure(db)
    yield db
    client.drop_database(db.name)


@pytest.fixture
def filled(house: House) -> House:
    """Reports, one with a file and one in two versions; a page that is none; a blocked one; one that a browser built."""
    archive = Archive(house.db)
    (file,) = archive.store([capture(1, b"a file", url=FILE, canonical_url=FILE, kind="attachment")])
    found = Found("年报", list_url="http://www.sample.gov.cn/", attachments=(
        Linked(FILE, "附件", "application/msword", file.capture_id, file.raw_sha256),
    ))  # fmt: skip
    house.store(capture(1, page(1, "e2021_v30"), found=found), capture(2, page(2, "e2019_v60")))
    house.store(capture(3, "<p>图书馆开放时间</p>".encode()))
    house.rerun()
    again = capture(2, page(2, "e2019_v60") + b"<!-- 2 -->", fetched_at=NOON + timedelta(days=1, milliseconds=7))
    house.store(again)
    house.rerun()
    archive.store(
        [
            capture(4, b"<p>412</p>", status=412, kind="blocked", found=None),
            capture(5, b"<p>built</p>", rendered=True, canonical_url=f"{address(5)}#rendered", kind="list", found=None),
            capture(6, "<p>空</p>".encode(), headers={"X-Odd": "t\xeate", "Content-Encoding": "gzip"}, kind="list"),
        ]
    )
    return house


def records(file: Path) -> list[tuple[str, str, dict[str, str], bytes]]:
    with file.open("rb") as stream:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                dict(record.rec_headers.headers),
                record.content_stream().read(),
            )
            for record in ArchiveIterator(stream)
        ]


@pytest.mark.parametrize("name", ["all.warc.gz", "all.warc"])
def test_the_file_is_what_other_programs_expect(filled: House, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    told: dict[str, int] = {}
    number = filled.db["captures"].count_documents({})
    assert export_warc(filled.db, Filters(), file, told.__setitem__) == Written(file, number, 0)
    assert told == {"captures": number}
    check = [sys.executable, "-m", "warcio.cli", "check", "-v", str(file)]
    done = subprocess.run(check, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("digest pass") == number + 1
    found = records(file)
    assert [kind for kind, *_ in found].count("resource") == 1
    assert found[0][0] == "warcinfo" and b"WARC File Format 1.1" in found[0][3]
    for _, url, headers, body in found[1:]:
        held = filled.db["captures"].find_one({"url": url, "size": len(body)})
        assert held is not None
        assert datetime.fromisoformat(headers["WARC-Date"]) == held["fetched_at"]
        assert headers["WARC-Payload-Digest"].startswith("sha256:")
    raw = gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()
    assert raw.startswith(b"WARC/1.1\r\n") and b"HTTP/1.1 412" in raw
    export_warc(filled.db, Filters(), file)
    assert records(file)[1:] == found[1:], "the same archive is the same file, but for the first record's date"


def test_an_archive_comes_back_whole_and_twice_is_as_once(filled: House, other: Db, tmp_path: Path) -> None:
    file = tmp_path / "all.warc.gz"
    export_warc(filled.db, Filters(), file)
    into = House(other, tmp_path / "other")
    taken = import_warc(other, file, place, "run")
    number = filled.db["captures"].count_documents({})
    assert taken == Taken(number + 1, new=number, left=1, to_parse=4, bytes=taken.bytes)
    found = into.rerun(Selection(imported=True))
    assert found.outcomes == {"applied": 2, "unchanged": 1}
    assert verify(other).is_whole
    here, there = contents(filled.db), contents(other)
    assert there["raw"] == here["raw"]
    # The earlier version was read in its time; here it is kept, and the later one is what is read.
    assert {key: one for key, one in there["captures"].items() if key in here["captures"]} == there["captures"]
    for key, mine in here["captures"].items():
        yours = there["captures"][key]
        assert isinstance(mine, dict) and isinstance(yours, dict)
        if yours["kind"] == mine["kind"]:
            assert {**yours, "judged_by": 0} == {**mine, "judged_by": 0}, key
    assert there["reports"].keys() == here["reports"].keys()
    figures = [{key: one["figures"] for key, one in side["reports"].items()} for side in (here, there)]  # type: ignore[index]
    assert figures[0] == figures[1]

    before = contents(other)
    again = import_warc(other, file, place)
    assert (again.new, again.unchanged, again.to_parse) == (0, number, 0)
    assert into.rerun(Selection(imported=True)).to_do == 0
    assert contents(other) == before


def test_a_question_takes_its_reports_pages_and_their_files(filled: House, tmp_path: Path) -> None:
    file = tmp_path / "some.warc.gz"
    assert export_warc(filled.db, Filters(organ=organ(1)), file).captures == 2
    assert {url for _, url, *_ in records(file)[1:]} == {FILE, address(1)}
    none = tmp_path / "none.warc.gz"
    assert export_warc(filled.db, Filters(organ="nobody"), none).captures == 0
    assert not none.exists() and len(list(tmp_path.glob(".*.part"))) == 0


def test_bytes_that_are_damaged_are_left_out_and_counted(filled: House, tmp_path: Path) -> None:
    held = filled.db["captures"].find_one({"url": FILE})
    assert held is not None
    filled.db["raw"].delete_one({"_id": held["raw_sha256"]})
    done = export_warc(filled.db, Filters(), tmp_path / "x.warc.gz")
    assert (done.captures, done.damaged) == (filled.db["captures"].count_documents({}) - 1, 1)


def test_killed_between_storing_and_marking(
    filled: House, other: Db, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.warc.gz"
    export_warc(filled.db, Filters(), file)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Archive, "mark_all", killed)
        import_warc(other, file, place)
    assert other["captures"].count_documents({}) > 0
    assert import_warc(other, file, place).to_parse == 4
    assert House(other, tmp_path / "other").rerun(Selection(imported=True)).outcomes == {"applied": 2, "unchanged": 1}


def test_what_is_older_than_the_archive_is_kept_beside_it(house: House, other: Db, tmp_path: Path) -> None:
    house.store(capture(1, page(1, "e2021_v30")))
    export_warc(house.db, Filters(), file := tmp_path / "old.warc.gz")
    newer = House(other, tmp_path / "other")
    later = {"fetched_at": NOON + timedelta(days=400)}
    newer.store(capture(1, page(1, "e2021_v30").replace(b"</html>", b"<!-- new --></html>"), **later))
    newer.rerun()
    before = newer.report(1)
    taken = import_warc(other, file, place)
    assert (taken.new, taken.older, taken.to_parse) == (1, 1, 0)
    assert newer.rerun().to_do == 0
    assert newer.report(1) == before
    latest = Archive(other).latest(address(1))
    assert latest is not None and latest.fetched_at == NOON + timedelta(days=400)
    (old,) = other["captures"].find({"kind": "superseded"})
    assert old["canonical_url"] == f"{address(1)}#as-of-20260105T120100000" and old["url"] == address(1)
    assert import_warc(other, file, place).unchanged == 1, "and a second time it is there"


# --- files of other programs ------------------------------------------------------------------------------------


def written(file: Path, *parts: tuple[str, str, bytes, list[tuple[str, str]]], encoded: bool = False) -> Path:
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        writer.write_record(writer.create_warcinfo_record(file.name, {"software": "another program"}))
        for kind, url, body, headers in parts:
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1") if kind == "response" else None
            date = {"WARC-Date": "2019-03-01T08:00:00Z"}
            record = writer.create_warc_record(
                url, kind, BytesIO(body), len(body), http_headers=http, warc_headers_dict=date
            )
            writer.write_record(record)
    return file


def test_a_file_of_another_program(database: Db, tmp_path: Path) -> None:
    body = page(1, "e2021_v30")
    html = [("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    file = written(
        tmp_path / "theirs.warc.gz",
        ("response", address(1), gzip.compress(body), [*html, ("Content-Encoding", "gzip")]),
        ("response", "http://x.gov.cn/logo.png", b"\x89PNG\r\n\x1a\n...", [("Content-Type", "image/png")]),
        ("resource", "file:///tmp/x", b"no page", []),
        ("metadata", address(1), b"a: b", []),
    )
    taken = import_warc(database, file, place, "run")
    assert taken == Taken(5, new=2, left=3, to_parse=1, bytes=taken.bytes)
    (held,) = database["captures"].find({"url": address(1)})
    assert held["raw_sha256"] == capture(1, body).sha256, "it is kept unpacked"
    assert held["fetched_at"].isoformat() == "2019-03-01T08:00:00+00:00"
    assert held["headers"] == {"content-type": "text/html; charset=utf-8", "set-cookie": "a=1, b=2"}
    assert (held["portal"], held["canonical_url"], held["run_id"]) == ("foreign", place(address(1))[0], "run")


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n%x;x=y\r\n%s\r\n0\r\n\r\n" % (10, body[:10], len(body) - 10, body[10:])


def digest(body: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(body).digest()).decode()}"


def by_hand(url: str, block: bytes, *more: str, kind: str = "response", date: str = "2019-03-01T08:00:00Z") -> bytes:
    """A record as it stands in a file, without a library's help."""
    head = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {url}", f"WARC-Date: {date}", *more]
    head += ["Content-Type: application/http;msgtype=response", f"Content-Length: {len(block)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def http(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    return "\r\n".join([status, "Content-Type: text/html", *headers, "", ""]).encode() + body


BODY = "<p>政府信息公开</p>".encode() * 40
WRITTEN: dict[str, bytes] = {
    "in chunks and packed": http(chunked(gzip.compress(BODY)), "Transfer-Encoding: chunked", "Content-Encoding: gzip"),
    "in two packed parts": http(gzip.compress(BODY[:90]) + gzip.compress(BODY[90:]), "Content-Encoding: gzip"),
    "brotli": http(brotli.compress(BODY), "Content-Encoding: br"),
    "brotli around gzip": http(brotli.compress(gzip.compress(BODY)), "Content-Encoding: gzip, br"),
    "zstd": http(zstd.compress(BODY), "Content-Encoding: zstd"),
    "deflate": http(zlib.compress(BODY), "Content-Encoding: deflate"),
    "deflate without its head": http(zlib.compress(BODY, wbits=-15), "Content-Encoding: deflate"),
    "unpacked below old headers": http(
        BODY, "Transfer-Encoding: chunked", "Content-Encoding: gzip", "Content-Length: 9"
    ),
    "an encoding that is none": http(BODY, "Content-Encoding: utf-8"),
    "HTTP/1.0": http(BODY, status="HTTP/1.0 200 OK"),
    "HTTP/2": http(BODY, status="HTTP/2 200"),
}
CUT: dict[str, tuple[bytes, tuple[str, ...], str]] = {
    "shorter than it says": (http(BODY, "Content-Length: 99999"), (), "ends early"),
    "packed, cut": (http(gzip.compress(BODY)[:-20], "Content-Encoding: gzip"), (), "ends early"),
    "brotli, cut": (http(brotli.compress(BODY)[:-3], "Content-Encoding: br"), (), "ends early"),
    "the last chunk is missing": (http(chunked(BODY)[:-5], "Transfer-Encoding: chunked"), (), "ends early"),
    "cut by its writer": (http(BODY), ("WARC-Truncated: length",), "cut it off"),
    "a part": (http(BODY), ("WARC-Segment-Number: 1",), "several parts"),
    "another digest": (http(BODY), (f"WARC-Payload-Digest: {digest(b'x')}",), "not what its digest says"),
    "a digest that is none": (http(BODY), ("WARC-Block-Digest: sha1:XY",), "not what its digest says"),
    "no HTTP": (BODY, (), "no HTTP answer"),
}


def test_however_an_answer_was_written_its_page_is_taken(database: Db, tmp_path: Path) -> None:
    file = tmp_path / "theirs.warc"
    packed = gzip.compress(BODY)
    block = http(chunked(packed), "Transfer-Encoding: chunked", "Content-Encoding: gzip")
    digests = [digest(one) for one in (chunked(packed), packed, BODY)] + [
        f"sha256:{capture(1, BODY).sha256}",
        "blake3:x",
    ]
    blocks = [(block, f"WARC-Payload-Digest: {one}") for one in digests] + [
        (one, "X-None: 1") for one in WRITTEN.values()
    ]
    file.write_bytes(b"".join(by_hand(address(number), *one) for number, one in enumerate(blocks)))
    taken = import_warc(database, file, place, "run")
    assert (taken.new, taken.damaged, taken.to_parse) == (len(blocks), 0, len(blocks))
    held = {one["url"]: one["raw_sha256"] for one in database["captures"].find({})}
    names = [*digests, *WRITTEN]
    assert [names[number] for number in range(len(names)) if held[address(number)] != capture(1, BODY).sha256] == []


def test_half_a_page_is_not_taken(database: Db, tmp_path: Path) -> None:
    file = tmp_path / "theirs.warc"
    file.write_bytes(b"".join(by_hand(address(n), block, *more) for n, (block, more, _) in enumerate(CUT.values())))
    taken = import_warc(database, file, place, "run")
    assert (taken.new, taken.damaged) == (0, len(CUT))
    told = {one["where"]: one["message"] for one in database["problems"].find({})}
    assert [name for n, (name, (_, _, why)) in enumerate(CUT.items()) if why not in told[place(address(n))[0]]] == []
    partial = http(BODY, status="HTTP/1.1 206 Partial Content")
    file.write_bytes(by_hand(address(99), partial))
    assert import_warc(database, file, place, "run") == Taken(1, new=1, bytes=len(BODY)), "kept, and not parsed"


def test_a_revisit_of_another_address_brings_its_bytes(database: Db, tmp_path: Path) -> None:
    file = tmp_path / "theirs.warc"
    first = by_hand(address(1), http(BODY), f"WARC-Payload-Digest: {digest(BODY)}")
    repeats = f"WARC-Refers-To-Target-URI: {address(1)}"
    then = "WARC-Refers-To-Date: 2019-03-01T08:00:00Z"
    again = [
        by_hand(address(1), http(b""), kind="revisit", date="2019-04-01T08:00:00Z"),
        by_hand(address(2), http(b""), repeats, then, kind="revisit", date="2019-04-01T08:00:00Z"),
        by_hand(address(3), http(b""), repeats, f"WARC-Payload-Digest: {digest(BODY)}", kind="revisit"),
        by_hand(address(4), http(b""), repeats, f"WARC-Payload-Digest: {digest(b'x')}", kind="revisit"),
        by_hand(address(5), http(b""), f"WARC-Refers-To-Target-URI: {address(9)}", then, kind="revisit"),
    ]
    file.write_bytes(b"".join([*again, first]))
    taken = import_warc(database, file, place, "run")
    assert (taken.records, taken.new, taken.left, taken.damaged, taken.to_parse) == (6, 3, 1, 2, 3)
    held = {one["url"]: one["raw_sha256"] for one in database["captures"].find({})}
    assert held == {address(number): capture(1, BODY).sha256 for number in (1, 2, 3)}
    assert import_warc(database, file, place, "run").new == 0


def test_what_stands_before_a_break_is_taken(database: Db, tmp_path: Path) -> None:
    file = tmp_path / "theirs.warc.gz"
    file.write_bytes(gzip.compress(by_hand(address(1), http(BODY))) + b"\0" * 100)
    taken = import_warc(database, file, place, "run")
    assert (taken.new, taken.broken) == (1, "Unknown archive format")
    file.write_bytes(gzip.compress(by_hand(address(2), http(BODY)) + by_hand(address(3), http(BODY))))
    taken = import_warc(database, file, place, "run")
    assert taken.new == 1 and "unpack it with gunzip" in taken.broken


def test_what_is_damaged_is_a_problem_and_costs_nothing_else(database: Db, tmp_path: Path) -> None:
    one, two = page(1, "e2021_v30"), page(2, "e2021_v30")
    html = [("Content-Type", "text/html")]
    plain = written(tmp_path / "x.warc.gz", ("response", address(1), one, html), ("response", address(2), two, html))
    raw = gzip.decompress(plain.read_bytes())
    (tmp_path / "y.warc").write_bytes(raw.replace(organ(1).encode(), organ(3).encode(), 1))
    taken = import_warc(database, tmp_path / "y.warc", place, "run")
    assert (taken.new, taken.damaged) == (1, 1)
    (problem,) = database["problems"].find({})
    assert problem["kind"] == "damaged_record" and "not what its digest says" in problem["message"]
    assert problem["where"] == place(address(1))[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no WARC records"),
        (b"<html>", "cannot be read"),
        (gzip.compress(b"no records"), "cannot be read"),
        (b"PK\x03\x04...", "cannot be read: it is a zip file"),
        (zstd.compress(b"x"), "cannot be read: it is packed with zstd"),
    ],
    ids=["empty", "a page", "a packed text", "WACZ", "zstd"],
)
def test_what_is_no_warc_says_so(database: Db, tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "x.warc.gz"
    file.write_bytes(content)
    with pytest.raises(WarcError, match=f"x.warc.gz {says}"):
        import_warc(database, file, place)


def test_a_file_that_was_cut_off_gives_what_it_has(filled: House, other: Db, tmp_path: Path) -> None:
    export_warc(filled.db, Filters(), file := tmp_path / "all.warc.gz")
    file.write_bytes(file.read_bytes()[:-300])
    taken = import_warc(other, file, place)
    assert (taken.new, taken.damaged) == (taken.records - 2, 1)
    (problem,) = other["problems"].find({})
    assert "the file ends in the middle of it" in problem["message"]
    assert verify(other).is_whole


def test_metadata_that_only_looks_like_ours_is_refused(database: Db, tmp_path: Path) -> None:
    for number, text in enumerate(['{"nianbao": {"format": 1}}', '{"nianbao": {"format": 9}}', '{"nianbao": []}']):
        with (tmp_path / "x.warc").open("wb") as stream:
            writer = WARCWriter(stream, gzip=False)
            record = writer.create_warc_record(
                address(number),
                "resource",
                BytesIO(b"<p>x</p>"),
                8,
                warc_headers_dict={"WARC-JSON-Metadata": text, "Content-Type": "text/html"},
            )
            writer.write_record(record)
        assert import_warc(database, tmp_path / "x.warc", place).damaged == 1, text


def test_memory_is_bounded_by_the_batch(
    filled: House, other: Db, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_warc(filled.db, Filters(), file := tmp_path / "all.warc.gz")
    batches: list[int] = []
    real = Archive.store

    def counted(self: Archive, batch: Any) -> Any:
        batches.append(len(batch))
        return real(self, batch)

    monkeypatch.setattr(Archive, "store", counted)
    monkeypatch.setattr(module, "AT_ONCE", 3)
    import_warc(other, file, place)
    assert max(batches) == 3 and sum(batches) == filled.db["captures"].count_documents({})
