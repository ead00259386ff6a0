"""The document that is shown in the frame: a fixed shell around an archived page, with the mark of the figure asked for."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_STYLE = """
html{color-scheme:light;background:#fff;color:#1b1f24;font:15px/1.7 "Noto Sans SC","PingFang SC","Microsoft YaHei",
"Noto Sans CJK SC",sans-serif;scroll-padding:40vh 4rem}
body{margin:0;padding:1rem 1.1rem 50vh;overflow-wrap:anywhere}
table{border-collapse:collapse;max-width:100%}
td,th{border:1px solid #b9bec6;padding:.2em .35em}
.nb-picture,.nb-link{color:#4b5563}
.nb-picture{border:1px dashed #9ca3af;padding:0 .3em}
.nb-cell{background:#fff7e0;color:#1b1f24}
.nb-cell i[id]{scroll-margin:40vh 4rem;font-size:0}
.nb-cell:has(i:target){background:#ffd24d;outline:3px solid #b3261e;outline-offset:-1px;color:#000}
.nb-note{margin:0 0 1rem;padding:.5em .8em;background:#f3f4f6;border-left:4px solid #6b7280;font-size:13px;color:#374151}
.nb-page{position:relative;display:block;width:100%;height:auto;border:1px solid #d1d5db;margin:0 0 1rem;background:#fff}
.nb-box{fill:#f59e0b;fill-opacity:.1;stroke:none;scroll-margin:40vh 4rem}
.nb-box:target{fill:#ffd24d;fill-opacity:.45;stroke:#b3261e;stroke-width:2}
.nb-anchor{scroll-margin-top:1rem}
.nb-anchor:target+.nb-page,.nb-page:has(.nb-anchor:target){outline:3px solid #b3261e}
""".replace("\n", "")


def hits(paths: Sequence[str]) -> str:
    """What the links of the figures jump to."""
    return "".join(f'<i id="{escape(path)}"></i>' for path in paths)


def framed(body: str, *, missing: int = 0, notes: Sequence[str] = ()) -> bytes:
    """`body` in the shell. `missing`: figures whose place in the page could not be found again."""
    every = [*notes]
    if missing:
        every.append(f"{missing} 个数据在本页的位置未能找到 · places of {missing} figures were not found on this page")
    told = "".join(f'<p class="nb-note">{escape(one)}</p>' for one in every)
    shell = (
        '<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>原始页面 archived page</title>'
        f"<style>{_STYLE}</style></head><body><main>{told}{body}</main></body></html>"
    )
    return shell.encode("utf-8", "replace")
