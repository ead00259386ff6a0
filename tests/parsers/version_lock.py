"""Which code a report depends on, as one hash; and the lock that remembers under which parser version it was made.

    make parser-version                             after PARSER_VERSION was raised: notes the new code under it
    make parser-version WHY='names only'            the code changed, the reports do not: says so, with today's date

The code is every module that `parsers/build.py` reaches by its imports, without comments, docstrings and blank lines.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import io
import itertools
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from parsers.version import PARSER_VERSION

ROOT = Path(__file__).resolve().parents[2]
LOCK = Path(__file__).with_name("version.lock")
START = "parsers.build"
UNCHANGED = "output unchanged: "
_HEAD = """\
# The code that a report depends on, and the parser version under which it was made (tests/parsers/version_lock.py).
# `make parser-version` writes this file; a rerun parses everything again when the version is raised.
"""


@dataclass(frozen=True)
class Entry:
    """One line of the history: this code was the parser's from that day on."""

    day: str
    version: str
    code: str
    note: str

    def line(self) -> str:
        return f"{self.day}  {self.version:>3}  {self.code}  {self.note}"


# --- the code -------------------------------------------------------------------------------------------------


def reached(start: str = START, root: Path = ROOT) -> dict[str, str]:
    """File -> hash of its code, of every module of ours that `start` imports, directly or through others."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        module = waiting.pop()
        path = _file(module, root)
        if path is None or path.relative_to(root).as_posix() in found:
            continue
        source = path.read_text(encoding="utf-8")
        found[path.relative_to(root).as_posix()] = hashlib.sha256(bare(source).encode()).hexdigest()[:12]
        waiting.extend(_imports(source, module, path.name == "__init__.py"))
        parent = module.rpartition(".")[0]
        if parent:
            waiting.append(parent)  # importing a module runs the packages above it
    return dict(sorted(found.items()))


def code_of(files: dict[str, str]) -> str:
    return hashlib.sha256("\n".join(f"{name} {code}" for name, code in files.items()).encode()).hexdigest()[:16]


@cache
def bare(source: str) -> str:
    """The code without what changes nothing: comments, docstrings, blank lines, space at a line's end."""
    lines = source.splitlines()
    dropped = set(_docstring_lines(ast.parse(source)))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    kept = (line.rstrip() for number, line in enumerate(lines, start=1) if number not in dropped)
    return "\n".join(line for line in kept if line)


def _docstring_lines(tree: ast.Module) -> Iterator[int]:
    """Lines of every string that stands alone as a statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


@cache
def _imports(source: str, module: str, is_package: bool) -> tuple[str, ...]:
    """Modules that may be meant by the imports of a module, wherever in it they stand."""
    return tuple(_imported(source, module if is_package else module.rpartition(".")[0]))


def _imported(source: str, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, (above, node.module or "")))
            yield base
            yield from (f"{base}.{name.name}" for name in node.names)


def _file(module: str, root: Path) -> Path | None:
    """The file of a module of `parsers`; None for others, and for names that are no modules."""
    if module.split(".")[0] != "parsers":
        return None
    path = root.joinpath(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


# --- the lock -------------------------------------------------------------------------------------------------


def read(lock: Path = LOCK) -> tuple[list[Entry], dict[str, str]]:
    """The history, oldest first, and the files of its last entry."""
    entries, files = [], {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            code, name = line.split()
            files[name] = code
        elif line and not line.startswith("#"):
            entries.append(Entry(*line.split(maxsplit=3)))
    return entries, files


def write(entries: list[Entry], files: dict[str, str], lock: Path = LOCK) -> None:
    history = "".join(f"{entry.line()}\n" for entry in entries)
    lock.write_text(f"{_HEAD}\n{history}\n" + "".join(f"  {code}  {name}\n" for name, code in files.items()), "utf-8")


def complaint(entries: list[Entry], locked: dict[str, str], files: dict[str, str], version: str) -> str | None:
    """What is to be done; None when the code is the one that was locked under this version."""
    last = entries[-1]
    if code_of(files) != last.code:
        changed = sorted({name for name, _ in files.items() ^ locked.items()})
        if version != last.version:
            todo = f"PARSER_VERSION is {version} now: run `make parser-version`, and commit tests/parsers/version.lock."
        else:
            todo = (
                "If the same page may now give another report, raise PARSER_VERSION in parsers/version.py (with a line"
                " in its history) and run `make parser-version`: the next rerun then parses everything again."
                " If no report changes, run `make parser-version WHY='why not'`."
            )
        return f"{', '.join(changed)} changed, which every report depends on (new hash {code_of(files)}).\n{todo}"
    if version != last.version:
        return f"PARSER_VERSION is {version} and the lock says {last.version}: run `make parser-version`."
    for before, after in itertools.pairwise(entries):
        if before.version == after.version and not after.note.startswith(UNCHANGED):
            return f"{after.line()}: the same version needs `{UNCHANGED}…`"
    return None


def main(arguments: Sequence[str] | None = None, lock: Path = LOCK) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--why", default="", help="why no report changes, where the version stays")
    why = " ".join(parser.parse_args(arguments).why.split())
    files = reached()
    entries, locked = read(lock) if lock.exists() else ([], {})
    note = why or "see parsers/version.py"
    if entries and entries[-1].version == PARSER_VERSION:
        if entries[-1].code == code_of(files):
            print(f"Nothing to do: parser version {PARSER_VERSION} is locked with this code.")
            return
        if not why:
            raise SystemExit(complaint(entries, locked, files, PARSER_VERSION))
        note = f"{UNCHANGED}{why}"
    entry = Entry(date.today().isoformat(), PARSER_VERSION, code_of(files), note)
    write([*entries, entry], files, lock)
    print(f"{lock.name}: version {PARSER_VERSION}, {len(files)} files, {entry.code}. Commit it.")


if __name__ == "__main__":
    main()
