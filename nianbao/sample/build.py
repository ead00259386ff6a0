"""Write the pages of `site/` and `later/` from `pages/`: `python -m nianbao.sample.build`.

A file of `pages/` stands at its path on the portal: lines `key: value`, a line `---`, then the body.

- `layout` names a `.template` beside the pages; `title`, `column`, `crumbs`, `date`, `source` and others fill it.
- `meta: 索引号 = …`, a line of the metadata block, and `file: <address> = <name>`, an attachment, as often as needed.
- A report's body says `{{proactive 2019}}`, `{{requests 2021}}`, `{{disputes}}` where a table of the form stands. The
  figures come from `expected.json`, where the page's path finds them; `shape` is a function of shapes.py. What this
  page does in its own way: `print: <path> = <text>`, `label: <official> = <seen>`, `drop: <path>` (a lost cell).
- A list page has `per_page`, and one line an item for a body: `date | address | title`. It becomes `index.html`,
  `index_1.html`, … `repeat_last` declares a page too many and shows the last one there again, as some portals do.
- `next_day: yes`, on a list's line `| next day`: only in `later/`, what is published a day later.

Stylesheets, scripts and the like stand in `site/` itself; the PDF and the Word file are made by files.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from string import Template

from nianbao.sample import forms
from nianbao.sample.shapes import SHAPES

HERE = Path(__file__).parent
PAGES = HERE / "pages"
Figures = Mapping[str, int | float | None]

OUTER = {
    "front": "frame",
    "special": "frame",
    **dict.fromkeys(("list", "text", "gknbxq", "trs", "ucap", "pairs"), "special"),
}
"""The layout around a layout. What is not named here is a whole page."""
DEFAULTS = {
    "lang": "zh-CN",
    "charset": "utf-8",
    "column_type": "",
    "crumbs": "",
    "date": "",
    "source": "",
    "previous": "无",
    "next": "无",
    "body_class": "TRS_Editor",
}
REPEATED = ("meta", "file", "print", "label", "drop")
SHOWN = 26
"""Characters of a title that a list shows before it is cut off."""


@dataclass(frozen=True)
class Source:
    """A file of `pages/`."""

    keys: Mapping[str, str]
    repeated: Mapping[str, Mapping[str, str]]
    """Keys that may stand more than once: key -> left of ` = ` -> right of it."""
    body: str


def parse(text: str) -> Source:
    """Read a file of `pages/`."""
    head, _, body = text.partition("\n---\n")
    keys: dict[str, str] = {}
    repeated: dict[str, dict[str, str]] = {key: {} for key in REPEATED}
    for line in head.splitlines():
        key, _, value = line.partition(": ")
        if key in repeated:
            name, _, written = value.partition(" = ")
            repeated[key][name] = written
        else:
            keys[key] = value
    return Source(keys, repeated, body)


def build(expected: Mapping[str, Figures], *, next_day: bool = False) -> Iterator[tuple[str, bytes]]:
    """Every page of `site/`, or of `later/`, as (path on the portal, bytes). `expected`: path -> figures."""
    for file in sorted(PAGES.rglob("*.html")):
        path = f"/{file.relative_to(PAGES).as_posix()}"
        source = parse(file.read_text(encoding="utf-8"))
        if "per_page" in source.keys:
            yield from _lists(path, source, next_day)
        elif ("next_day" in source.keys) == next_day:
            yield path, _page(source, with_tables(source, expected.get(path, {})))


def with_tables(source: Source, figures: Figures) -> str:
    """The body, with the tables of the form in their places."""

    def shaped(match: re.Match[str]) -> str:
        return SHAPES[source.keys["shape"]](tables(match, source, figures))

    return TABLE.sub(shaped, source.body)


TABLE = re.compile(r"\{\{(proactive|requests|disputes)(?: (2019|2021))?\}\}")


def tables(match: re.Match[str], source: Source, figures: Figures) -> forms.Grid:
    """The filled grid that a `{{…}}` stands for."""
    year = int(match[2] or 0)
    grids = {"proactive": forms.proactive, "requests": forms.requests}
    grid = grids[match[1]](year) if match[1] in grids else forms.disputes()
    kept = [[cell for cell in row if cell.path not in source.repeated["drop"]] for row in grid]
    return forms.fill(kept, figures, source.repeated["print"], source.repeated["label"])


def figures_by_path() -> dict[str, Figures]:
    """The figures of every report, by the path of its page."""
    expected = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    return {report["path"]: report["figures"] for report in expected["reports"] + expected["next_day"]["reports"]}


def _lists(path: str, source: Source, next_day: bool) -> Iterator[tuple[str, bytes]]:
    lines = [line for line in source.body.splitlines() if line]
    if next_day and not any(line.endswith("| next day") for line in lines):
        return
    items = [line.split(" | ")[:3] for line in lines if next_day or not line.endswith("| next day")]
    size = int(source.keys["per_page"])
    batches = [items[start : start + size] for start in range(0, len(items), size)]
    batches += batches[-1:] if "repeat_last" in source.keys else []
    for number, batch in enumerate(batches):
        rows = "\n".join(
            f'<li><a href="{address}" target="_blank" title="{title}">{_cut(title)}</a><span>{date}</span></li>'
            for date, address, title in batch
        )
        name = "index.html" if number == 0 else f"index_{number}.html"
        paging = f'createPageHTML({len(batches)}, {number}, "index", "html");'
        yield str(PurePosixPath(path).with_name(name)), _page(source, rows, paging)


def _page(source: Source, body: str, paging: str = "") -> bytes:
    """Fill the page's layout, and the layout around it, outwards until one names no other."""
    keys = DEFAULTS | dict(source.keys)
    keys |= {
        "body": body.strip("\n"),
        "paging": paging,
        "crumbs": _crumbs(keys["crumbs"], keys["column"]),
        "article": keys["title"] if keys["date"] else "",
        "chrome": _template("chrome").substitute(keys),
    } | _blocks(source)
    layout = keys["layout"]
    while layout:
        keys["body"] = _template(layout).substitute(keys).rstrip("\n")
        layout = OUTER.get(layout, "")
    return (keys["body"] + "\n").encode("gb18030" if keys["charset"] == "gb2312" else "utf-8")


def _blocks(source: Source) -> dict[str, str]:
    """The metadata as list items, as table rows and as two pairs a line, and the attachments."""
    meta = list(source.repeated["meta"].items())
    pairs = [meta[start : start + 2] for start in range(0, len(meta), 2)]
    files = "".join(
        f'<p><a href="{address}" target="_blank">{name}</a></p>' for address, name in source.repeated["file"].items()
    )
    return {
        "meta_items": "\n".join(f"<li><b>{key}：</b>{value}</li>" for key, value in meta),
        "meta_rows": "\n".join(
            "<tr>" + "".join(f'<td class="k">{key}：</td><td>{value}</td>' for key, value in pair) + "</tr>"
            for pair in pairs
        ),
        "meta_pairs": "\n".join(
            "<p>&nbsp;" + " &nbsp;".join(f"{key}：{value}" for key, value in pair) + "</p>" for pair in pairs
        ),
        "files": f'<div class="files noindent"><p>附件：</p>{files}</div>' if files else "",
    }


def _crumbs(crumbs: str, column: str) -> str:
    """`政务公开 /zwgk/index.html, …` -> links from the front page down to the column."""
    steps = [step.split(" ") for step in crumbs.split(", ") if step]
    links = "".join(f' &gt; <a href="{address}">{name}</a>' for name, address in steps)
    return f'<a href="/">首页</a>{links}' + ("" if steps and steps[-1][0] == column else f" &gt; {column}")


def _template(name: str) -> Template:
    return Template((PAGES / f"{name}.template").read_text(encoding="utf-8"))


def _cut(title: str) -> str:
    return title if len(title) <= SHOWN else title[:SHOWN] + "..."


def main() -> None:
    figures = figures_by_path()
    for folder, next_day in ((HERE / "site", False), (HERE / "later", True)):
        for old in folder.rglob("*.html"):
            old.unlink()
        for path, content in build(figures, next_day=next_day):
            file = folder / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


if __name__ == "__main__":
    main()
