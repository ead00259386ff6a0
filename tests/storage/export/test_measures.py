"""config/measures.yaml, and what its loader refuses, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import TemplateError
from storage.export.measures import Comparable, load_measures

GOOD = """\
version: "1"
forms: {since_2019: [e2019_v60, e2021_v30]}
harmless_flags: [totals_only]
measures:
  - key: received
    zh: 收到
    en: Received
    unit: 件
    definition: What came in.
    comparable: "yes"
    sources: {since_2019: [requests.received_new.total]}
    definition_zh: 收到的。
"""


def measures_of(tmp_path: Path, text: str) -> None:
    path = tmp_path / "measures.yaml"
    path.write_text(text, encoding="utf-8")
    load_measures(path)


def test_ours_hold_and_a_small_one_is_read(tmp_path: Path) -> None:
    assert len(load_measures().all) > 70
    measures_of(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("requests.received_new.total", "requests.recieved_new.total", 11, "no figure 'requests.recieved_new.total'"),
        ("{since_2019: [requests", "{e2030: [requests", 11, "'e2030' is neither a form"),
        ("[e2019_v60, e2021_v30]", "[e2019_v61]", 2, "no template 'e2019_v61'"),
        ('"yes"', '"no"', 10, "not_with"),
        ('"yes"', "sum_only", 10, "needs a form in which"),
        ('"yes"', "approx", 10, "say yes"),
        ('"yes"', '"perhaps"', 10, "must be one of"),
        ("key: received", "key: Received__x", 5, "is no key"),
        ("    unit: 件\n", "", 5, "'unit' is missing"),
        ("    definition_zh: 收到的。\n", "", 5, "needs the Chinese beside it: 'definition_zh'"),
        ("    unit: 件\n", "    unit: 件\n    unti: 件\n", 9, "'unti' is not known"),
        ("[requests.received_new.total]", "[requests.received_new.total, requests.received_new.total]", 11, "once"),
    ],
)
def test_a_slip_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    with pytest.raises(TemplateError) as caught:
        measures_of(tmp_path, GOOD.replace(old, new, 1))
    assert f"measures.yaml:{line}:" in str(caught.value)
    assert words in str(caught.value)


def test_two_measures_with_one_key_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"measures\.yaml:\d+: two measures"):
        measures_of(tmp_path, GOOD + GOOD[GOOD.index("  - key") :])


def test_what_the_law_does_not_let_compare_is_never_in_one_column() -> None:
    """domain.md 6.4, last column: "no" and "not comparable at all"."""
    of = {measure.key: measure for measure in load_measures().all}
    paths = {key: {path for way in measure.sources.values() for path in way} for key, measure in of.items()}
    apart = [
        ("statistics.fees.request_fees_wan_yuan", "proactive.administrative_fees.amount_wan_yuan"),
        ("statistics.requests.replied.correction_required", "requests.results.unable.unclear_after_correction.total"),
        ("statistics.proactive.info_count", "proactive.rules.issued"),
        ("proactive.normative_documents.disclosed_total", "proactive.normative_documents.in_force"),
        ("statistics.requests.replied.other_route", "requests.results.not_processed.petition_complaint.total"),
    ]
    for left, right in apart:
        assert not [key for key, found in paths.items() if {left, right} <= found]
        named = [measure for key, measure in of.items() if left in paths[key]]
        assert named and all(measure.comparable is Comparable.NO for measure in named)
