"""Possibilities and sums: what is not determined is not written."""

from parsers.report import Level
from parsers.tables.found import FoundRow, Slot
from parsers.tables.labels import Label
from parsers.tables.solve import possibilities, settle
from parsers.template import CheckRule, Row

ROW = Row("row", "行", Label.of(["行"]))
PATHS = {"row": [f"t.{name}" for name in ("a", "b", "c", "total")]}
SUM = CheckRule("T3-ROW", Level.HARD, "=", ("t.total",), ("t.a", "t.b", "t.c"), "row")


def found(*raw: str, marked: bool = False, glued: bool = False) -> FoundRow:
    return FoundRow(ROW, tuple(Slot(text, {"line": 1}) for text in raw), blanks_marked=marked, glued=glued)


def solved(row: FoundRow, *, trusted: bool = False) -> list[str | None]:
    """What is written in each column; None where it stays undecided."""
    result = settle({"row": possibilities(row, 4, trusted)}, PATHS, [SUM])["row"]
    return [
        (slot.raw if slot else "") if certain else None
        for slot, certain in zip(result.assignment, result.certain, strict=True)
    ]


def test_a_full_row_is_taken_as_it_stands_even_when_its_sum_is_wrong() -> None:
    assert solved(found("1", "2", "3", "9")) == ["1", "2", "3", "9"]


def test_a_row_without_figures_is_blank() -> None:
    assert solved(found()) == ["", "", "", ""]
    assert solved(found(), trusted=True) == ["", "", "", ""]


def test_vanished_blanks_leave_only_what_the_sum_determines() -> None:
    # 5 of natural persons or of enterprises: only the total is sure.
    assert solved(found("5", "5")) == [None, None, None, "5"]
    assert solved(found("2", "3", "5")) == [None, None, None, "5"]
    assert solved(found("0")) == [None, None, None, None]


def test_marked_blanks_keep_their_places() -> None:
    assert solved(found("5", "", "", "5", marked=True), trusted=True) == ["5", "", "", "5"]


def test_lost_marks_hold_the_figures_in_front_of_them() -> None:
    # As in a real table four with 13 marks for 15 cells: what stands in front of the first gap is sure.
    assert solved(found("0", "", "0", marked=True), trusted=True)[0] == "0"
    assert solved(found("0", "", "0", marked=True), trusted=True)[2] is None


def test_digits_run_together_split_where_the_sum_leaves_one_way() -> None:
    assert solved(found("4004", glued=True)) == ["4", "0", "0", "4"]
    assert solved(found("100010", glued=True)) == ["10", "0", "0", "10"]
    # 1+1+2=4 and no other split; but 1|11|1.. has none that fits: a misprint decides nothing.
    assert None in solved(found("20011", glued=True))


def test_words_between_figures_make_a_row_unreadable() -> None:
    row = FoundRow(ROW, (Slot("1", {"line": 1}),), blanks_marked=False, damaged=True)
    assert solved(row) == [None, None, None, None]
