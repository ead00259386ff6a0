"""The registry against the survey that it was made from, line by line, where that lies beside the checkout."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from crawler.registry import Case, Portal, load_portals
from crawler.urls import canonical_url
from tests.shared import shared

ACCESS = {
    "direct": None,
    "": None,
    "none": "did not answer a plain client",
    "protocol-switch": "answered only over the other scheme",
    "ua-mobile": "answered only a mobile user agent",
}
"""The survey's word -> what the registry says of reaching a portal; a portal that answers needs no words."""
GENERAL = "anyi-econ/"
"""Lines that come from the list of all general portals."""
NOT_THEIR_OWN = {
    "珲春市人民政府": "延边朝鲜族自治州人民政府",
    "贵池区人民政府": "池州市人民政府",
    "大冶市人民政府": "黄石市人民政府",
}
"""The survey gives them the address of the city's portal, and that of 大冶 a second time."""


@dataclass(frozen=True)
class Registry:
    portals: tuple[Portal, ...]
    homes: dict[str, Portal]
    columns: set[str]
    cases: dict[str, Case]
    hosts: set[str]


@pytest.fixture(scope="module")
def survey() -> list[dict[str, str]]:
    with shared("portals.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def registry() -> Registry:
    portals = tuple(load_portals())
    named = [
        (portal.home, *(one.url for one in portal.columns), *(one.url for one in portal.cases)) for portal in portals
    ]
    return Registry(
        portals,
        {canonical_url(portal.home): portal for portal in portals if portal.home},
        # 税务总局's is an interface: what it must be asked stands behind its address.
        {canonical_url(column.url).partition("?channelId=")[0] for portal in portals for column in portal.columns},
        {canonical_url(case.url): case for portal in portals for case in portal.cases},
        {_host(url) for urls in named for url in urls if url},
    )


def test_no_line_of_the_survey_is_missing(survey: list[dict[str, str]], registry: Registry) -> None:
    lost = [line for line in survey if not _is_there(line, registry)]
    assert lost == []


def test_every_column_and_every_report_page_is_an_entry(survey: list[dict[str, str]], registry: Registry) -> None:
    for line in survey:
        column, page = line["annual_report_column_url"], line["sample_report_url"]
        assert not column or canonical_url(column) in registry.columns, column
        assert not page or canonical_url(page) in registry.cases, page
        if page:
            case = registry.cases[canonical_url(page)]
            assert (case.organ, str(case.year or "")) == (line["organ"], line["report_year"])


def test_portals_are_whose_the_survey_says(survey: list[dict[str, str]], registry: Registry) -> None:
    """The 3,208 general portals: organ, level, province and how they are reached."""
    general = [line for line in survey if line["tier"] == "C" and line["evidence"].startswith(GENERAL)]
    assert len(general) == 3208
    for line in general:
        portal = registry.homes[canonical_url(line["portal_url"])]
        if line["organ"] in NOT_THEIR_OWN:
            assert portal.organ == NOT_THEIR_OWN[line["organ"]]
            continue
        assert portal.organ == line["organ"]
        assert portal.level == line["level"].replace("县区", "county"), line
        assert portal.province is not None and portal.province.startswith(line["province"][:2]), line
        said = ACCESS[line["access_method"]]
        assert (portal.access or "").startswith(said or "") and bool(portal.access) is bool(said), line


def _is_there(line: dict[str, str], registry: Registry) -> bool:
    """At its own address, or below the site of a portal of the registry (区's 政策文件 on a host of their own)."""
    host = _host(line["portal_url"])
    return host in registry.hosts or any(
        portal.scope.allows(line["portal_url"])
        for portal in registry.portals
        if portal.home and host.endswith(_host(portal.home))
    )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
