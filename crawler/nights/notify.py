"""Where a night's summary goes beside its file: a webhook and a mail, each only where the user configured it."""

from __future__ import annotations

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.configure import user_agent
from crawler.nights.summary import Summary
from crawler.urls import host_of, is_private
from storage.base import now
from storage.settings import NotifySettings, Settings

SECONDS = 20.0
KEPT = 400
"""Summaries in the home: more than a year of nights."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """What the user configured is where it goes, and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def keep(summary: Summary, settings: Settings, text: str) -> Path:
    """The summary as a file in `summaries/` of the home; the oldest make room."""
    folder = settings.home / "summaries"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{summary.run_id}.md"
    file.write_text(text, encoding="utf-8")
    for old in sorted(folder.glob("*.md"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return file


def send(summary: Summary, settings: Settings, document: dict[str, Any]) -> Iterator[str]:
    """Post and mail where that is configured; one sentence for each that failed. A night does not fail by it."""
    given = settings.notify
    if given.when == "alarms" and not summary.alarms:
        return
    if given.webhook:
        try:
            _post(given.webhook, document, user_agent(settings.crawl.contact))
        except (OSError, HTTPException, ValueError) as error:
            yield f"the webhook was not told: {urlsplit(given.webhook).netloc.rpartition('@')[2]}: {_short(error)}"
    if given.mail_to:
        try:
            _mail(summary, given)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            yield f"no mail was sent: {given.smtp_host}:{given.smtp_port}: {_short(error)}"


def _post(url: str, document: dict[str, Any], agent: str) -> None:
    body = json.dumps(document, ensure_ascii=False).encode("utf-8")
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": agent}
    parts = urlsplit(url)
    user, _, place = parts.netloc.rpartition("@")
    if user:  # urllib would look the whole of it up as a name
        headers["Authorization"] = f"Basic {b64encode(unquote(user).encode()).decode()}"
    request = urllib.request.Request(parts._replace(netloc=place).geturl(), data=body, headers=headers, method="POST")
    # A proxy of the environment does not reach this machine.
    own = [urllib.request.ProxyHandler({})] if is_private(host_of(parts)) else []
    opener = urllib.request.build_opener(_NoRedirects, *own)
    with opener.open(request, timeout=SECONDS):
        pass


def _mail(summary: Summary, given: NotifySettings) -> None:
    message = EmailMessage()
    text = summary.markdown()
    message["Subject"] = text.partition("\n")[0].removeprefix("# ")
    message["From"] = given.mail_from or given.mail_to[0]
    message["To"] = ", ".join(given.mail_to)
    message["Date"] = format_datetime(now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    with smtplib.SMTP(given.smtp_host, given.smtp_port, timeout=SECONDS) as server:
        if given.smtp_user:
            server.starttls(context=ssl.create_default_context())
            server.login(given.smtp_user, given.smtp_password)
        server.send_message(message)


def _short(error: Exception) -> str:
    """What went wrong, without numbers and brackets of the library: `Connection refused`."""
    reason = getattr(error, "reason", None)
    error = reason if isinstance(reason, Exception) else error
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:200] or type(error).__name__
