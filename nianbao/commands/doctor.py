"""`nianbao doctor`: what is configured, reachable and missing, a line each, with what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Failure


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line for each finding.")] = False,
) -> None:
    """Look at the settings, the database, the browser: what is there, what is missing, what to do."""
    from dataclasses import asdict

    from nianbao.health import Mark, examine
    from storage import settings

    broken = 0
    for finding in examine(settings.load()):
        broken += finding.mark is Mark.BROKEN
        if as_json:
            json_line({**asdict(finding), "mark": finding.mark.name.lower()})
        else:
            say(f"{finding.mark} {finding.subject}: {finding.text}")
            if finding.advice:
                say(f"    {finding.advice}")
    if broken:
        raise Failure(f"{broken} of these {'needs' if broken == 1 else 'need'} mending", "The lines marked ✗ say how")
    note("Everything that is needed is there.")
