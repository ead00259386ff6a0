"""`nianbao serve`: the archive in a browser."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Failure
from nianbao.ui.options import AsJson
from nianbao.ui.progress import Counter

if TYPE_CHECKING:
    import socket

    from nianbao.web.archive import WebArchive


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8080,
    bind: Annotated[
        str,
        typer.Option("--bind", help="Address to listen at. Beside loopback put a proxy before it.", metavar="ADDRESS"),
    ] = "127.0.0.1",
    host: Annotated[
        list[str] | None,
        typer.Option("--host", help="A name under which the archive may be asked; again for more.", metavar="NAME"),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in your browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the archive in a browser (浏览器查看), until Ctrl-C. It is read-only: nothing can be changed there.

    nianbao serve --open
    nianbao serve --port 9000 --bind 0.0.0.0 --host archive.example.org
    """
    from storage import settings
    from storage.database import open_database

    configured = settings.load()
    with _listening(bind, port) as listener, open_database(configured, create=False) as database:
        from nianbao.web.archive import WebArchive

        archive = WebArchive(database, configured)
        with Counter("reading the catalogue,") as progress:
            archive.keeper.open(lambda count: progress("reports", count))
        address = f"http://{f'[{bind}]' if ':' in bind else bind}:{listener.getsockname()[1]}/"
        if as_json:
            json_line({"url": address, "reports": len(archive.shelf)})
        else:
            say(address)
        note(f"{len(archive.shelf):,} reports, read-only. Ctrl-C stops it.")
        if open_browser:
            import webbrowser

            webbrowser.open(address)
        # uvicorn ends in order on Ctrl-C, and then raises it again
        with suppress(KeyboardInterrupt):
            _serve(archive, listener, [*(host or ()), bind])
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


def _serve(archive: WebArchive, listener: socket.socket, hosts: list[str]) -> None:
    import uvicorn

    from nianbao.web.app import create_app

    config = uvicorn.Config(
        create_app(archive, hosts), log_level="warning", access_log=False, server_header=False, ws="none"
    )
    uvicorn.Server(config).run(sockets=[listener])
