"""The documentation as a site: it builds without a warning, every link leads somewhere, and nothing comes from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from parsers.template import load_templates
from tests.nianbao.conftest import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`make docs`, with warnings as errors: a page in no list of pages and a link to nothing are such."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", ROOT / "docs", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def pages(site: Path) -> Iterator[tuple[Path, html.HtmlElement]]:
    for page in sorted(site.rglob("*.html")):
        yield page, html.fromstring(page.read_bytes())


def test_every_link_leads_somewhere(site: Path) -> None:
    found = dict(pages(site))
    anchors = {page: {*tree.xpath("//@id"), *tree.xpath("//a/@name")} for page, tree in found.items()}
    broken = []
    for page, tree in found.items():
        for address in [*tree.xpath("//a/@href"), *tree.xpath("//img/@src")]:
            parts = urlsplit(address)
            if parts.scheme or (address.startswith("#") and address in ("#", "#top")):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            missing = parts.fragment and target in anchors and unquote(parts.fragment) not in anchors[target]
            if not target.exists() or missing:
                broken.append(f"{page.name}: {address}")
    assert not broken


def test_nothing_is_fetched_from_another_host(site: Path) -> None:
    fetched = [
        f"{page.name}: {address}"
        for page, tree in pages(site)
        for address in tree.xpath("//script/@src | //link[not(@rel='canonical')]/@href | //img/@src | //iframe/@src")
        if urlsplit(address).netloc
    ]
    assert not fetched


def test_the_dictionary_holds_every_figure_of_the_forms(site: Path) -> None:
    text = (site / "_generated" / "dictionary.html").read_text(encoding="utf-8")
    for template in load_templates():
        for table in template.tables:
            for part in table.parts:
                for row in part.rows:
                    path = table.path(row, part.values[0])
                    assert path in text or path.removesuffix(f".{part.values[0].key}") in text, path


def test_the_drawing_is_on_the_page_and_has_words(site: Path) -> None:
    tree = html.fromstring((site / "architecture.html").read_bytes())
    (picture,) = tree.xpath("//img[contains(@src, 'architecture')]")
    assert picture.get("alt")
    drawing = (ROOT / "docs" / "images" / "architecture.svg").read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in drawing and "<desc" in drawing
