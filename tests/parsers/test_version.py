"""Whoever changes code that a report depends on raises the parser's version, or says that no report changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.version import PARSER_VERSION
from tests.parsers.version_lock import Entry, bare, code_of, complaint, main, reached, read, write

FILES = {"parsers/build.py": "aaa", "parsers/prose/facts.py": "bbb"}
FIRST = Entry("2026-11-22", "1", code_of(FILES), "first version")


def test_the_code_is_the_one_that_was_locked() -> None:
    entries, locked = read()
    found = complaint(entries, locked, reached(), PARSER_VERSION)
    assert found is None, found


def test_the_imports_reach_every_reader() -> None:
    files = reached()
    for name in (
        "build",
        "__init__",
        "version",
        "tables/numbers",
        "documents/html",
        "documents/docx",
        "prose/facts",
        "identity/organs",
    ):
        assert f"parsers/{name}.py" in files
    assert "parsers/workers.py" not in files, "what runs around a parse is no part of it"
    assert not any(name.startswith("storage") for name in files)


def test_a_changed_helper_asks_for_a_version() -> None:
    found = complaint([FIRST], FILES, {**FILES, "parsers/prose/facts.py": "ccc"}, "1")
    assert found is not None
    assert "parsers/prose/facts.py changed" in found
    assert "raise PARSER_VERSION" in found
    assert "WHY=" in found


def test_a_raised_version_is_locked_with_its_code() -> None:
    files = {**FILES, "parsers/prose/facts.py": "ccc"}
    found = complaint([FIRST], FILES, files, "2")
    assert found is not None
    assert "make parser-version" in found
    assert complaint([FIRST, Entry("2026-11-23", "2", code_of(files), "dates")], files, files, "2") is None
    assert complaint([FIRST], FILES, FILES, "2") is not None


def test_the_same_version_needs_a_statement() -> None:
    files = {**FILES, "parsers/prose/facts.py": "ccc"}
    silent = [FIRST, Entry("2026-11-23", "1", code_of(files), "a better name")]
    said = [FIRST, Entry("2026-11-23", "1", code_of(files), "output unchanged: a better name")]
    assert complaint(silent, files, files, "1") is not None
    assert complaint(said, files, files, "1") is None


def test_what_changes_no_report_changes_no_hash() -> None:
    one = '"""Doc."""\n\nimport re  # why\n\n\ndef f(text: str) -> str:\n    """Doc."""\n    return text + "# no comment"\n'
    two = 'import re\n\ndef f(text: str) -> str:\n    # other words\n    return text + "# no comment"\n'
    assert bare(one) == bare(two)
    assert bare(one) != bare(two.replace("no comment", "comment"))


def test_the_hash_follows_imports(tmp_path: Path) -> None:
    room = tmp_path / "parsers"
    (room / "tables").mkdir(parents=True)
    (room / "__init__.py").write_text("")
    (room / "tables" / "__init__.py").write_text("")
    (room / "build.py").write_text(
        "from parsers import facts\n\n\ndef f():\n    from parsers.tables.numbers import read\n"
    )
    (room / "facts.py").write_text("from .tables import labels\n")
    (room / "tables" / "labels.py").write_text("X = 1\n")
    (room / "tables" / "numbers.py").write_text("def read(): ...\n")
    (room / "other.py").write_text("Y = 1\n")
    before = reached(root=tmp_path)
    names = ("__init__", "build", "facts", "tables/__init__", "tables/labels", "tables/numbers")
    assert set(before) == {f"parsers/{name}.py" for name in names}
    (room / "tables" / "labels.py").write_text("X = 2\n")
    (room / "other.py").write_text("Y = 2\n")
    after = reached(root=tmp_path)
    assert {name for name, _ in before.items() ^ after.items()} == {"parsers/tables/labels.py"}


def test_the_lock_is_written_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = tmp_path / "version.lock"
    write([Entry("2026-11-22", PARSER_VERSION, "0" * 16, "first version")], FILES, lock)
    with pytest.raises(SystemExit, match="raise PARSER_VERSION"):
        main([], lock)
    main(["--why", "names only"], lock)
    assert "Commit it" in capsys.readouterr().out
    entries, locked = read(lock)
    assert (entries[-1].note, entries[-1].code) == ("output unchanged: names only", code_of(reached()))
    assert locked == reached()
    main([], lock)
    assert "Nothing to do" in capsys.readouterr().out
