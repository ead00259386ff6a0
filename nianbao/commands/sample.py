"""`nianbao sample`: serve the bundled portal, to crawl it or to look at it in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Failure
from nianbao.ui.options import AsJson


def sample(
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="Port on loopback; 0 takes a free one.")
    ] = 8765,
    next_day: Annotated[
        bool, typer.Option("--next-day", help="As it stands a day later: one report corrected, one added.")
    ] = False,
    next_year: Annotated[
        bool, typer.Option("--next-year", help="As it stands a year later: one report more, and its form has changed.")
    ] = False,
    redesigned: Annotated[
        bool, typer.Option("--redesigned", help="As after a relaunch: every page built otherwise, with the same text.")
    ] = False,
    without_list: Annotated[
        bool, typer.Option("--without-list", help="As after a bad relaunch: the column shows no line any more.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Serve the bundled sample portal (示例门户) on loopback until Ctrl-C."""
    from nianbao.sample import SamplePortal, until_interrupted

    try:
        with SamplePortal(port) as portal:
            if next_day:
                portal.correct()
                portal.publish()
            if next_year:
                portal.next_year()
            if redesigned:
                portal.redesign()
            if without_list:
                portal.lose_the_list()
            if as_json:
                json_line({"url": portal.url, "port": portal.port})
            else:
                say(portal.url)
            note(f"The sample portal is there. Crawl it: nianbao crawl --home {portal.url} (Ctrl-C stops it)")
            until_interrupted()
    except OSError as error:
        raise Failure(f"port {port} cannot be used ({error.strerror})", "Name another with --port") from error
    except KeyboardInterrupt:
        note("\nThe sample portal is stopped.")
