"""Write `site/` and `later/` from `pages/`: `python -m nianbao.sample.build`.

A file of `pages/` stands at its path on the portal: lines `key: value`, a line `---`, then the body. The layout is
`pages/<layout>.template`. What a body may say:

    {{proactive 2019}}  {{requests 2021}}  {{disputes}}   a table of the form, with the report's own figures

Keys of a page: `layout`, `title`, `column`, `crumbs`, `date`, …: whatever its layout asks for. Keys of a report:
`shape` (a function of shapes.py), and as often as needed `print: <path> = <text>` and `label: <official> = <seen>`.
The figures come from `expected.json`; the page's path finds them there. A list page has one line an item instead of
a body, `date | address | title`, and `per_page`; it becomes `index.html`, `index_1.html`, …
Other files (css, js, json, pdf, docx) are copied.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from string import Template

from nianbao.sample import forms
from nianbao.sample.shapes import SHAPES

HERE = Path(__file__).parent
OUTER = {layout: "frame" for layout in ("front", "special")} | {
    layout: "special" for layout in ("list", "text", "gknbxq", "trs", "ucap")
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
}
SHOWN = 34
"""Characters of a title that a list shows before it is cut off."""


@dataclass(frozen=True)
class Source:
    """A file of `pages/`: its keys (those that repeat as mappings of their own) and its body."""

    keys: Mapping[str, str]
    printed: Mapping[str, str]
    labels: Mapping[str, str]
    meta: Mapping[str, str]
    body: str


def parse(text: str) -> Source:
    """Read one file of `pages/`."""
    head, _, body = text.partition("\n---\n")
    keys: dict[str, str] = {}
    repeated: dict[str, dict[str, str]] = {"print": {}, "label": {}, "meta": {}}
    for line in head.splitlines():
        key, _, value = line.partition(": ")
        if key in repeated:
            name, _, written = value.partition(" = ")
            repeated[key][name] = written
        else:
            keys[key] = value
    return Source(keys, repeated["print"], repeated["label"], repeated["meta"], body)


def build(pages: Path, expected: Mapping[str, Mapping[str, float | None]]) -> Iterator[tuple[str, bytes]]:
    """Every file of the portal, as (path, content). `expected` has each report's figures by its path."""
    for file in sorted(pages.rglob("*")):
        path = f"/{file.relative_to(pages).as_posix()}"
        if not file.is_file() or file.suffix == ".template":
            continue
        if file.suffix != ".html":
            yield path, file.read_bytes()
            continue
        source = parse(file.read_text(encoding="utf-8"))
        if "per_page" in source.keys:
            yield from _lists(path, source)
        else:
            body = _tables(source, expected.get(path, {}))
            yield path, _page(source, body)


def _lists(path: str, source: Source) -> Iterator[tuple[str, bytes]]:
    items = [line.split(" | ") for line in source.body.splitlines() if line]
    size = int(source.keys["per_page"])
    batches = [items[start : start + size] for start in range(0, len(items), size)]
    # Some portals declare a page too many and show the last one there again: `repeat_last`.
    batches += batches[-1:] if "repeat_last" in source.keys else []
    for number, batch in enumerate(batches):
        name = "index.html" if number == 0 else f"index_{number}.html"
        rows = "\n".join(
            f'<li><a href="{address}" target="_blank" title="{title}">{_cut(title)}</a><span>{date}</span></li>'
            for date, address, title in batch
        )
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
        "meta_items": "\n".join(f"<li><b>{key}：</b>{value}</li>" for key, value in source.meta.items()),
        "chrome": _template("chrome").substitute(DEFAULTS | dict(source.keys)),
    }
    layout = keys["layout"]
    while layout:
        keys["body"] = _template(layout).substitute(keys).rstrip("\n")
        layout = OUTER.get(layout, "")
    return (keys["body"] + "\n").encode("gb18030" if keys["charset"] == "gb2312" else "utf-8")


def _template(name: str) -> Template:
    return Template((HERE / "pages" / f"{name}.template").read_text(encoding="utf-8"))


def _crumbs(crumbs: str, column: str) -> str:
    """`政务公开 /zwgk/index.html, …` -> links from the front page down to the column."""
    steps = [step.split(" ") for step in crumbs.split(", ") if step]
    links = "".join(f' &gt; <a href="{address}">{name}</a>' for name, address in steps)
    return f'<a href="/">首页</a>{links}' + ("" if steps and steps[-1][0] == column else f" &gt; {column}")


def _tables(source: Source, figures: Mapping[str, float | None]) -> str:
    def table(match: re.Match[str]) -> str:
        name, year = match[1], match[2]
        grid = forms.disputes() if name == "disputes" else getattr(forms, name)(int(year))
        return SHAPES[source.keys["shape"]](forms.fill(grid, figures, source.printed, source.labels))

    return re.sub(r"\{\{(proactive|requests|disputes)(?: (\d{4}))?\}\}", table, source.body)


def _cut(title: str) -> str:
    return title if len(title) <= SHOWN else title[: SHOWN - 3] + "..."


def main() -> None:
    expected = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    figures = {report["path"]: report["figures"] for report in expected["reports"]}
    for pages, target in ((HERE / "pages", HERE / "site"), (HERE / "pages_later", HERE / "later")):
        shutil.rmtree(target, ignore_errors=True)
        for path, content in build(pages, figures):
            file = target / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        print(f"{target.name}/ written")


if __name__ == "__main__":
    main()
