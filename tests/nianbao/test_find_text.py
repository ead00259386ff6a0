"""`nianbao find` by words, sorted and page by page, on the archive that `make demo` makes."""

from __future__ import annotations

import pytest

from tests.nianbao.conftest import CommandLine, Done

Demo = tuple[CommandLine, Done]


def ids(done: Done) -> list[str]:
    return [document["_id"] for document in done.documents]


def test_words_are_found_in_the_whole_text_and_marked(demo: Demo) -> None:
    nianbao, _ = demo

    found = ids(nianbao.quick("find", "--text", "领导小组", "--json"))
    shown = nianbao.quick("find", "--text", "领导小组")

    assert found and shown.code == 0
    assert all(one in shown.out for one in found)
    assert "领导小组" in shown.out.split(found[0])[-1]
    assert shown.last.startswith(f"{len(found)} report")


def test_every_report_that_holds_the_words_is_found(demo: Demo) -> None:
    nianbao, _ = demo
    everything = nianbao.quick("find", "--json").documents

    for words in ("行政复议", "不予公开", "第三方", "2020年"):
        expected = {
            one["_id"]
            for one in everything
            if any(words in part.replace(" ", "") for s in one["sections"] for part in (s["heading"], s["text"]))
            or words in one["title"]
        }
        assert set(ids(nianbao.quick("find", "--text", words, "--json"))) == expected


def test_sorted_and_page_by_page(demo: Demo) -> None:
    nianbao, _ = demo
    whole = ids(nianbao.quick("find", "--sort", "requests", "--json"))

    first = nianbao.quick("find", "--sort", "requests", "--limit", "4")
    second = ids(nianbao.quick("find", "--sort", "requests", "--limit", "4", "--after", whole[3], "--json"))

    assert f"4 of {len(whole)} reports" in first.last
    assert "--after" in first.last
    assert second == whole[4:8]


def test_words_and_figures_together(demo: Demo) -> None:
    nianbao, _ = demo

    found = ids(nianbao.quick("find", "--text", "行政复议", "--where", "requests.received_new.total>100", "--json"))

    assert found == ["410104/2020/own"]


@pytest.mark.parametrize(
    "arguments", [["--text", "。"], ["--sort", "best"], ["--after", "nobody/2020/own"]], ids=lambda one: one[0]
)
def test_wrong_arguments(demo: Demo, arguments: list[str]) -> None:
    nianbao, _ = demo

    done = nianbao.quick("find", *arguments)

    assert done.code == 2
    assert not done.out


def test_the_index_says_what_it_holds_and_is_made_anew(demo: Demo) -> None:
    nianbao, _ = demo
    (before,) = nianbao.quick("index", "status", "--json").documents

    made = nianbao.quick("index", "rebuild")
    (after,) = nianbao.quick("index", "status", "--json").documents

    assert made.code == 0
    assert after["is_complete"] and after["reports"] == before["reports"] == len(
        nianbao.quick("find", "--json").documents
    )
    assert nianbao.quick("find", "--text", "行政复议").code == 0
