"""From a real database into each format and back: the figures are those of the reports, and a blank is no nought."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from storage import query
from storage.base import Db
from storage.export import run
from storage.export.columns import ExportError
from storage.export.measures import load_measures
from storage.export.panel import columns
from storage.export.run import Form, export
from storage.export.writers import parquet_file, xlsx_file
from storage.export.writers.guard import guarded
from storage.query import Filters
from tests.storage.export.made import made, put
from tests.storage.export.reading import read, same

RECEIVED = "requests.received_new.total"
FORMATS = ("csv", "parquet", "xlsx", "jsonl")
HOSTILE = '=HYPERLINK("http://evil.example/","点击"),\r\n"引号"'


@pytest.fixture
def filled(database: Db) -> Db:
    put(
        database,
        made(1, 2020, "e2019_v60", {RECEIVED: 110, "requests.carried_over.total": None}, title=HOSTILE),
        made(2, 2020, "e2019_v60", {RECEIVED: 0, "proactive.centralized_procurement.amount_wan_yuan": 13015.02}),
        made(3, 2021, "e2021_v30", {RECEIVED: None}, raw={RECEIVED: "@SUM(1+1)"}, flags=("late", "no_text")),
        made(4, 2015, "e2014_stats", {"statistics.requests.received.total": 7}),
    )
    return database


@pytest.mark.parametrize("ending", FORMATS)
def test_the_panel_says_what_the_reports_say(filled: Db, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"panel.{ending}"
    done = export(filled, Filters(), target, Form.PANEL)

    rows = read(target)
    assert (done.reports, done.rows, len(rows)) == (4, 4, 4)
    assert list(rows[0]) == [column.key for column in columns(load_measures())]
    reports = {report["_id"]: report for report in query.find_reports(filled, Filters())}
    assert [row["report_id"] for row in rows] == list(reports)
    for row in rows:
        report = reports[row["report_id"]]
        figures = report["figures"]
        received = figures.get("requests", figures.get("statistics", {}).get("requests"))
        meant = received.get("received_new", received.get("received"))["total"]
        assert same(row["requests_received"], meant)
        assert same(row["organ_name"], report["organ"]["name"])
        assert same(row["region_code"], report["organ"]["region_code"])
        assert same(row["year"], report["report_year"])
        assert same(row["published_on"], report["page"]["published_on"])
        assert same(row["raw_sha256"], report["source"]["raw_sha256"])
        assert same(row["flags"], "; ".join(report["flags"]) or None)
        assert row["requests_carried_over"] is None
        assert row["requests_carried_over__quality"] == "missing"


@pytest.mark.parametrize("ending", FORMATS)
def test_a_blank_a_nought_and_an_amount_stay_what_they_are(filled: Db, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"panel.{ending}"
    export(filled, Filters(), target, Form.PANEL)
    by_organ = {row["organ_id"]: row for row in read(target)}
    assert same(by_organ["organ-00002"]["requests_received"], 0)
    assert by_organ["organ-00003"]["requests_received"] is None
    assert same(by_organ["organ-00002"]["procurement_wan_yuan"], 13015.02)


@pytest.mark.parametrize("ending", FORMATS)
def test_cells_come_as_they_were_written(filled: Db, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"cells.{ending}"
    done = export(filled, Filters(), target, Form.CELLS)
    rows = read(target)
    assert done.rows == len(rows) == 6
    wanted = {
        (report["_id"], cell["path"]): cell
        for report in query.find_reports(filled, Filters())
        for cell in report["cells"]
    }
    for row in rows:
        cell = wanted.pop((row["report_id"], row["path"]))
        assert same(row["value"], cell["value"])
        assert same(row["semantic"], cell["semantic"])
        assert row["row_label"]
    assert not wanted


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_spreadsheet_runs_nothing_of_a_page(filled: Db, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"panel.{ending}"
    export(filled, Filters(organ="organ-00001"), target)
    assert read(target)[0]["title"].replace("_x000D_", "\r") == f"'{HOSTILE}"
    cells = tmp_path / f"cells.{ending}"
    export(filled, Filters(organ="organ-00003"), cells, Form.CELLS)
    assert read(cells)[0]["raw"] == "'@SUM(1+1)"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("-71", "-71"), ("+3.5", "+3.5"), ("-1+1", "'-1+1"), ("-71\n", "'-71\n"), ("-a", "'-a"), ("−71", "−71")],
)
def test_a_number_as_a_page_writes_it_is_no_formula(text: str, shown: str) -> None:
    assert guarded(text) == shown


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_programs_get_the_text_as_it_is(filled: Db, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"panel.{ending}"
    export(filled, Filters(organ="organ-00001"), target, Form.PANEL)
    assert read(target)[0]["title"] == HOSTILE


def test_numbers_are_never_guarded(database: Db, tmp_path: Path) -> None:
    put(database, made(1, 2020, "e2019_v60", {RECEIVED: -3}))
    target = tmp_path / "panel.csv"
    export(database, Filters(), target)
    assert read(target)[0]["requests_received"] == "-3"


def test_whole_reports_go_into_json_lines(filled: Db, tmp_path: Path) -> None:
    target = tmp_path / "reports.jsonl"
    assert export(filled, Filters(year=2020), target).form is Form.REPORTS
    stored = list(query.find_reports(filled, Filters(year=2020)))
    rows = read(target)
    assert [row["_id"] for row in rows] == [report["_id"] for report in stored]
    for row, report in zip(rows, stored, strict=True):
        for name in ("figures", "cells", "checks", "sections", "title"):
            assert row[name] == report[name]


def test_csv_is_rfc_4180_and_has_a_mark_for_excel_when_asked(filled: Db, tmp_path: Path) -> None:
    plain, marked = tmp_path / "plain.csv", tmp_path / "marked.csv"
    export(filled, Filters(), plain)
    export(filled, Filters(), marked, bom=True)
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
    assert plain.read_bytes().split(b"\r\n")[0].startswith(b"report_id,organ_id,")
    with plain.open(encoding="utf-8", newline="") as stream:
        assert len({len(row) for row in csv.reader(stream, strict=True)}) == 1


def test_parquet_has_types_and_chinese_names(filled: Db, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    target = tmp_path / "panel.parquet"
    export(filled, Filters(), target)
    schema = pq.read_schema(target)
    types = {name: str(schema.field(name).type) for name in ("title", "year", "published_on", "requests_received")}
    assert types == {"title": "string", "year": "int32", "published_on": "date32[day]", "requests_received": "double"}
    assert schema.field("requests_received").metadata[b"title"].decode() == "收到申请数"
    assert pq.ParquetFile(target).metadata.row_group(0).column(0).compression == "ZSTD"


def test_xlsx_has_headings_a_dictionary_and_no_formula(filled: Db, tmp_path: Path) -> None:
    from python_calamine import load_workbook

    target = tmp_path / "panel.xlsx"
    export(filled, Filters(), target)
    book = load_workbook(target)
    assert book.sheet_names == ["面板数据", "数据字典", "说明"]
    headings, keys, *_ = book.get_sheet_by_index(0).to_python()
    assert (headings[keys.index("requests_received")], headings[0]) == ("收到申请数（件）", "报告标识")
    dictionary = book.get_sheet_by_name("数据字典").to_python()
    assert [line[0] for line in dictionary[1:]] == keys
    with zipfile.ZipFile(target) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 'state="frozen"' in sheet


def test_the_package_describes_every_column(filled: Db, tmp_path: Path) -> None:
    first = export(filled, Filters(), tmp_path / "面板.csv", package=True)
    export(filled, Filters(), tmp_path / "cells.parquet", Form.CELLS, package=True)
    assert first.package is not None
    package = json.loads(first.package.read_text(encoding="utf-8"))
    panel, cells = package["resources"]
    assert (panel["path"], cells["path"]) == ("面板.csv", "cells.parquet")
    assert panel["hash"] == "sha256:" + hashlib.sha256((tmp_path / "面板.csv").read_bytes()).hexdigest()
    with (tmp_path / "面板.csv").open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == [field["name"] for field in panel["schema"]["fields"]]
    (received,) = [field for field in panel["schema"]["fields"] if field["name"] == "requests_received"]
    assert (received["type"], received["title"], received["unit"]) == ("number", "收到申请数", "件")
    assert panel["schema"]["missingValues"] == [""]
    assert package["licenses"] and package["sources"]


def test_somebody_elses_package_is_left_alone(filled: Db, tmp_path: Path) -> None:
    other = tmp_path / "datapackage.json"
    other.write_text('{"name": "mine", "resources": []}', encoding="utf-8")
    with pytest.raises(ExportError, match="another's"):
        export(filled, Filters(), tmp_path / "panel.csv", package=True)
    assert json.loads(other.read_text(encoding="utf-8"))["name"] == "mine"


def test_nothing_matched_writes_nothing(filled: Db, tmp_path: Path) -> None:
    target = tmp_path / "panel.csv"
    target.write_text("before", encoding="utf-8")
    assert export(filled, Filters(year=2009), target, package=True).reports == 0
    assert [path.name for path in tmp_path.iterdir()] == ["panel.csv"]
    assert target.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize("ending", FORMATS)
def test_a_failure_in_the_middle_leaves_the_old_file(
    filled: Db, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / f"panel.{ending}"
    target.write_text("before", encoding="utf-8")
    rows = run._LAYOUTS[Form.PANEL].rows
    seen = []

    def failing(report: dict[str, object], measures: object) -> object:
        seen.append(report)
        if len(seen) == 3:
            raise OSError(28, "No space left on device")
        return rows(report, measures)  # type: ignore[arg-type]

    broken = run.Layout(run._LAYOUTS[Form.PANEL].columns, failing)  # type: ignore[arg-type]
    monkeypatch.setitem(run._LAYOUTS, Form.PANEL, broken)
    with pytest.raises(OSError, match="No space"):
        export(filled, Filters(), target, Form.PANEL)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text(encoding="utf-8") == "before"


def test_more_rows_than_a_row_group_or_a_sheet(database: Db, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(database, *(made(n, 2020, "e2019_v60", {RECEIVED: n}) for n in range(120)))
    monkeypatch.setattr(parquet_file, "ROWS_AT_ONCE", 50)
    export(database, Filters(), tmp_path / "panel.parquet")
    rows = read(tmp_path / "panel.parquet")
    assert [row["requests_received"] for row in rows] == list(range(120))
    assert sorted(export_ids(database)) == [row["report_id"] for row in rows]
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 100)
    with pytest.raises(ExportError, match=r"holds 100 rows; .*\.parquet"):
        export(database, Filters(), tmp_path / "panel.xlsx")
    assert not (tmp_path / "panel.xlsx").exists()


def export_ids(db: Db) -> list[str]:
    return [report["_id"] for report in query.find(db, Filters(), ("_id",))]


def test_wrong_targets_are_said(filled: Db, tmp_path: Path) -> None:
    for target, words in [
        (tmp_path / "panel.ods", "must end in"),
        (tmp_path / "none" / "panel.csv", "no folder"),
    ]:
        with pytest.raises(ExportError, match=words):
            export(filled, Filters(), target)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        export(filled, Filters(), tmp_path / "folder.csv")
    with pytest.raises(ExportError, match=r"go into \.jsonl"):
        export(filled, Filters(), tmp_path / "panel.csv", Form.REPORTS)
