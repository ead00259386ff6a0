"""The invented town: the same every time, read back as it was made, and marked as invented."""

from __future__ import annotations

from nianbao.sample.invented import figures, town
from nianbao.sample.invented.archive import pages
from nianbao.sample.invented.pages import NOTICE
from parsers import Source, parse
from storage.export.columns import dig


def test_it_is_the_same_every_time_and_says_what_it_is() -> None:
    first, second = list(pages()), list(pages())
    assert [(one.path, one.content, one.fetched) for one in first] == [(o.path, o.content, o.fetched) for o in second]
    assert all(NOTICE in one.content.decode() for one in first)
    assert len({one.url for one in first}) == len(first) - len(town.CORRECTED) == 110


def test_every_figure_is_read_as_it_was_made() -> None:
    made = {organ.key: figures.of_organ(organ) for organ in town.ORGANS}
    names = {organ.key: organ.name for organ in town.ORGANS}
    for one in list(pages())[::4]:
        key, year = one.path.split("/")[2], int(one.path.split("/")[3][:4])
        if key == "shili":
            continue
        report = parse(Source(one.content, one.url, "text/html", portal=town.CONTEXT)).to_document()
        assert (report["organ"]["name"], report["report_year"]) == (names[key], year)
        assert report["organ"]["province"] == town.PROVINCE
        read = {path: dig(report["figures"], path) for path in made[key][year]}
        assert read == made[key][year], one.path
        failed = {check["rule"] for check in report["checks"] if check["status"] == "fail" and check["level"] == "hard"}
        assert bool(failed) == ((key, year) in town.MISTYPED), (one.path, failed)
