"""What README and docs/ tell people to do is done here, on the archive that `make demo` makes."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.registry import read_portal
from tests.nianbao.conftest import BIN, ROOT, CommandLine, Done
from tests.nianbao.markdown import Block, blocks, shows

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TESTED = [page for page in PAGES if any(block.word == "test" for block in blocks(page))]
Demo = tuple[CommandLine, Done]


def run(block: Block, command: CommandLine, folder: Path) -> str:
    """Run a tested block as a reader would, in `folder`; returns what it printed on standard output."""
    program = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [str(BIN / "python"), "-c"]}[block.language]
    done = subprocess.run(
        [*program, block.body],
        cwd=folder,
        env={**command.environment, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"line {block.line}: {block.body}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("page", TESTED, ids=lambda page: page.name)
def test_the_page_does_what_it_says(page: Path, demo: Demo, tmp_path: Path) -> None:
    command, _ = demo
    shutil.copytree(ROOT / "config", tmp_path / "config")  # a reader begins in the checkout; this one may be written to
    for block in blocks(page):
        if block.word == "test":
            printed = run(block, command, tmp_path)
            if block.output is not None:
                assert shows(block.output, printed), f"line {block.line} prints:\n{printed}"


def test_the_queries_for_mongosh_are_those_for_python(demo: Demo, tmp_path: Path) -> None:
    """Each `js` block of the README asks what the Python block behind it asks: same method, same arguments."""
    found = blocks(ROOT / "README.md")
    pairs = [
        (js, python) for js, python in itertools.pairwise(found) if (js.language, python.language) == ("js", "python")
    ]
    assert len(pairs) == 1
    command, _ = demo
    for js, python in pairs:
        spy = Block("python", "test", f"{SPY}\n{python.body}", python.line)
        asked = [json.loads(line[6:]) for line in run(spy, command, tmp_path).splitlines() if line.startswith("asked ")]
        assert asked == [said_in_mongosh(js.body)]


SPY = """
import itertools
import json
from pymongo.collection import Collection

def watch(name):
    plain = getattr(Collection, name)
    def watched(self, *arguments, **options):
        if self.name == "reports":
            print("asked", json.dumps([name, *arguments]))
        return plain(self, *arguments, **options)
    setattr(Collection, name, watched)

watch("find"), watch("aggregate")
"""


def said_in_mongosh(code: str) -> list[object]:
    """`db.reports.find({a: 1})` -> `["find", {"a": 1}]`: bare keys quoted, the rest is JSON already."""
    match = re.fullmatch(r"\s*db\.reports\.(find|aggregate)\((.*?)\)(?:\.sort\(.*\))?;?\s*", code, re.DOTALL)
    assert match is not None, code
    quoted = re.sub(r"([{,]\s*)([$\w]+)\s*:", r'\1"\2":', match[2])
    without_last_commas = re.sub(r",(\s*[}\]])", r"\1", quoted)
    return [match[1], *json.loads(f"[{without_last_commas}]")]


def test_the_portal_of_the_docs_is_one_that_the_registry_takes(tmp_path: Path) -> None:
    (yaml,) = [block for block in blocks(ROOT / "docs" / "add-a-portal.md") if block.language == "yaml"]
    file = tmp_path / "example.yaml"
    file.write_text(yaml.body, encoding="utf-8")

    portal = read_portal(file)

    assert portal.region_code == "010203"
    assert [column.kind for column in portal.columns] == ["list", "departments"]


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not target.startswith("_generated/") and not (page.parent / target).exists()
    ]
    assert not broken


def test_the_readme_names_exactly_two_commands_to_set_up() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^make [a-z]+$", text, re.MULTILINE)) == {"make demo", "make test"}
