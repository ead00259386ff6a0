"""An example or two of each command, printed under its --help; a command whose docstring has its own needs none here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand

EXAMPLES = {
    "backup": ("nianbao backup backups/2026-01-31",),
    "crawl": (
        "nianbao crawl sample",
        "nianbao crawl --home http://www.example.gov.cn/ --years 2019-2021",
        "nianbao crawl --url http://www.example.gov.cn/zwgk/gknb/ --dry-run",
    ),
    "corrections": ("nianbao corrections", "nianbao corrections --reopened"),
    "coverage": ("nianbao coverage --province 河北", "nianbao coverage --json"),
    "db dump": ("nianbao db dump", "nianbao db dump dumps/before-the-upgrade"),
    "db load": ("nianbao db load dumps/before-the-upgrade",),
    "db start": ("nianbao db start", 'mongosh "$(nianbao db start)"'),
    "db status": ("nianbao db status", "nianbao db status --json"),
    "db stop": ("nianbao db stop",),
    "db upgrade": ("nianbao db upgrade",),
    "demo": ("nianbao demo", "nianbao demo --next-year", "nianbao demo --invented"),
    "diff": (
        "nianbao diff 410104/2020/own",
        "nianbao diff 410104/2020/own --from 1 --to 2",
        "nianbao diff 130000-jyt/2019/own 130000-jyt/2022/own",
    ),
    "doctor": ("nianbao doctor",),
    "export": (
        "nianbao export panel.csv --bom",
        "nianbao export reports.jsonl --year 2019-2021 --province 云南",
        "nianbao export pages.warc.gz --portal sample",
    ),
    "import": ("nianbao import pages.warc.gz",),
    "labels": ("nianbao labels", "nianbao labels --json"),
    "parse": (
        "nianbao parse page.html --json",
        "nianbao parse report.pdf --organ 河北省教育厅 --published 2021-01-22",
        "curl -s http://www.example.gov.cn/zwgk/gknb/2020.html | nianbao parse - --json",
    ),
    "portals check": ("nianbao portals check sample",),
    "portals discover": ("nianbao portals discover http://www.example.gov.cn/",),
    "portals list": ("nianbao portals list 大理", "nianbao portals list --province 河北"),
    "portals show": ("nianbao portals show sample",),
    "rerun": (
        "nianbao rerun --dry-run",
        "nianbao rerun --template e2021_v30 --workers 2",
        "nianbao rerun --portal sample --year 2019-2021",
    ),
    "restore": ("nianbao restore backups/2026-01-31",),
    "runs": ("nianbao runs", "nianbao runs --limit 5 --json"),
    "sample": ("nianbao sample --port 8765",),
    "serve": ("nianbao serve --open", "nianbao serve --port 9000 --bind 0.0.0.0 --host archive.example.org"),
    "show": (
        "nianbao show 410104/2020/own",
        "nianbao show '管城回族区 2020' --revisions",
        "nianbao show 410104/2020/own --raw --output page.html",
    ),
    "verify": ("nianbao verify",),
}


class Plain(TyperCommand):
    """A command whose help says `PORTAL`, not `PORTAL <list[str]>`: Python's types are nobody's business."""

    def get_params(self, ctx: Any) -> list[Any]:
        found = super().get_params(ctx)
        for one in found:
            if isinstance(one, TyperArgument):
                one.display_type_rich = _nothing  # type: ignore[method-assign]
        return found


def _nothing(ctx: Any) -> str:
    return ""


def give_examples(app: typer.Typer) -> None:
    """Put the examples under the help of the commands that have none of their own; plain names for all arguments."""
    for path, command in _commands(app):
        command.cls = Plain
        own = "nianbao " in (command.callback.__doc__ or "") if command.callback else False
        if path in EXAMPLES and not own:
            # \b: as it stands, line by line.
            command.epilog = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in EXAMPLES[path])


def _commands(app: typer.Typer, above: str = "") -> Iterator[tuple[str, typer.models.CommandInfo]]:
    for command in app.registered_commands:
        yield f"{above}{command.name or ''}", command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            yield from _commands(group.typer_instance, f"{above}{group.name} ")
