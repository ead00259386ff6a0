"""Every public function of the storage, run on some hundred documents: what the index test listens to."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from parsers import made_of
from parsers.identity.units import Registry as UnitRegistry
from parsers.identity.units import load_units
from parsers.report import Report
from parsers.source import Source
from parsers.template import load_templates
from storage import labels, query, raw
from storage.archive import Archive, Found, Linked, Mark
from storage.base import Db, address_of, now
from storage.catalogue import Catalogue
from storage.coverage import counts
from storage.coverage import query as coverage_query
from storage.coverage.update import as_of, rebuild, update
from storage.cross import update as cross
from storage.export.run import Form, export
from storage.follow_up import follow_up
from storage.fulltext import TextIndex, answered
from storage.gone import Gone
from storage.layouts import Layouts
from storage.leases import Leases
from storage.pending import Pending
from storage.portals import Portals
from storage.problems import Problems
from storage.query import Filters
from storage.raw import Body, DamagedRaw, RawStore
from storage.readings import Readings
from storage.reports import Reports
from storage.rerun.current import Current
from storage.rerun.lease import RENEW, Lease
from storage.rerun.stale import IMPORTED, Selection, select
from storage.runs import Runs
from storage.saving import ledger
from storage.shape.records import Column, Health, Layout, RunState
from storage.units import Units
from storage.verify import verify, verify_deep
from storage.warc.read import import_warc
from storage.warc.write import export_warc, is_warc
from tests.storage.rerun.site import Here, House, Registry, Saying
from tests.storage.synthetic import capture, jointly, report, write

YEARS = range(2017, 2021)
ORGANS = 50


def fill(db: Db) -> None:
    words = {n: "".join(f"本机关第{n}类第{k}项政府信息已经公开。" for k in range(15)) for n in range(ORGANS)}
    writes = [write(report(n, year, size=300, text=words[n])) for n in range(ORGANS) for year in YEARS]
    Reports(db).save(writes)
    Reports(db).save([write(report(n, size=300, received=9, content=b"new"), version=2) for n in range(20)])
    copies = [write(report(n, size=300, url=f"http://copy.gov.cn/{n}", trust="doubtful")) for n in range(20)]
    Reports(db).save(copies)
    Reports(db).save([write(jointly(report(ORGANS + n, size=300), report(n).organ)) for n in range(5)])
    pages = [capture(n, f"{n}/{year}".encode(), year=year) for n in range(ORGANS) for year in YEARS]
    Archive(db).store(pages)
    for n in range(120):
        Problems(db).record("fetch", f"http://failed.cn/{n}", "no answer", run_id=f"run-{n % 10}")
        Portals(db).succeeded(f"portal-{n}", "run")


def exercise(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every public function of the storage, on the paths that differ in what they ask."""
    monkeypatch.setattr(raw, "IN_DOCUMENT", 1 << 14)
    use_archive(db)
    use_reports(db)
    use_queries(db)
    use_runs(db)
    use_rerun(db)
    use_warc(db)
    few = UnitRegistry(load_units().units[:40])
    monkeypatch.setattr("storage.units.load_units", lambda: few)
    use_coverage(db)


def use_archive(db: Db) -> None:
    archive = Archive(db)
    large = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(9000))
    pages = [capture(n, f"{n} again".encode(), minutes=1) for n in range(20)]
    stored = archive.store([*pages, capture(99, large)])
    archive.store(pages)
    names = [one.raw_sha256 for one in stored]
    ids = [one.capture_id for one in stored]
    for name in names:
        archive.content(name)
    archive.bodies(names)
    found = verify(db, mark=True)
    verify_deep(db, found, Current(load_templates(), Registry()), Here(), sample=30)
    archive.raw.mark(DamagedRaw(names[0], "a test"))
    archive.comparable([pages[0].canonical_url])
    list(archive.raw.marks())
    archive.raw.keep({names[0]: Body(pages[0].content, "text/html")})
    archive.raw.unmark(names[0])
    RawStore(db).content(names[0])
    archive.latest(pages[0].canonical_url)
    archive.history(pages[0].canonical_url)
    archive.get(ids[0])
    archive.kinds(page.canonical_url for page in pages)
    list(archive.captures(ids))
    archive.mark(ids[0], "report")
    archive.mark_all([Mark(key, "report") for key in ids])
    list(archive.walk())
    list(archive.walk(["list"]))


def use_reports(db: Db) -> None:
    reports = Reports(db)
    reports.save([write(report(n, size=300)) for n in range(200, 220)])
    assert reports.worth(write(report(n)).capture_id for n in range(200, 220))
    assert reports.read_from(write(report(n)).capture_id for n in range(200, 220))
    reports.save([write(report(n, size=300)) for n in range(200, 220)])
    reports.save([write(report(n, size=300, received=5), version=2) for n in range(200, 220)])
    reports.save([write(report(n, size=300, received=5, parser="2"), version=2) for n in range(200, 220)])
    broken = [write(report(n, size=300, trust="unreadable"), version=3) for n in range(20)]
    reports.save(broken)
    bad = write(report(300))
    reports.save([replace(bad, document={**bad.document, "language": 5})])
    race(db)
    moved = report(45, size=300).to_document()
    moved["organ"] = {**moved["organ"], "id": "elsewhere"}
    moved["_id"] = "elsewhere/2020/own"
    reports.save([replace(write(report(45)), document=moved)])
    for one in ("http://a.gov.cn/1.html", "http://nowhere.gov.cn/"):
        reports.address_died({one: "404"})
    list(Gone(db).all())
    reports.address_answers([address_of("http://a.gov.cn/1.html")])
    reports.withdraw(write(report(46)).capture_id, "not_a_report", "run")
    reports.save([write(report(46, size=300))])
    use_readings(db)
    Catalogue(db).remove("nobody/2020/own", 3)
    Catalogue(db).write(db["reports"].find({"_id": {"$in": [report(1).id]}}))
    db["catalogue"].delete_one({"_id": report(1).id})
    db["readings"].delete_one({"_id": report(1).id})
    db["reports"].delete_one({"_id": report(2).id})
    Catalogue(db).rebuild()


def use_readings(db: Db) -> None:
    readings = Readings(db)
    (read_as,) = readings.of_captures([write(report(30)).capture_id])
    readings.heads([read_as])
    before = readings.writes([read_as])
    (stored,) = db["reports"].find({"_id": read_as})
    readings.refresh({read_as: stored}, before)
    readings.write([stored])
    readings.remove("nobody/2020/own", 3)


def race(db: Db) -> None:
    """Lose the race for a report once."""
    real = ledger.replace_held
    lost = []

    def lose(*arguments: Any) -> bool:
        if not lost:
            lost.append(1)
            Reports(db).save([write(report(5, size=300, received=77), version=4)])
        return real(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "replace_held", lose)
        Reports(db).save([write(report(5, size=300, received=78), version=5)])


def use_queries(db: Db) -> None:
    questions = [
        Filters(),
        Filters(limit=5),
        Filters(organ="organ-00003"),
        Filters(organ="第3县人民政府", years=(2019, 2020)),
        Filters(organ="3县", year=2020),
        Filters(organ="nobody"),
        Filters(year=2020, level="county"),
        Filters(year=2020, province="520000", level="city", template="e2019_v60"),
        Filters(template="e2019_v60", portal="sample", years=(2018, 2019)),
        Filters(portal="sample"),
        Filters(ids=(report(3).id, report(7, 2019).id)),
        Filters(ids=(report(3).id, "nobody"), where="requests.received_new.total>=0"),
        Filters(where="requests.received_new.total>100 and reconsideration.upheld!=0"),
        Filters(where="requests.received_new.total>=9", organ="organ-00003"),
        Filters(where="requests.received_new.total>=9", province="520000"),
    ]
    for one in questions:
        list(query.find(db, one))
    list(query.find_reports(db, Filters(year=2020, level="county")))
    labels.unknown(db)
    labels.unknown(db, (2020,))
    with TemporaryDirectory() as folder:
        for form in Form:
            export(db, Filters(year=2020, limit=20), Path(folder, "some.jsonl"), form)
    use_the_index(db)
    query.reports(db, [report(1).id])
    query.get(db, report(1).id)
    query.revisions(db, report(1).id)
    query.moved(db, report(1).id)
    query.alternates(db, report(1).id)
    for name in (report(1).id, "organ-00003/2020", "organ-00003", "第3县人民政府 2020", "3县"):
        query.resolve(db, name)


def use_warc(db: Db) -> None:
    linked = Linked(capture(1, b"").url, "a file", "text/html", "0" * 24 + "/7", "0" * 64)
    (page,) = Archive(db).store([capture(1, b"with a file", found=Found(attachments=(linked,)))])
    Archive(db).mark(page.capture_id, judged_by=(IMPORTED,))
    with TemporaryDirectory() as folder:
        file = Path(folder, "some.warc.gz")
        assert is_warc(file)
        export_warc(db, Filters(), file)
        export_warc(db, Filters(organ="organ-00001"), file)
        import_warc(db, file, lambda url: (url, None))


def use_the_index(db: Db) -> None:
    with TemporaryDirectory() as folder:
        index = TextIndex(db, Path(folder))
        list(query.find(db, answered(index, Filters(text="第7县 主动公开", year=2020))))
        Reports(db).save([write(report(7, size=300, received=8), version=9)])
        index.catch_up()
        Reports(db).withdraw(write(report(47)).capture_id, "not_a_report", "run")
        index.catch_up()


def use_rerun(db: Db) -> None:
    """Forty reports of another template among some hundred, and captures without a report."""
    reports = Reports(db)
    reports.save([write(report(n, 2021, size=300, template="e2021_v30", profile=2)) for n in range(40)])
    archive = Archive(db)
    pages = archive.store([capture(n, f"{n} of 2021".encode(), year=2021) for n in range(40)])
    archive.mark_all([Mark(one.capture_id, judged_by=(made_of.FAILED,)) for one in pages[:20]])
    archive.mark_all([Mark(one.capture_id, "page", judged_by=(made_of.UNKNOWN,)) for one in pages[20:]])
    periods = Registry({"sample": (("2000-01-01", 1), ("9999", 2))})
    for selection in (
        Selection(),
        Selection(everything=True),
        Selection(everything=True, years=(2021,)),
        Selection(everything=True, templates=("e2021_v30",)),
        Selection(everything=True, portals=("sample",)),
    ):
        list(select(db, selection, Current(load_templates(), periods)))
    with TemporaryDirectory() as home, Lease(db) as lease:
        lease.name("run")
        house = House(db, Path(home), periods)
        lease.release()
        house.rerun(Selection(templates=("e2021_v30",)))
        house.here = Saying(read_again)
        house.rerun(Selection(templates=("e2021_v30",), everything=True), accept_regressions=True)
    with pytest.MonkeyPatch.context() as patch, Lease(db) as lease:
        later = now() + RENEW
        patch.setattr("storage.rerun.lease.now", lambda: later)
        lease.renew()


def read_again(source: Source) -> Report:
    """The page of `synthetic.address` as a report with another figure than before."""
    number, year = map(int, re.findall(r"\d+", source.url or ""))
    return report(number, year, size=300, template="e2021_v30", received=1, url=source.url, content=source.content)


def use_coverage(db: Db) -> None:
    """Organs found, an organ that is listed, a portal, a list that has changed."""
    rebuild(db)
    Portals(db).succeeded("sample", Runs(db).start("crawl", {}), swept=True)
    update(db, ["organ-00003", "nobody"], ["sample"])
    follow_up(db, ["sample"], {"sample": "410104"})
    Pending(db).add(["organ-00003"])
    Pending(db).done(Pending(db).all())
    as_of(db)
    units = Units(db)
    for change in ({"digest": "old"}, {"origin": "config"}):
        db["units"].update_one({"_id": "organ-00003"}, {"$set": change})
        db["stats"].delete_one({"_id": "units.loaded"})
        units.load()
    units.get("organ-00003")
    units.forget(["nobody"])
    list(units.discovered("520000"))
    counts.total(counts.overview(db, counts.provinces(db), [2019, 2020])["520000", 2020], "county")
    coverage_query.organs(db, "520000", YEARS, "county")
    coverage_query.of_organs(db, ["organ-00003"])
    coverage_query.against_last_year(db, "sample", 2020)
    use_cross(db)


def use_cross(db: Db) -> None:
    """Every organ's checks, one that has changed, one that is gone, and a whole with its parts."""
    cross.update(db, (f"organ-{n:05d}" for n in range(ORGANS)))
    cross.rebuild(db)
    assert cross.tally(db)
    for number in (3, 4):
        Reports(db).save([write(report(number, 2019, size=300, received=1, url=f"http://other.gov.cn/{number}"))])
    whole = report(7, 2019, size=300, url="http://whole.gov.cn/")
    part = report(2, 2019, size=300, url="http://part.gov.cn/")
    place = {"province": "河南省", "city": None, "county": None, "region_code": "410000"}
    for one, changes in (
        (whole, {"id": "410000", "level": "province", **place}),
        (part, {"id": "410000-part", "level": "department", **place}),
    ):
        document = one.to_document()
        document["organ"] = {**document["organ"], **changes}
        document["scope"] = "consolidated" if changes["level"] == "province" else "own"
        document["_id"] = f"{changes['id']}/2019/{document['scope']}"
        Reports(db).save([replace(write(one), document=document)])
    follow_up(db)
    assert list(db["cross_checks"].find({"year": 2019, "rule": "H-HIER"}))  # as people ask
    cross.of_report(db, "410000/2019/consolidated")
    Reports(db).withdraw(write(whole).capture_id, "not_a_report")
    follow_up(db)


def use_runs(db: Db) -> None:
    runs = Runs(db)
    run = runs.start("crawl", {"portals": ["sample"]})
    db["runs"].update_one({"_id": run}, {"$set": {"process_started": 5.0}})
    runs.reap()
    second = runs.start("crawl", {})
    runs.update(second, {"captures": 3})
    runs.finish(second, RunState.FINISHED, counts={"captures": 4})
    runs.get(second)
    runs.latest()
    runs.latest(5, "crawl")
    problems = Problems(db)
    key = problems.record("fetch", "http://x.cn", "no answer", run_id=second)
    problems.get(key)
    problems.of_run(second)
    problems.count_of_run(second)
    problems.resolve("http://x.cn", "http://failed.cn/3")
    problems.resolve_addresses(["0" * 24])
    problems.resolve_addresses(["0" * 24], second)
    list(problems.open())
    portals = Portals(db)
    portals.succeeded("one", second, columns=[Column("http://a.cn")], cursor={"page": "2"})
    portals.checked("one", answered=True, trouble=Health.FAILING, detail="", vendor="trs", vendor_why="its address")
    portals.failed("two", second, Health.BLOCKED, "412")
    portals.stopped("three", second)
    portals.late(["one", "two"])
    layouts = Layouts(db)
    page = Layout("a.cn/nb/", "list", "0123", ("div.a",), ("items",), None, now())
    layouts.put("one", [page], 1)
    layouts.put("one", [page], 1)
    layouts.get("one")
    leases = Leases(db)
    held = leases.take("portal:one", second)
    assert held is not None and leases.take("portal:one") is None
    held.renew()
    leases.renew(held)
    leases.holder("portal:one")
    db["leases"].update_one({"_id": "portal:one"}, {"$set": {"started": 5.0}})
    with leases.take("portal:one") or held as taken:
        leases.release(taken)
    taken.release()
    portals.get("one")
    portals.states(["one", "two", "portal-3"])
