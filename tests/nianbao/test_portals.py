"""`nianbao portals`: what the registry holds, and what a look at the sample portal finds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.finding.column_map import ColumnMap
from nianbao.commands.portals import _unread
from nianbao.sample import SamplePortal
from nianbao.sample.portal import FORBIDDEN
from storage.base import now
from storage.shape.records import Health, LayoutChange, PortalState
from tests.nianbao.conftest import CommandLine, use_free_port


def test_the_list_is_chosen_by_options(nianbao: CommandLine) -> None:
    done = nianbao.quick("portals", "list", "--province", "浙江", "--vendor", "hanweb", "--unverified", "--json")
    assert done.code == 0 and len(done.documents) > 50
    assert {(one["province"], one["vendor"], one["verified"]) for one in done.documents} == {
        ("浙江省", "hanweb", False)
    }
    assert nianbao.quick("portals", "list", "--verified").code == 3
    assert not nianbao.home.exists()


@pytest.mark.parametrize("option", ["--level", "--vendor", "--health"])
def test_a_word_that_is_none_is_a_wrong_argument(nianbao: CommandLine, option: str) -> None:
    """And not a list of nothing."""
    done = nianbao.quick("portals", "list", option, "x")
    assert done.code == 2 and "'x' is no" in done.err and "there are" in done.err


def test_the_list_is_searched_by_name_id_and_address(nianbao: CommandLine) -> None:
    named = nianbao.quick("portals", "list", "昆明市", "--json").documents
    assert len(named) > 2 and all("昆明市" in one["organ"] for one in named)
    assert [one["id"] for one in nianbao.quick("portals", "list", "WWW.KM.GOV.CN", "--json").documents] == ["km"]
    assert [one["id"] for one in nianbao.quick("portals", "list", "yndali", "--json").documents] == ["yndali"]
    assert nianbao.quick("portals", "list", "nothing-is-called-that").code == 3


def test_what_is_invented_comes_last_and_is_not_counted(nianbao: CommandLine) -> None:
    done = nianbao.quick("portals", "list")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines if "(invented 示例)" in line] == ["invented", "sample"]
    assert all("(invented 示例)" in line for line in lines[-2:])
    assert f"{len(lines) - 2} portals and 2 invented." in done.err
    assert "1 invented. One" in nianbao.quick("portals", "list", "sample").err
    documents = nianbao.quick("portals", "list", "--json").documents
    assert [one["id"] for one in documents if one["invented"]] == ["invented", "sample"]
    assert "示例" in nianbao.quick("portals", "show", "sample").out


def test_a_portal_that_is_built_otherwise_is_shown_with_both_pages(
    nianbao: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = LayoutChange("x/nb/", "list", "a1", "b2", "before-1", "after-2", ("items",), now(), None)
    state = PortalState("yuhang", Health.TEMPLATE_CHANGED, change=change)
    monkeypatch.setattr("nianbao.commands.portals._states", lambda ids: {"yuhang": state})
    shown = nianbao.quick("portals", "show", "yuhang").out
    assert "before     before-1" in shown and "after      after-2" in shown


def test_one_portal_is_shown_with_how_its_vendor_is_known(nianbao: CommandLine) -> None:
    done = nianbao.quick("portals", "show", "yuhang")
    assert done.code == 0
    assert "330110" in done.out and "hanweb (page seen)" in done.out and "no run has been there" in done.out
    wrong = nianbao.quick("portals", "show", "yuhan")
    assert wrong.code == 2 and "yuhang" in wrong.err


def test_discover_gives_the_columns_with_reasons_and_stores_nothing(nianbao: CommandLine) -> None:
    with SamplePortal() as portal:
        home = portal.url
        done = nianbao("portals", "discover", home, "--json")
        assert portal.count(FORBIDDEN) == 0
        assert not any("/t20" in request.path for request in portal.requests)
    assert done.code == 0, done.err
    (found,) = done.documents
    assert found["answered"] and found["vendor"] == "trs"
    urls = {column["url"].removeprefix(home): column["why"] for column in found["columns"]}
    assert "its ColumnName says so" in urls["zwgk/zfxxgk/zfxxgknb/index.html"]
    assert not (nianbao.home / "db").exists()


def test_check_writes_to_the_database_and_not_to_the_file(nianbao: CommandLine) -> None:
    use_free_port(nianbao.home)
    try:
        done = nianbao("portals", "check", "sample")
        assert done.code == 0, done.err
        (shown,) = nianbao("portals", "show", "sample", "--json").documents
        assert shown["vendor"] == "generic" and shown["state"]["vendor"] == "trs"
        assert shown["state"]["columns"] and shown["state"]["checked_at"] and shown["state"]["health"] == "unknown"
        assert [one["id"] for one in nianbao("portals", "list", "--health", "unknown", "--json").documents]
    finally:
        nianbao("db", "stop")


def test_check_wants_to_know_which(nianbao: CommandLine) -> None:
    assert nianbao.quick("portals", "check").code == 2
    assert nianbao.quick("portals", "check", "nowhere-at-all").code == 2


def test_who_refuses_has_answered() -> None:
    """The network is to blame only where nobody said a word."""
    silent = ColumnMap("x", False, None, "", (), 0, "unreachable: the host refuses connections", False)
    assert str(_unread([silent])) == "no portal answered. Check the network; what each said stands above"
    for one in (replace(silent, refuses=True), replace(silent, moved=True)):
        assert str(_unread([silent, one])) == "no portal could be read. What each said stands above"
