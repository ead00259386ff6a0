"""The JSON interface and the twins of the lists: paging, fields, ETags, what is refused; and everything under fire."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from nianbao.web.archive import WebArchive
from nianbao.web.checks import RULES
from nianbao.web.question import Question, ask
from nianbao.web.routes.organs import organs_of
from nianbao.web.shelf import Row, Shelf
from nianbao.web.tables import COLUMNS
from parsers.template import load_templates
from storage.query import Filters, find
from tests.nianbao.web.conftest import Served
from tests.nianbao.web.stock import GUANCHENG, ORGAN, YEARS_OF_ORGAN

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
LISTS = ("/reports", "/coverage", "/organs", "/portals", "/runs", "/dictionary", "/compare")


def test_pages_of_a_list_are_the_whole_list_each_report_once(web: httpx.Client, archive: WebArchive) -> None:
    for sort in ("year", "received", "published", "failed", "organ", "fetched"):
        seen: list[str] = []
        cursor = ""
        for _ in range(50):
            page = web.get("/api/reports", params={"size": 4, "cursor": cursor, "sort": sort}).json()
            seen += [one["id"] for one in page["items"]]
            assert page["total"] == len(archive.shelf)
            if page["next"] is None:
                break
            cursor = page["next"]
        assert sorted(seen) == sorted(row.id for row in archive.shelf.rows), sort


def test_a_cursor_still_holds_when_its_report_is_gone(archive: WebArchive) -> None:
    first = ask(archive.shelf, Question(), size=5)
    assert first.next is not None
    without = Shelf(row for row in archive.shelf.rows if row.id != first.rows[-1].id)
    following = ask(without, Question(), size=5, cursor=first.next)
    assert [row.id for row in following.rows] == [row.id for row in archive.shelf.rows[5:10]]


def test_filters_answer_as_the_database_does(web: httpx.Client, archive: WebArchive) -> None:
    for parameters, filters in (
        ({"year": 2020}, Filters(year=2020)),
        ({"province": "河北省"}, Filters(province="河北")),
        ({"template": "e2014_stats"}, Filters(template="e2014_stats")),
        ({"level": "county", "year": 2020}, Filters(level="county", year=2020)),
        ({"organ": "410104"}, Filters(organ="410104")),
        ({"where": "requests.received_new.total>=20"}, Filters(where="requests.received_new.total>=20")),
        (
            {"where": "reconsideration.total=5", "year": [2020, 2019]},
            Filters(where="reconsideration.total=5", years=(2020, 2019)),
        ),
    ):
        found = web.get("/api/reports", params={**parameters, "size": 500}).json()
        expected = {entry["_id"] for entry in find(archive.db, filters)}
        assert {one["id"] for one in found["items"]} == expected
        assert found["total"] == len(expected) > 0


def test_an_organ_is_found_by_what_people_call_it(archive: WebArchive) -> None:
    row = replace(archive.shelf.rows[0], organ_name="宿迁市发展和改革委员会")
    shelf = Shelf([row])
    assert [organs_of(shelf, "", "", q) for q in ("发改委", "宿迁市发改委", "發展和改革")] == [[row]] * 3
    assert organs_of(shelf, "", "", "发改局") == []


def test_a_condition_narrows_the_page_its_facets_and_its_twins(web: httpx.Client, archive: WebArchive) -> None:
    asked = {"where": "requests.received_new.total>=20", "year": "2020"}
    expected = {one["_id"] for one in find(archive.db, Filters(where=asked["where"], year=2020))}

    page = web.get("/reports", params=asked).text
    rows = list(csv.DictReader(io.StringIO(web.get("/reports.csv", params=asked).content.decode("utf-8-sig"))))
    counts = web.get("/api/facets", params=asked).json()

    assert {row["id"] for row in rows} == expected != set()
    assert f"<strong>{len(expected)}</strong>" in page
    assert "/reports.csv?year=2020&amp;where=requests.received_new.total%3E%3D20" in page
    assert sum(counts["trust"].values()) == len(expected)
    refused = web.get("/reports", params={"where": "requests.received_new.total>many"})
    assert refused.status_code == 400
    assert "cannot read" in refused.text
    assert "--where" not in refused.text


def test_a_condition_is_answered_while_the_index_is_being_made(archive: WebArchive) -> None:
    question = Question(where="reconsideration.total=5")
    known = archive.by_figures(question)
    archive.reads_text = False
    try:
        assert archive.by_figures(question) == known != set()
    finally:
        archive.reads_text = True


def test_words_of_the_text_are_found_and_shown(web: httpx.Client, archive: WebArchive) -> None:
    words = "政务微信推送"
    found = web.get("/api/reports", params={"q": words, "size": 500}).json()
    expected = {
        row.id
        for row in archive.shelf.rows
        if words in json.dumps(archive.report(row.id), default=str, ensure_ascii=False)
    }
    assert {one["id"] for one in found["items"]} == expected != set()
    assert f"<mark>{words}</mark>" in web.get("/reports", params={"q": words}).text


def test_a_joint_report_stands_with_each_of_its_organs(web: httpx.Client, archive: WebArchive) -> None:
    (joint,) = [row for row in archive.shelf.rows if row.joint]
    assert joint.scope == "joint"
    for organ in joint.joint:
        key, name = organ["organ_id"], organ["organ_name"]
        assert joint.id in {one["id"] for one in web.get("/api/reports", params={"organ": key}).json()["items"]}
        assert joint.id in {one["id"] for one in web.get("/api/reports", params={"q": name}).json()["items"]}
        told = web.get(f"/organs/{key}.json").json()
        assert (told["id"], told["name"]) == (key, name)
        assert joint.report_year in told["years"]
        page = web.get(f"/organs/{key}").text
        assert f"<h1><bdi>{name}</bdi></h1>" in page
        assert f'href="/reports/{joint.id}"' in page
        assert name in web.get("/compare", params={"organ": key}).text
        assert key in {one["id"] for one in web.get("/organs.json", params={"q": name}).json()["items"]}


def test_portals_are_found_by_name_id_address_and_province(web: httpx.Client) -> None:
    everything = web.get("/portals.json").json()["items"]
    for asked, answers in (
        ({"q": "昆明市"}, lambda one: "昆明市" in one["organ"]),
        ({"q": "KM.GOV.CN"}, lambda one: "km.gov.cn" in (one["home"] or "")),
        ({"q": "abaxian"}, lambda one: "abaxian" in one["id"]),
        (
            {"province": "云南省", "health": "unknown"},
            lambda one: (one["province"], one["health"]) == ("云南省", "unknown"),
        ),
    ):
        expected = {one["id"] for one in everything if answers(one)}
        found = web.get("/portals.json", params=asked).json()["items"]
        rows = csv.DictReader(io.StringIO(web.get("/portals.csv", params=asked).content.decode("utf-8-sig")))
        page = web.get("/portals", params=asked).text
        assert {one["id"] for one in found} == {one["id"] for one in rows} == expected != set()
        assert f"<strong>{len(expected)}</strong>" in page and "示例门户" not in page
    assert "没有符合条件的门户" in web.get("/portals", params={"q": "nothing is called that"}).text


def test_what_is_invented_stands_apart_and_is_not_counted(web: httpx.Client) -> None:
    everything = web.get("/portals.json").json()["items"]
    assert {one["id"] for one in everything[-2:]} == {one["id"] for one in everything if one["invented"]}
    assert {one["id"] for one in everything[-2:]} == {"sample", "invented"}
    page = web.get("/portals").text
    _, apart, invented = page.partition("示例门户")
    assert f"<strong>{len(everything) - 2:,}</strong>" in page and apart
    assert "/portals/sample" in invented and "/portals/invented" in invented
    alone = web.get("/portals", params={"q": "sample"}).text
    assert "<strong>0</strong>" in alone and "/portals/sample" in alone and "没有符合条件的门户" not in alone
    assert "示例门户" in web.get("/portals/sample").text and "示例门户" not in web.get("/portals/km").text


def test_facets_count_what_choosing_them_would_bring(web: httpx.Client) -> None:
    asked = {"year": "2020", "q": "政府"}
    counts = web.get("/api/facets", params=asked).json()
    for facet, values in counts.items():
        for value, count in values.items():
            found = web.get("/api/reports", params={**asked, facet: value, "size": 1}).json()
            assert found["total"] == count, (facet, value)


def test_fields_are_what_was_asked_for_and_no_more(web: httpx.Client, archive: WebArchive) -> None:
    asked = {"fields": "organ.name,figures.requests.received_new.total,source.url", "year": 2020, "size": 500}
    items = web.get("/api/reports", params=asked).json()["items"]
    assert items
    for item in items:
        report = archive.report(item["id"])
        assert report is not None
        assert item == {
            "id": report["_id"],
            "organ": {"name": report["organ"]["name"]},
            "figures": {
                "requests": {"received_new": {"total": report["figures"]["requests"]["received_new"]["total"]}}
            },
            "source": {"url": report["source"]["url"]},
        }
    one = web.get(f"/api/reports/{GUANCHENG}", params={"fields": "report_year,checks"}).json()
    assert set(one) == {"_id", "report_year", "checks"}


def test_an_unchanged_answer_is_not_sent_again(web: httpx.Client) -> None:
    for path in (
        "/",
        "/reports",
        "/api/reports",
        "/reports.csv",
        f"/reports/{GUANCHENG}",
        f"/reports/{GUANCHENG}/source/0",
    ):
        first = web.get(path)
        again = web.get(path, headers={"If-None-Match": f'W/"x", {first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert web.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_every_list_has_its_twins(web: httpx.Client, path: str) -> None:
    asked = {"organ": "410104"} if path == "/compare" else {}
    document = web.get(f"{path}.json", params=asked)
    assert document.headers["content-type"] == "application/json"
    assert document.json()
    table = web.get(f"{path}.csv", params=asked)
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) > 1
    page = web.get(path, params=asked).text
    assert f"{path}.json" in page
    assert f"{path}.csv" in page


def test_the_table_of_reports_is_whole_and_runs_nothing_in_a_spreadsheet(
    web: httpx.Client, archive: WebArchive
) -> None:
    table = web.get("/reports.csv", params={"sort": "received"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == len(archive.shelf)
    assert list(rows[0]) == list(COLUMNS)
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "@", "+"))]


def test_an_organ_has_its_series_its_breaks_and_its_broken_chains(web: httpx.Client, archive: WebArchive) -> None:
    organ = next(row.organ_id for row in archive.shelf.rows if row.organ_name == ORGAN)
    found = web.get(f"/api/organs/{organ}").json()
    assert found["years"] == list(YEARS_OF_ORGAN)
    assert {"year": 2018, "zh": "缺 2017 年", "en": "2017 missing"} in found["breaks"]
    assert {one["year"] for one in found["breaks"]} == {2018, 2019, 2021}
    series = {one["measure"]: one for one in found["series"]}
    for point in series["requests_carried_over"]["points"]:
        report = archive.report(point["report"])
        assert report is not None
        figures: Any = report["figures"]
        expected = figures.get("requests", {}).get("carried_over", {}).get("total")
        assert point["value"] == expected
    for chain in found["failed_chains"]:
        if chain["rule"] == "T3-CHAIN":
            values = {p["year"]: p["value"] for p in series["requests_carried_over"]["points"]}
            before = {p["year"]: p["value"] for p in series["requests_carried_forward"]["points"]}
            assert (chain["left"], chain["right"]) == (values[chain["after"]], before[chain["before"]])
            assert chain["left"] != chain["right"]
    assert [one for one in found["failed_chains"] if one["rule"] == "T3-CHAIN"]


def test_what_is_wrong_is_refused_in_words(web: httpx.Client) -> None:
    for path, status in (
        ("/api/reports?sort=nonsense", 400),
        ("/api/reports?cursor=nonsense", 400),
        ("/api/reports?size=0", 400),
        ("/api/reports?size=1e9", 400),
        ("/api/reports?fields=$where", 400),
        ("/api/reports?where=this.is.no.figure%3E1", 400),
        ("/api/compare?measure=nonsense", 400),
        ("/api/reports/410104/2020/nonsense", 404),
        ("/api/organs/%24ne", 404),
        ("/api/runs/%00", 404),
        ("/api/nothing", 404),
        ("/reports/410104/2020/nonsense", 404),
        ("/compare?measure=nonsense", 400),
    ):
        answer = web.get(path)
        assert answer.status_code == status, path
        if path.startswith("/api"):
            assert answer.json()["detail"], path
        else:
            assert str(status) in answer.text


def test_it_answers_to_its_own_name_only_and_changes_nothing(web: httpx.Client) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:80"):
        assert web.get("/", headers={"Host": host}).status_code in (400, 421), host
    for host in ("localhost:9", "[::1]:8080", "127.0.0.1"):
        assert web.get("/healthz", headers={"Host": host}).status_code == 200, host
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = web.request(method, "/api/reports")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_every_page_forbids_inline_script_and_being_framed(web: httpx.Client) -> None:
    for path in ("/", "/reports", f"/reports/{GUANCHENG}", "/nothing-here", "/api/reports", "/static/base.css"):
        headers = web.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def _row(number: int, dice: random.Random) -> Row:
    year = dice.randint(2008, 2024)
    return Row(
        f"o{number}/{year}/own", f"o{number % 40}", f"第{number}机关", dice.choice(("county", None)), dice.choice(("甲省", "乙省", None)),
        None, None, None, year, "own", f"第{number}机关{year}年报告", dice.choice(("a", "b")), "verified", (), 0, 1,
        None, None, "p", None, "text/html", dice.choice((None, 1, 5)), None, 1,
    )  # fmt: skip


def test_every_sum_of_every_form_has_its_words() -> None:
    rules = {check.rule for template in load_templates() for check in template.checks}
    rules |= {told.rule for template in load_templates() for told in template.told}
    assert not rules - set(RULES)


def test_bitsets_count_as_a_plain_loop_does() -> None:
    dice = random.Random(7)
    shelf = Shelf(_row(number, dice) for number in range(700))
    for words in ("机关", "第1", "机关2 报告", "9年 第", "无此", "关\n第"):
        plain = [r for r in shelf.rows if all(w in r.title or w in r.organ_name for w in words.split())]
        assert list(ask(shelf, Question(q=words), size=1000).rows) == plain
    for _ in range(60):
        facets = {
            name: tuple(dice.sample(sorted(shelf.bits[name]), k=min(len(shelf.bits[name]), dice.randint(1, 2))))
            for name in dice.sample(["province", "level", "year", "template"], k=dice.randint(0, 3))
        }
        answer = ask(shelf, Question(facets=facets), size=1000)
        value = {"province": lambda r: r.organ_province or "none", "level": lambda r: r.organ_level or "none",
                 "year": lambda r: str(r.report_year), "template": lambda r: r.template}  # fmt: skip
        plain = [r for r in shelf.rows if all(value[name](r) in chosen for name, chosen in facets.items())]
        assert list(answer.rows) == plain
        others = {name: chosen for name, chosen in facets.items() if name != "year"}
        for year, count in answer.counts["year"].items():
            there = [r for r in shelf.rows if all(value[n](r) in chosen for n, chosen in others.items())]
            assert count == sum(str(r.report_year) == year for r in there)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
def test_the_interface_keeps_its_word_whatever_it_is_asked(
    served: Served, web: httpx.Client, mode: GenerationMode
) -> None:
    """schemathesis: no failure of ours, no answer that the description does not name, whatever the parameters."""
    schema = schemathesis.openapi.from_dict(web.get("/api/openapi.json").json())
    schema.config.base_url = served.url
    tried: set[str] = set()

    def fire(case: schemathesis.Case) -> None:
        answer = case.call(timeout=120)
        case.validate_response(answer, checks=CHECKS)
        tried.add(case.operation.label)

    bounded = settings(
        max_examples=8,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for result in schema.get_all_operations():
        operation = result.ok()
        asked = [parameter for parameter in operation.iter_parameters() if parameter.location.value == "query"]
        if mode is GenerationMode.NEGATIVE and not asked:
            continue  # any word is a path
        bounded(given(case=operation.as_strategy(generation_mode=mode))(fire))()
    assert len(tried) >= (5 if mode is GenerationMode.NEGATIVE else 10)


def test_organs_are_compared_by_the_same_values_as_on_their_own_pages(web: httpx.Client, archive: WebArchive) -> None:
    organ = next(row.organ_id for row in archive.shelf.rows if row.organ_name == ORGAN)
    for measure in ("requests_received", "granted", "denied"):
        asked = {"organ": [organ, "410104"], "measure": measure}
        compared = {one["organ"]: one for one in web.get("/api/compare", params=asked).json()["items"]}
        for key, one in compared.items():
            series = {own["measure"]: own for own in web.get(f"/api/organs/{key}").json()["series"]}
            values = {point["year"]: point["value"] for point in series[measure]["points"]}
            assert {point["year"]: point["value"] for point in one["points"]} == values
        assert set(compared) == {organ, "410104"}
