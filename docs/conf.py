"""The documentation site: `make docs`. Pages are the Markdown files beside this one; two are made from the program."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from generated import write_pages  # noqa: E402  (needs the path above)

project = "nianbao 年报"
author = "the nianbao project"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
language = "en"
nitpicky = True

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

html_theme = "furo"
html_title = "nianbao 年报"
html_static_path = ["_static"]
html_css_files = ["nianbao.css"]
html_show_sphinx = False
html_copy_source = False
highlight_language = "text"
# Nothing on a page comes from another host.
html_theme_options = {"footer_icons": [], "top_of_page_buttons": []}

write_pages(HERE / "_generated")


def name_the_rest(app: Sphinx, page: str, source: list[str]) -> None:
    """On the first page, `(more)` stands for the pages that it does not name: a new one is in the list at once."""
    if page == "index":
        named = set(re.findall(r"^[\w/-]+$", source[0], re.MULTILINE))
        rest = sorted({file.stem for file in HERE.glob("*.md")} - named - {"index"})
        source[0] = source[0].replace("(more)", "\n".join(rest))


def setup(app: Sphinx) -> None:
    app.connect("source-read", name_the_rest)
