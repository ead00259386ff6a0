"""Possibilities and sums: what is not determined is not written."""

from parsers.report import Level
from parsers.tables.found import FoundPart, FoundRow, FoundTable, Slot
from parsers.tables.glued import loses_blanks
from parsers.tables.labels import Label
from parsers.tables.solve import possibilities, settle
from parsers.template import CheckRule, Column, Part, Row, Table

ROW = Row("row", "行", Label.of(["行"]))
PATHS = {"row": [f"t.{name}" for name in ("a", "b", "c", "total")]}
SUM = CheckRule("T3-ROW", Level.HARD, "=", ("t.total",), ("t.a", "t.b", "t.c"), "row")


def found(*raw: str, marked: bool = False, glued: bool = False) -> FoundRow:
    return FoundRow(ROW, tuple(Slot(text, {"line": 1}) for text in raw), blanks_marked=marked, glued=glued)


def solved(row: FoundRow, *, trusted: bool = False, lost: bool = False) -> list[str | None]:
    """What is written in each column; None where it stays undecided."""
    result = settle({"row": possibilities(row, 4, trusted, lost)}, PATHS, [SUM])["row"]
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


def test_a_misprinted_row_decides_nothing_in_another() -> None:
    # The total of 1|9 is none: that its first figure is the 1 of the row above, and so the 1 below, is no news.
    columns = ("a", "b", "c", "total")
    paths = {row: [f"{row}.{name}" for name in columns] for row in ("above", "misprinted", "below")}
    rows = {
        "above": possibilities(found("1", "0", "0", "1"), 4, False),
        "misprinted": possibilities(found("1", "9"), 4, False),
        "below": possibilities(found("1", "1"), 4, False),
    }
    own = [
        CheckRule("T3-ROW", Level.HARD, "=", (f"{row}.total",), tuple(f"{row}.{name}" for name in columns[:3]), row)
        for row in paths
    ]
    same = [
        CheckRule("T3-BAL", Level.HARD, "=", (f"{a}.a",), (f"{b}.a",), "a")
        for a, b in (("above", "misprinted"), ("misprinted", "below"))
    ]
    solved = settle(rows, paths, [*own, *same])
    assert solved["misprinted"].certain == (False, False, False, False)
    assert solved["below"].certain == (False, False, False, True)
    rows["misprinted"] = possibilities(found("1", "8", "9"), 4, False)
    solved = settle(rows, paths, [*own, *same])
    assert solved["below"].certain == (True, True, True, True), "a sound row does"


def test_a_cell_that_cannot_be_read_is_no_nought_in_a_sum() -> None:
    """The 5 above may be of natural persons or of enterprises: the sum of natural persons knows only one of its parts."""
    paths = {row: [f"{row}.{name}" for name in ("a", "b", "c", "total")] for row in ("part", "struck", "all")}
    own = [CheckRule("T3-ROW", Level.HARD, "=", (f"{row}.total",), tuple(paths[row][:3]), row) for row in paths]
    column = CheckRule("T3-COL", Level.HARD, "=", ("all.a",), ("part.a", "struck.a"), "a")
    for written, certain in (("~~5~~6", False), ("0", True)):
        rows = {
            "part": possibilities(found("5", "5"), 4, False),
            "struck": possibilities(found(written, "0", "0", "0"), 4, False),
            "all": possibilities(found("5", "5", "0", "10"), 4, False),
        }
        assert settle(rows, paths, [*own, column])["part"].certain == (certain, certain, certain, True)
    rows["part"] = possibilities(found("5~", "5"), 4, False)
    assert settle(rows, paths, [*own, column])["part"].certain == (True, False, False, False), "where it stands is sure"


def test_strokes_between_digits_are_cells() -> None:
    assert solved(found("16/22/38", glued=True)) == [None, None, None, None], "five cells in four columns"
    assert solved(found("16/22", glued=True)) == [None, None, None, None], "no split has a sum"
    assert solved(found("16/无16", glued=True)) == ["16", "/", "无", "16"]
    assert solved(found("////", glued=True)) == ["/", "/", "/", "/"]


def test_where_blanks_vanish_too_a_split_has_to_be_the_only_one_all_the_same() -> None:
    # 10|10 over any two columns: the total is the last of them, whose it is nobody can say.
    assert solved(found("1010", glued=True), lost=True) == [None, None, None, "10"]
    assert solved(found("4004", glued=True), lost=True) == ["4", "0", "0", "4"]
    assert solved(found("77", glued=True), lost=True) == [None, None, None, "7"]
    assert solved(found("1414", glued=True), lost=True)[3] == "14"


def table(*rows: FoundRow) -> FoundTable:
    columns = tuple(Column(name, name, Label.of([name]), (), "value") for name in "abcd")
    part = Part("", None, columns, (ROW,), ())
    return FoundTable(Table("t", "", "t", (), (part,)), (FoundPart(part, rows, columns_known=True),), "text", 1)


def test_blanks_vanish_where_a_row_is_too_short_and_nobody_knows_where_none_is_whole() -> None:
    whole, short, full = (found(text, glued=True) for text in ("0000", "22", "12316"))
    assert not loses_blanks([table(whole, full)])
    assert loses_blanks([table(whole, full, short)])
    assert loses_blanks([table(full)])
    assert loses_blanks([table(whole, full), table(short)]), "one table tells of the other"
    assert not loses_blanks([table(found("1", "", "2", marked=True))]), "nothing ran together here"


def test_what_one_sum_leaves_and_another_contradicts_is_not_taken() -> None:
    other = CheckRule("T3-BAL", Level.HARD, "=", ("t.total",), ("u.total",), "total")
    rows = {"row": possibilities(found("100010", glued=True), 4, False), "other": [(Slot("9", {"line": 2}),)]}
    paths = {**PATHS, "other": ["u.total"]}
    assert settle(rows, paths, [SUM, other])["row"].certain == (True,) * 4
    assert False in settle(rows, paths, [SUM, other], {"row"})["row"].certain


def test_words_between_figures_make_a_row_unreadable() -> None:
    row = FoundRow(ROW, (Slot("1", {"line": 1}),), blanks_marked=False, damaged=True)
    assert solved(row) == [None, None, None, None]
