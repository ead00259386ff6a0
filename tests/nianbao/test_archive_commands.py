"""The commands that ask, on the archive that `make demo` makes; and a crawl of a portal that changes."""

from __future__ import annotations

import hashlib
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest
from rich.cells import cell_len

from nianbao.sample import SamplePortal
from nianbao.serving import sample_portal
from tests.nianbao.conftest import BIN, ROOT, CommandLine, Done
from tests.nianbao.markdown import blocks

Demo = tuple[CommandLine, Done]
GUANCHENG = "410104/2020/own"


def test_the_demo_shows_what_it_archived_and_where_to_go_next(demo: Demo) -> None:
    _, done = demo

    assert done.code == 0, done.err
    assert GUANCHENG in done.out
    assert "管城回族区人民政府 2020: 110" in done.out
    assert "Where to go next" in done.out
    assert "9 new" in done.last


def test_the_second_demo_finds_everything_unchanged(demo: Demo) -> None:
    nianbao, _ = demo

    again = nianbao("demo")

    assert again.code == 0
    assert "unchanged, nothing was added" in again.last


def test_the_commands_that_the_demo_recommends_work(demo: Demo) -> None:
    nianbao, done = demo
    recommended = [line.split("   ")[0].split()[1:] for line in done.out.splitlines() if "bin/nianbao" in line]

    assert [one[0] for one in recommended] == ["show", "runs", "serve", "demo", "find", "crawl"]
    for arguments in recommended:
        if arguments[0] == "serve":
            assert "管城回族区人民政府" in served(nianbao, arguments)
        elif "URL" not in arguments and "--invented" not in arguments:  # that one has tests of its own
            assert nianbao.quick(*arguments).code == 0, arguments


def served(nianbao: CommandLine, arguments: list[str]) -> str:
    """Start a command that serves until it is told to stop, ask it for the list of reports, and stop it."""
    process = subprocess.Popen(
        [BIN / "nianbao", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=nianbao.environment,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with httpx.Client(trust_env=False, timeout=60) as client:
            text = client.get(f"{address}reports").text
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    return text


def test_labels_lists_what_no_template_knows(demo: Demo) -> None:
    nianbao, _ = demo

    told = nianbao.quick("labels")
    found = nianbao.quick("labels", "--json", "--year", "2020").documents

    assert told.code == 0
    assert "template" in told.last or "templates" in told.last
    assert all({"label", "kind", "tables", "years", "reports"} <= set(one) for one in found)


def test_find_prints_one_report_a_line(demo: Demo) -> None:
    nianbao, _ = demo

    documents = nianbao.quick("find", "--json").documents

    assert len(documents) == 9
    assert [document["report_year"] for document in documents] == sorted(
        (document["report_year"] for document in documents), reverse=True
    )
    assert all(document["cells"] and document["sections"] for document in documents if document["figures"])


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--organ", "管城"], {GUANCHENG}),
        (["--organ", "管城回族区人民政府", "--year", "2020"], {GUANCHENG}),
        (["--year", "2020", "--province", "河南"], {GUANCHENG}),
        (["--where", "requests.received_new.total>100"], {GUANCHENG}),
        (["--where", "requests.received_new.total > 100 and reconsideration.total >= 0"], {GUANCHENG}),
        (["--year", "2020", "--organ", "管城", "--limit", "5"], {GUANCHENG}),
    ],
)
def test_find_narrows(demo: Demo, arguments: list[str], found: set[str]) -> None:
    nianbao, _ = demo

    assert {document["_id"] for document in nianbao.quick("find", *arguments, "--json").documents} == found


def test_nothing_found_is_exit_code_3(demo: Demo) -> None:
    nianbao, _ = demo

    for arguments in (["find", "--year", "2010"], ["show", "nobody/2020/own"], ["runs", "no-such-run"]):
        done = nianbao.quick(*arguments)
        assert done.code == 3
        assert not done.out
        assert done.last.startswith("nianbao: ")


def test_a_figure_that_no_form_has_is_told_from_one_that_no_report_has(demo: Demo) -> None:
    nianbao, _ = demo
    unknown = nianbao.quick("find", "--where", "requests.received_new.totl>=1")
    assert unknown.code == 3 and "no form has a figure 'requests.received_new.totl'. Near it: " in unknown.last
    assert "requests.received_new.total" in unknown.last
    known = nianbao.quick("find", "--where", "requests.received_new.total>99999")
    assert known.code == 3 and known.last.startswith("nianbao: no report answers to that")


def test_show_lays_the_report_out_as_the_form(demo: Demo) -> None:
    nianbao, _ = demo

    done = nianbao.quick("show", GUANCHENG)

    assert done.code == 0
    for words in ("收到和处理政府信息公开申请情况", "一、本年新收", "未经复议直接起诉", "自然人", "received_new"):
        assert words in done.out


def test_show_tells_a_blank_from_a_zero(demo: Demo) -> None:
    nianbao, _ = demo
    (document,) = nianbao.quick("find", "--organ", "楚雄市政务服务管理局", "--json").documents
    semantics = {cell["path"]: cell["semantic"] for cell in document["cells"]}
    assert semantics["requests.received_new.natural_person"] == "empty"
    assert semantics["requests.received_new.total"] == "zero"

    printed = nianbao.quick("show", document["_id"]).out

    line = next(line for line in printed.splitlines() if "received_new" in line)
    assert [cell.strip() for cell in line.split("│")][2:] == ["空"] * 6 + ["0"]


def test_show_marks_the_cells_of_a_sum_that_fails(demo: Demo) -> None:
    nianbao, _ = demo

    printed = nianbao.quick("show", "320813/2023/own").out

    assert "✗ 10" in next(line for line in printed.splitlines() if line.startswith("行政复议"))
    assert "✗ T4-SUM reconsideration (hard): 0 against 11" in printed


def test_show_raw_gives_the_bytes_that_were_fetched(demo: Demo, tmp_path: Path) -> None:
    nianbao, _ = demo
    (document,) = nianbao.quick("show", "320813/2023/own", "--json").documents
    page, paper = tmp_path / "page", tmp_path / "paper"

    assert nianbao.quick("show", document["_id"], "--raw", "--output", page).code == 0
    assert nianbao.quick("show", document["_id"], "--raw", "--attachment", "1", "-o", paper).code == 0

    source = document["source"]
    assert hashlib.sha256(page.read_bytes()).hexdigest() == source["raw_sha256"]
    assert hashlib.sha256(paper.read_bytes()).hexdigest() == source["attachments"][0]["raw_sha256"]
    assert nianbao.quick("show", document["_id"], "--raw", "--attachment", "9").code == 2


def test_show_takes_an_organ_and_a_year(demo: Demo) -> None:
    nianbao, _ = demo

    assert nianbao.quick("show", "管城回族区人民政府 2020", "--json").documents[0]["_id"] == GUANCHENG
    ambiguous = nianbao.quick("show", "河北省教育厅")
    assert ambiguous.code == 2
    assert "130000-jyt/2019/own" in ambiguous.out


def test_what_parse_says_of_the_archived_bytes_is_what_the_archive_holds(demo: Demo) -> None:
    nianbao, _ = demo
    (stored,) = nianbao.quick("show", GUANCHENG, "--json").documents
    raw = subprocess.run(
        [BIN / "nianbao", "show", GUANCHENG, "--raw"], env=nianbao.environment, capture_output=True, check=True
    ).stdout

    (parsed,) = nianbao("parse", "-", "--url", stored["source"]["url"], "--json", stdin=raw).documents

    assert parsed["figures"] == stored["figures"]
    assert parsed["organ"]["name"] == stored["organ"]["name"]


def test_runs_tell_what_each_crawl_did(demo: Demo) -> None:
    nianbao, _ = demo

    first = nianbao.quick("runs", "--json").documents[-1]

    assert first["state"] == "finished"
    assert first["counts"]["reports_new"] == 9
    (one,) = nianbao.quick("runs", first["_id"], "--json").documents
    assert {problem["kind"] for problem in one["problem_records"]} <= {"blocked", "not_found"}
    assert first["_id"] in nianbao.quick("runs", first["_id"]).out


def test_a_reader_that_has_enough_of_a_table_is_no_error(demo: Demo) -> None:
    nianbao, _ = demo
    done = subprocess.run(
        ["bash", "-c", "nianbao find --json | head -c 10; echo; echo ${PIPESTATUS[0]}"],
        env=nianbao.environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


def test_a_portal_that_changes_is_crawled_again(nianbao: CommandLine) -> None:
    with SamplePortal() as portal:
        first = nianbao("crawl", "--home", portal.url)
        portal.correct()
        portal.publish()
        dry = nianbao("crawl", "--home", portal.url, "--dry-run")
        second = nianbao("crawl", "--home", portal.url)
        address = portal.url
    try:
        assert (first.code, dry.code, second.code) == (0, 0, 0), first.err + second.err
        assert dry.out.count(address) == len(dry.out.splitlines()) > 9
        assert f"changed  {GUANCHENG}" in second.out
        history = nianbao.quick("show", GUANCHENG, "--revisions")
        assert "revision 2 is current" in history.out
        assert "proactive.administrative_licensing.decisions" in history.out
        before, after = nianbao.quick("show", GUANCHENG, "--revisions", "--json").documents
        assert before["figures"]["proactive"]["administrative_licensing"]["decisions"] == 14358
        assert after["figures"]["proactive"]["administrative_licensing"]["decisions"] == 14385
    finally:
        nianbao.quick("db", "stop")


def test_the_sample_keeps_its_port_when_another_program_had_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "sample.port").write_text(str(taken), encoding="ascii")
        with sample_portal(tmp_path) as first:
            assert str(taken) not in first
            with sample_portal(tmp_path) as second:
                assert second == first, "a portal that is served already is used"
        with sample_portal(tmp_path) as third:
            assert third == first
    assert "belongs to another program" in capsys.readouterr().err


def test_a_portal_without_reports_is_exit_code_3(nianbao: CommandLine) -> None:
    with SamplePortal() as portal:
        for path in portal.paths:
            if path not in ("/index.html", "/robots.txt"):
                portal.remove(path)
        done = nianbao("crawl", "--home", portal.url)
    nianbao.quick("db", "stop")

    assert done.code == 3
    assert "--url" in done.last


def test_a_portal_that_is_not_there_is_exit_code_1(nianbao: CommandLine) -> None:
    done = nianbao("crawl", "--home", "http://127.0.0.1:9/")
    nianbao.quick("db", "stop")

    assert done.code == 1
    assert "refuses connections" in done.last


def test_coverage_by_province_and_by_organ(demo: Demo) -> None:
    nianbao, _ = demo

    table = nianbao.quick("coverage", "--years", "2019-2020", "--level", "county")
    rows = nianbao.quick("coverage", "--years", "2019-2020", "--level", "county", "--json").documents
    henan = {one["year"]: one for one in rows if one["province"] == "河南省"}

    assert table.code == 0
    assert "河南省" in table.out
    assert (henan[2020]["states"]["found"], henan[2019]["states"].get("found", 0)) == (1, 0)
    assert henan[2020]["expected"] == sum(henan[2020]["states"].values()) > 150
    assert len({one["province"] for one in rows}) >= 31

    organs = nianbao.quick("coverage", "--province", "河南", "--years", "2020", "--level", "county", "--json").documents
    (found,) = [one for one in organs if one["state"] == "found"]
    assert (found["organ_id"], found["evidence"]["reports"]) == ("410104", [GUANCHENG])
    assert len(organs) == henan[2020]["expected"]
    shown = nianbao.quick("coverage", "--province", "河南省", "--years", "2020")
    assert "管城回族区人民政府" in shown.out
    assert "未公布" in shown.out


@pytest.mark.parametrize("columns", [80, 120])
def test_coverage_of_all_years_is_not_cut(demo: Demo, columns: int) -> None:
    """Eighteen years: the archive's whole span, on a common terminal."""
    nianbao = CommandLine(demo[0].home, {"COLUMNS": str(columns)})
    years = ("--years", "2008-2025")

    provinces = nianbao("coverage", *years).out.splitlines()
    heads = [line.replace("┃", " ").split()[2:] for line in provinces if line.startswith("province")]
    assert [year for head in heads for year in head] == [str(year) for year in range(2008, 2026)]
    henan = [line.split("│")[1:] for line in provinces if line.startswith("河南省")]
    assert "1/" in next(
        cell
        for row, head in zip(henan, heads, strict=True)
        for cell, year in zip(row, head, strict=True)
        if year == "2020"
    )

    organs = nianbao("coverage", *years, "--province", "河南", "--level", "county").out.splitlines()
    heads = [line.replace("┃", " ").split()[3:] for line in organs if line.startswith("id ")]
    assert [year for head in heads for year in head if year.isdigit()] == [f"{year:02}" for year in range(8, 26)]
    guancheng = [line.split("│")[2:] for line in organs if line.startswith("410104")]
    assert [cell.strip() for row in guancheng for cell in row].count("●") == 1
    assert all(cell_len(line) <= columns for line in [*provinces, *organs])


def test_coverage_of_what_is_not_there(demo: Demo) -> None:
    nianbao, _ = demo

    assert nianbao.quick("coverage", "--province", "大洲").code == 2
    assert nianbao.quick("coverage", "--level", "village").code == 2
    assert nianbao.quick("coverage", "--province", "中央", "--level", "county").code == 3


def test_corrections_say_what_became_of_them(demo: Demo, tmp_path: Path) -> None:
    nianbao, _ = demo
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    with_config = CommandLine(nianbao.home, {"NIANBAO_CONFIG": str(config)})

    assert "holds none" in with_config.quick("corrections").last
    file = config / "corrections" / "410104.yaml"
    block, moving = [block for block in blocks(ROOT / "docs" / "corrections.md") if block.language == "yaml"]
    file.write_text(moving.body, encoding="utf-8")
    (waiting,) = with_config.quick("corrections", "--json").documents
    assert (waiting["path"], waiting["organ"]["name"], waiting["state"]) == ("organ", "金水区人民政府", "waiting")
    file.write_text(block.body, encoding="utf-8")
    (waiting,) = with_config.quick("corrections", "--json").documents
    assert (waiting["report_id"], waiting["state"], waiting["source_says"]) == (GUANCHENG, "waiting", 110)
    assert "待重算" in with_config.quick("corrections").out
    file.write_text(block.body.replace("received_new", "weather"), encoding="utf-8")
    wrong = with_config.quick("corrections")
    assert wrong.code == 1
    assert "410104.yaml:5" in wrong.err
