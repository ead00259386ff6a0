"""`nianbao serve`: the archive in a browser."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Failure, explain
from nianbao.ui.options import AsJson
from nianbao.ui.progress import Counter

if TYPE_CHECKING:
    import socket

    from nianbao.web.archive import WebArchive

SHORTEST_TOKEN = 16


def serve(
    port: Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="Port; 0 takes a free one.")] = 8080,
    bind: Annotated[
        str,
        typer.Option("--bind", help="Address to listen at. Beside loopback put a proxy before it.", metavar="ADDRESS"),
    ] = "127.0.0.1",
    host: Annotated[
        list[str] | None,
        typer.Option("--host", help="A name under which the archive may be asked; again for more.", metavar="NAME"),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            help="Let who has this token write corrections down; at least 16 characters, best from the environment.",
            envvar="NIANBAO_TOKEN",
            metavar="TOKEN",
        ),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in your browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the archive in a browser (浏览器查看), until Ctrl-C. It is read-only; with --token figures can be put right."""
    from storage import settings
    from storage.database import open_database

    if token is not None and len(token) < SHORTEST_TOKEN:
        raise typer.BadParameter(f"must have {SHORTEST_TOKEN} characters or more", param_hint="--token")
    configured = settings.load()
    with _listening(bind, port) as listener, open_database(configured, create=False) as database:
        from nianbao.web.archive import WebArchive

        archive = WebArchive(database, configured)
        with Counter("reading the catalogue,") as progress:
            archive.keeper.open(lambda count: progress("reports", count))
        address = f"http://{f'[{bind}]' if ':' in bind else bind}:{listener.getsockname()[1]}/"
        # uvicorn ends in order on Ctrl-C, and then raises it again. Whoever reads the address may be faster than uvicorn.
        with suppress(KeyboardInterrupt):
            if as_json:
                json_line({"url": address, "reports": len(archive.shelf)})
            else:
                say(address)
            how = "read-only" if token is None else "corrections are taken with the token"
            note(f"{len(archive.shelf):,} reports, {how}. Ctrl-C stops it.")
            if open_browser:
                import webbrowser

                webbrowser.open(address)
            _serve(archive, listener, [*(host or ()), bind], token or "")
    note("\nThe archive is not served any more.")


def _listening(bind: str, port: int) -> socket.socket:
    """A socket that listens. Raises Failure where the address or port cannot be had."""
    import socket

    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on, and every answer waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((bind, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise Failure(f"{bind} port {port} cannot be used ({error.strerror})", "Name another with --port") from error
    return listener


def _serve(archive: WebArchive, listener: socket.socket, hosts: list[str], token: str) -> None:
    import uvicorn

    from nianbao.web.app import create_app

    config = uvicorn.Config(
        create_app(archive, hosts, token=token), log_level="warning", access_log=False, server_header=False, ws="none"
    )
    if not os.environ.get("NIANBAO_DEBUG"):
        logging.getLogger("uvicorn.error").addFilter(_without_traceback)
    uvicorn.Server(config).run(sockets=[listener])


def _without_traceback(record: logging.LogRecord) -> bool:
    """A fault of the program in one line, as the other commands say it; NIANBAO_DEBUG=1 shows where it comes from."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args, record.exc_info, record.exc_text = str(explain(error)), (), None, None
    return True
