"""A summary's way to a webhook and a mail server on loopback; and nowhere else."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from crawler.nights.notify import keep, send
from crawler.nights.summary import Summary
from storage.settings import NotifySettings, Settings, load
from storage.shape.records import Alarm

SUMMARY = Summary(
    run_id="20260120T141000000Z-nightly-1f2e",
    kind="nightly",
    began=datetime(2026, 1, 20, 14, 10, tzinfo=UTC),
    seconds=60.0,
    archive="the archive",
    portals=2,
    counts={"portals": 2, "pages": 40, "reports_new": 3, "requests": 44},
    health={"fresh": 1, "blocked": 1},
    alarms=(Alarm("BlockPages", "1 portal began to refuse", ("cq-ddk",)),),
    reports={"500104/2025/own": "new"},
    unwell={"cq-ddk": "blocked: front page: a slider [captcha]"},
)


def test_who_is_not_well_is_named_with_the_reason() -> None:
    assert "* cq-ddk: blocked: front page: a slider [captcha]" in SUMMARY.markdown().splitlines()


def test_the_subject_says_that_somebody_is_not_well() -> None:
    """A portal that does not answer is no alarm by itself, and not all is well."""
    quiet = replace(SUMMARY, alarms=())
    assert quiet.markdown().startswith("# nightly 2026-01-20 14:10 UTC: no alarm, 1 portal not well\n")
    assert replace(quiet, unwell={}).markdown().startswith("# nightly 2026-01-20 14:10 UTC: all well\n")


class Post(BaseHTTPRequestHandler):
    got: list[tuple[str, bytes]]
    given: str | None = None
    """The last Authorization."""

    def do_POST(self) -> None:
        Post.given = self.headers["Authorization"]
        self.got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "/secret")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None: ...


class Smtp(socketserver.StreamRequestHandler):
    lines: list[str]

    def handle(self) -> None:
        self.wfile.write(b"220 loopback\r\n")
        for line in self.rfile:
            text = line.decode().rstrip("\r\n")
            command = text.upper()
            self.lines.append(text)
            if command == "DATA":
                self.wfile.write(b"354 go on\r\n")
                for data in self.rfile:
                    self.lines.append(data.decode().rstrip("\r\n"))
                    if data == b".\r\n":
                        break
            if command == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    handler = type("Handler", (Post,), {"got": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", handler.got
        server.shutdown()
        thread.join()


def settings(tmp_path: Path, **given: object) -> Settings:
    return replace(load({"NIANBAO_HOME": str(tmp_path)}), notify=replace(NotifySettings(), **given))  # type: ignore[arg-type]


def test_nothing_is_sent_where_nothing_is_configured(tmp_path: Path) -> None:
    assert list(send(SUMMARY, settings(tmp_path), {})) == []


def test_the_webhook_gets_the_summary(tmp_path: Path, webhook: tuple[str, list[tuple[str, bytes]]]) -> None:
    url, got = webhook
    assert list(send(SUMMARY, settings(tmp_path, webhook=f"{url}/nightly"), SUMMARY.document())) == []
    ((path, body),) = got
    told = json.loads(body)
    assert path == "/nightly" and told["alarms"][0]["portals"] == ["cq-ddk"]
    assert told["began"] == "2026-01-20T14:10:00+00:00"


def test_a_webhook_that_redirects_is_not_followed(tmp_path: Path, webhook: tuple[str, list[tuple[str, bytes]]]) -> None:
    url, got = webhook
    (told,) = send(SUMMARY, settings(tmp_path, webhook=f"{url}/elsewhere"), {})
    assert "the webhook was not told" in told and [path for path, _ in got] == ["/elsewhere"]


def test_only_alarms_are_told_where_that_is_wanted(
    tmp_path: Path, webhook: tuple[str, list[tuple[str, bytes]]]
) -> None:
    url, got = webhook
    quiet = replace(SUMMARY, alarms=())
    assert list(send(quiet, settings(tmp_path, webhook=url, when="alarms"), {})) == [] and got == []


def test_a_mail(tmp_path: Path) -> None:
    handler = type("Handler", (Smtp,), {"lines": []})
    with socketserver.TCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        given = settings(tmp_path, mail_to=("a@x.cn",), smtp_host="127.0.0.1", smtp_port=server.server_address[1])
        assert list(send(SUMMARY, given, {})) == []
        thread.join()
    text = "\n".join(handler.lines)
    assert "Subject: nightly 2026-01-20 14:10 UTC: 1 alarm" in text and "To: a@x.cn" in text
    assert "RCPT TO:<A@X.CN>" in text.upper()
    assert "\nDate: " in text and "\nAuto-Submitted: auto-generated" in text


def test_a_webhook_with_a_password(tmp_path: Path, webhook: tuple[str, list[tuple[str, bytes]]]) -> None:
    url, got = webhook
    named = url.replace("http://", "http://me:w%40rd@")
    assert list(send(SUMMARY, settings(tmp_path, webhook=f"{named}/nightly"), {})) == []
    assert [path for path, _ in got] == ["/nightly"] and Post.given == "Basic bWU6d0ByZA=="


def test_a_secret_of_the_webhook_is_not_told(tmp_path: Path) -> None:
    (told,) = send(SUMMARY, settings(tmp_path, webhook="http://me:word@127.0.0.1:9/hook?key=secret"), {})
    assert told == "the webhook was not told: 127.0.0.1:9: Connection refused"


def test_who_cannot_be_reached_fails_no_night(tmp_path: Path) -> None:
    given = settings(tmp_path, webhook="http://127.0.0.1:9/", mail_to=("a@x.cn",), smtp_host="127.0.0.1", smtp_port=9)
    assert list(send(SUMMARY, given, {})) == [
        "the webhook was not told: 127.0.0.1:9: Connection refused",
        "no mail was sent: 127.0.0.1:9: Connection refused",
    ]


def test_summaries_are_kept(tmp_path: Path) -> None:
    file = keep(SUMMARY, settings(tmp_path), SUMMARY.markdown())
    text = file.read_text(encoding="utf-8")
    assert "1 alarm" in text and "**BlockPages**" in text and "`500104/2025/own`" in text and "| blocked | 1 |" in text
