"""The sample portal as a server: what it answers, what it remembers, how it changes and ends."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from nianbao.sample import SamplePortal
from nianbao.sample.__main__ import main as serve_until_stopped
from nianbao.sample.portal import BLOCKED, COLUMN, DEAD, FRONT, GUANCHENG, NEW_LABEL, NEXT
from parsers import parse
from parsers.source import Source


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: dict[str, str]


def ask(portal: SamplePortal, path: str, method: str = "GET", **headers: str) -> Reply:
    """One request on a connection of its own; `If_None_Match` stands for `If-None-Match`."""
    address = urlsplit(portal.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Reply(response.status, response.read(), dict(response.getheaders()))
    finally:
        connection.close()


@pytest.fixture
def portal() -> Iterator[SamplePortal]:
    with SamplePortal() as running:
        yield running


def test_folder_is_its_index_and_gets_its_slash(portal: SamplePortal) -> None:
    assert ask(portal, "/").body == ask(portal, FRONT).body
    moved = ask(portal, "/zwgk")
    assert (moved.status, moved.headers["Location"]) == (301, "/zwgk/")


def test_missing_blocked_and_head(portal: SamplePortal) -> None:
    assert ask(portal, DEAD).status == 404
    blocked = ask(portal, BLOCKED)
    assert blocked.status == 412
    assert b"$_ts" in blocked.body
    assert len(blocked.body) < 500
    head = ask(portal, GUANCHENG, "HEAD")
    assert head.body == b""
    assert int(head.headers["Content-Length"]) == len(ask(portal, GUANCHENG).body)


def test_no_charset_is_declared_by_the_server(portal: SamplePortal) -> None:
    assert ask(portal, GUANCHENG).headers["Content-Type"] == "text/html"


@pytest.mark.parametrize(
    ("condition", "validator"), [("If_None_Match", "ETag"), ("If_Modified_Since", "Last-Modified")]
)
def test_unchanged_page_is_304_until_it_changes(portal: SamplePortal, condition: str, validator: str) -> None:
    first = ask(portal, GUANCHENG)
    again = ask(portal, GUANCHENG, **{condition: first.headers[validator]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    portal.correct()
    changed = ask(portal, GUANCHENG, **{condition: first.headers[validator]})
    assert changed.status == 200
    assert "14,385" in changed.body.decode()
    assert ask(portal, GUANCHENG, **{condition: changed.headers[validator]}).status == 304


def test_damaged_date_is_no_condition(portal: SamplePortal) -> None:
    assert ask(portal, FRONT, If_Modified_Since="yesterday").status == 200


def test_publish_adds_a_report_and_restore_takes_it_back(portal: SamplePortal) -> None:
    before = ask(portal, COLUMN).body.decode()
    portal.publish()
    after = ask(portal, COLUMN).body.decode()
    assert "t20250122_2018.html" in after
    assert "t20250122_2018.html" not in before
    assert ask(portal, "/zwgk/zfxxgk/zfxxgknb/202501/t20250122_2018.html").status == 200
    portal.restore()
    assert ask(portal, COLUMN).body.decode() == before


def test_next_years_report_comes_in_another_form(portal: SamplePortal) -> None:
    """A row has a name that no template knows: its figures are not guessed, and the label is told."""
    portal.publish()
    known = parse(Source(ask(portal, NEXT).body))
    portal.restore()
    portal.next_year()
    report = parse(Source(ask(portal, NEXT).body))
    assert report.unknown_labels == (NEW_LABEL,)
    assert {"unknown_label:requests", "rows_missing:requests"} <= {*report.flags} - {*known.flags}
    assert report.figures["requests"]["carried_over"]["total"] is None
    assert known.figures["requests"]["carried_over"]["total"] == 2


def test_replace_wants_exactly_one_place(portal: SamplePortal) -> None:
    with pytest.raises(ValueError, match="0 times"):
        portal.replace(FRONT, "no such words", "")


def test_removed_page_is_gone(portal: SamplePortal) -> None:
    portal.remove(GUANCHENG)
    assert ask(portal, GUANCHENG).status == 404


def test_fails_once_then_answers(portal: SamplePortal) -> None:
    portal.fail(FRONT, retry_after=1)
    busy = ask(portal, FRONT)
    assert (busy.status, busy.headers["Retry-After"]) == (503, "1")
    assert ask(portal, FRONT).status == 200
    assert portal.count(FRONT, status=503) == 1


def test_slow_page_is_as_slow_as_said(portal: SamplePortal) -> None:
    portal.slow(FRONT, 0.2)
    assert ask(portal, FRONT).status == 200
    assert portal.requests[-1].seconds >= 0.2


def test_stops_answering_until_told_to_go_on(portal: SamplePortal) -> None:
    portal.stop_answering()
    replies: list[Reply] = []
    client = threading.Thread(target=lambda: replies.append(ask(portal, FRONT)))
    client.start()
    assert portal.waited_for(FRONT, 60)
    assert replies == []
    portal.go_on()
    client.join(60)
    assert replies[0].status == 200


def test_log_holds_what_was_asked(portal: SamplePortal) -> None:
    ask(portal, "/zwgk/?from=menu", User_Agent="nianbao-test")
    request = portal.requests[-1]
    assert (request.method, request.path, request.status) == ("GET", "/zwgk/?from=menu", 200)
    assert request.headers["user-agent"] == "nianbao-test"
    portal.forget()
    assert portal.count() == 0


def test_ends_although_a_client_keeps_its_connection_open() -> None:
    with SamplePortal() as running:
        address = urlsplit(running.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        connection.request("GET", "/")
        connection.getresponse().read()
    connection.close()
    with pytest.raises(RuntimeError, match="not running"):
        _ = running.url


def test_two_starts_serve_the_same_bytes() -> None:
    def served() -> dict[str, tuple[bytes, dict[str, str]]]:
        with SamplePortal() as running:
            replies = {path: ask(running, path) for path in running.paths}
        return {
            path: (reply.body, {name: value for name, value in reply.headers.items() if name != "Date"})
            for path, reply in replies.items()
        }

    assert served() == served()


def test_command_serves_and_prints_one_line() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "nianbao.sample", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("The sample portal is at http://127.0.0.1:")
        address = urlsplit(line.split()[5])
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
    finally:
        process.send_signal(2)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (0, "", "")


def test_command_may_be_stopped_before_its_line_is_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the line can be faster than `print`, which then never comes back."""
    said: list[str] = []

    def interrupted(line: str, **_: object) -> None:
        said.append(line)
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "argv", ["sample", "--port", "0"])
    monkeypatch.setattr("builtins.print", interrupted)
    assert serve_until_stopped() == 0
    assert len(said) == 1


def test_command_names_a_port_that_is_taken(portal: SamplePortal) -> None:
    command = [sys.executable, "-m", "nianbao.sample", "--port", str(portal.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "name another with --port" in done.stderr
    assert "Traceback" not in done.stderr
