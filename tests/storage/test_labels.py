"""The report of unknown labels, and of wordings: by label, with years and reports, the most frequent first."""

from __future__ import annotations

from dataclasses import replace

from parsers.report import Unread
from storage.base import Db
from storage.labels import unknown
from storage.reports import Reports
from tests.storage.synthetic import report, write

TABLE = {"title": "公共数据开放情况表", "columns": ["数量"], "rows": [], "table": 0}


def test_unknown_labels_of_the_archive(database: Db) -> None:
    withdrawn, slip = "4.申请人撤回申请", "规章制度"
    flagged = {"flags": ("unknown_label:requests", "late"), "unknown_labels": (withdrawn,)}
    new_table = report(9, 2020, size=300)
    writes = [
        write(report(1, 2019, size=300)),
        write(replace(report(2, 2020, size=300), **flagged)),
        write(replace(report(3, 2020, size=300), **flagged)),
        write(replace(report(4, 2019, size=300), flags=("unknown_label:proactive",), unknown_labels=(slip, withdrawn))),
        write(replace(new_table, flags=("unknown_table",), figures={**new_table.figures, "local_tables": [TABLE]})),
    ]
    Reports(database).save(writes)

    first, *others = unknown(database)
    assert (first.label, first.kind, first.count) == (withdrawn, "label", 3)
    assert first.years == {2020: 2, 2019: 1}
    assert first.tables == {"requests", "proactive"}
    assert first.reports == [report(2, 2020).id, report(3, 2020).id, report(4, 2019).id]
    assert [(one.label, one.kind, one.count) for one in others] == [(slip, "label", 1), (TABLE["title"], "table", 1)]

    assert [one.count for one in unknown(database, (2019,))] == [1, 1]
    assert unknown(database, (1999,)) == []


def test_wordings_that_no_pattern_knows_are_told_without_their_figures(database: Db) -> None:
    def unread(*clauses: str) -> dict[str, object]:
        told = tuple(Unread(clause, {"start": 0, "end": len(clause)}) for clause in clauses)
        return {"flags": ("facts_unread:statistics",), "unread": told}

    writes = [
        write(replace(report(1, 2015, size=300), **unread("2015年编发简报12期", "编发简报3期"))),
        write(replace(report(2, 2016, size=300), **unread("编发简报1,204期", "接访群众7人次"))),
        write(report(3, 2016, size=300)),
    ]
    Reports(database).save(writes)

    found = [(one.label, one.kind, one.count) for one in unknown(database)]
    assert found == [("编发简报N期", "wording", 2), ("接访群众N人次", "wording", 1)]
