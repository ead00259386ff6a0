"""What goes to a terminal and into JSON, whatever a page held."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import typer

from nianbao.ui.console import plain
from nianbao.ui.errors import Exit, Failure, explain, one_line, without_password
from nianbao.ui.options import address, day, report_years, years
from nianbao.ui.sizes import duration, number, since, size
from parsers.errors import Unreadable
from storage.errors import DatabaseError
from tests.nianbao.markdown import shows


def test_what_json_has_no_word_for_becomes_plain() -> None:
    document = {
        "a": float("nan"),
        "b": float("inf"),
        "c": datetime(2026, 11, 22, 4, 15),
        "d": date(2026, 11, 22),
        "e": b"\x00\x01",
        "f": (1, 2.5, None, True),
    }

    assert json.loads(json.dumps(plain(document), allow_nan=False)) == {
        "a": None,
        "b": None,
        "c": "2026-11-22T04:15:00+00:00",
        "d": "2026-11-22",
        "e": {"bytes": 2},
        "f": [1, 2.5, None, True],
    }


def test_a_page_cannot_command_the_terminal() -> None:
    assert one_line("a\x1b[2J\r\nb\x00\x9b31m") == "a [2J b 31m"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mongodb://reader:secret@db.example:27017/x", "mongodb://reader:***@db.example:27017/x"),
        ("mongodb://db.example:27017/x", "mongodb://db.example:27017/x"),
        ("cannot reach mongodb+srv://u:p%40w@h/x now", "cannot reach mongodb+srv://u:***@h/x now"),
    ],
)
def test_passwords_are_left_out(text: str, expected: str) -> None:
    assert without_password(text) == expected


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Failure("no such thing", "Do this"), "no such thing. Do this"),
        (DatabaseError("the disk is full"), "the disk is full"),
        (Unreadable("empty", "the file has no content"), "the file has no content"),
        (FileNotFoundError(2, "No such file or directory", "x.html"), "x.html"),
        (ModuleNotFoundError("No module named 'lxml'", name="lxml"), "lxml is not installed"),
        (MemoryError(), "out of memory"),
        (KeyError("organ"), "NIANBAO_DEBUG=1"),
    ],
)
def test_every_error_has_words(error: Exception, words: str) -> None:
    failure = explain(error)

    assert words in str(failure)
    assert failure.code is Exit.FAILED


def test_years_are_a_year_or_a_range() -> None:
    assert list(years("2019-2021")) == [2019, 2020, 2021]
    assert list(years(" 2020 ")) == [2020]
    for wrong in ("20", "2021-2019", "0020", "2019-", "next", "2019-9999"):
        with pytest.raises(typer.BadParameter):
            years(wrong)


def test_a_year_without_reports_can_be_asked_about_and_not_fetched() -> None:
    assert list(years("1999")) == [1999]
    for wrong in ("1999", "2019-2999", "20"):
        with pytest.raises(typer.BadParameter):
            report_years(wrong)


def test_days_and_addresses_are_checked() -> None:
    assert day("2021-01-22") == date(2021, 1, 22)
    assert address("http://www.example.gov.cn/") == "http://www.example.gov.cn/"
    with pytest.raises(typer.BadParameter):
        day("22.1.2021")
    for wrong in ("www.example.gov.cn", "ftp://x/", "http://", "file:///etc/passwd"):
        with pytest.raises(typer.BadParameter):
            address(wrong)


def test_sizes_and_times_are_short() -> None:
    begun = datetime(2026, 11, 22, tzinfo=UTC)
    assert [size(n) for n in (None, 0, 1023, 1536, 20 << 20)] == ["unknown", "0 B", "1023 B", "1.5 KB", "20 MB"]
    assert [duration(begun, begun + timedelta(seconds=s)) for s in (1.26, 42, 125, 3900)] == [
        "1.3 s",
        "42 s",
        "2 min 5 s",
        "1 h 5 min",
    ]
    assert duration(begun, None) == "…"
    assert since(datetime(2026, 11, 22, 4, 15)) == "2026-11-22 04:15:00 UTC"
    assert [number(n) for n in (None, 7, 7.0, 13015.02)] == ["–", "7", "7", "13015.02"]


def test_an_output_of_the_docs_is_compared_line_by_line() -> None:
    assert shows("a\n…\nd\n", "a\nb\nc\nd\n")
    assert shows("a … c\n", "a whatever c   \n")
    assert not shows("a\nb\n", "a\nb\nc\n")
    assert not shows("a\n", "b\n")


def test_a_word_that_is_nearly_a_command_is_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    from nianbao.cli import run

    assert run(["fnd"]) == Exit.WRONG_ARGUMENTS
    assert capsys.readouterr().err == (
        "nianbao: No such command 'fnd'. Did you mean 'find'? What it takes: nianbao --help\n"
    )
    assert run(["find", "--year", "x"]) == Exit.WRONG_ARGUMENTS
    assert capsys.readouterr().err.endswith("2019-2021. What it takes: nianbao find --help\n")
