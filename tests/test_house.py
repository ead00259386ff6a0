"""The rules that hold the house up, run as tests: imports, types, style, and what no file may name."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

LONGEST_FILE, LONGEST_TEST = 400, 600
"""Lines; 300 is long already for a source file (house rule 1)."""


def run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def ours() -> list[Path]:
    """Every file that belongs to the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    made = {
        ".venv",
        "data",
        "build",
        "__pycache__",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
    }
    return [path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.parts)]


def text_files() -> list[tuple[Path, str]]:
    pages = {".html", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".7z", ".png", ".jpg", ".gif", ".ico", ".txt", ".csv"}
    found = []
    for path in ours():
        if path.suffix not in pages:
            found.append((path, path.read_text(encoding="utf-8")))
    return found


def test_the_rooms_import_only_what_they_may() -> None:
    run(BIN / "lint-imports", "--no-cache")


def test_ruff_finds_nothing() -> None:
    run(BIN / "ruff", "check", "--no-cache", ".")


def test_the_code_is_formatted() -> None:
    run(BIN / "ruff", "format", "--no-cache", "--check", ".")


def test_types_hold() -> None:
    run(BIN / "mypy")


def test_yaml_is_clean() -> None:
    files = [path for path in ours() if path.suffix in {".yaml", ".yml"} or path.name == ".yamllint"]
    run(BIN / "yamllint", "--strict", *files)


def test_the_lock_holds_hashes_and_no_address() -> None:
    for path in (ROOT / "requirements.lock", ROOT / "requirements-ocr.lock"):
        lock = path.read_text(encoding="utf-8")
        assert "://" not in lock
        pins = re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)
        assert lock.count("--hash=sha256:") >= len(pins) > 50


def test_the_lock_has_every_pin_of_the_project() -> None:
    """`make lock` was run after pyproject.toml was changed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    lock = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("requirements*.lock")))
    locked = {one_spelling(name): pin for name, pin in re.findall(r"^([\w.-]+)==([^ ;\\]+)", lock, re.MULTILINE)}
    for requirement in [*project["dependencies"], *(line for extra in extras for line in extra)]:
        name, _, version = requirement.partition("==")
        assert version in ("", locked.get(one_spelling(name))), f"run `make lock`: {requirement}"


def one_spelling(name: str) -> str:
    """`backports.zstd` and `backports-zstd` are one package."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    """No absolute path of a machine, no home folder, no address of a package index."""
    private = re.compile(
        r"(?<![\w.{}$/-])/(?:work|root|home|Users)/\w|"  # a folder of the machine that it was written on
        r"https?://[^\s\"')]*/simple\b|"  # a package index
        r"--index-url|--find-links|--extra-index-url|PIP_INDEX|UV_INDEX"
    )
    named = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path, text in text_files()
        if path != Path(__file__)
        for number, line in enumerate(text.splitlines(), start=1)
        if private.search(line)
    ]
    assert not named, "\n".join(named)


def test_source_files_stay_small() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path, text in text_files()
        if path.suffix == ".py"
        and (lines := text.count("\n")) > (LONGEST_TEST if "tests" in path.parts else LONGEST_FILE)
    ]
    assert not long, "\n".join(long)


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path, text in text_files()
        if path.suffix == ".py" and text.strip() and not text.lstrip().startswith(('"""', 'r"""'))
    ]
    assert not silent, "\n".join(silent)


def test_the_scripts_are_posix_shell() -> None:
    for script in (ROOT / "scripts").glob("*.sh"):
        run("sh", "-n", script)


def test_nothing_large_is_kept() -> None:
    large = [str(path.relative_to(ROOT)) for path in ours() if path.stat().st_size > 2 * 1024 * 1024]
    assert not large, "\n".join(large)


def test_every_room_is_on_the_plan_of_the_house() -> None:
    """docs/architecture.md names each folder of code, and none that is not there."""
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```text")[1].split("```")[0]
    drawn, house = set(), ""
    for line in plan.splitlines():
        outer, inner = re.match(r"(\w+/)?\s+(?:(\w+)/)?", line).groups() if line.strip() else (None, None)  # type: ignore[union-attr]
        house = outer or house
        drawn |= {f"{house}{inner}"} if inner else set()
    there = {
        str(path.parent.relative_to(ROOT))
        for path in ours()
        if path.name == "__init__.py" and len(path.relative_to(ROOT).parts) == 3 and "tests" not in path.parts
    }
    assert drawn == there
