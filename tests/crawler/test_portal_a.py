"""A whole saved portal (a provincial education department), served as it is: its eight reports and nothing else."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from parsers.pictures import recognition
from tests.crawler.crawling import Crawls
from tests.crawler.real_pages import REAL

SITE = REAL / "sites" / "portal_a"


@pytest.fixture
def address() -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(not SITE.exists(), reason="the saved portal is not at hand")
def test_eight_reports_of_2012_to_2019(crawls: Crawls, address: str) -> None:
    result = crawls.run(home=address)
    reports = list(crawls.db.reports.find({}))
    assert sorted(report["report_year"] for report in reports) == list(range(2012, 2020))
    assert all("/c100529/" in report["source"]["url"] for report in reports)
    assert result.problems == () or not result.problems
    assert result.counts["requests"] < 30
    # 2019 has its tables as pictures: they are kept with it.
    (latest,) = (report for report in reports if report["report_year"] == 2019)
    capture = crawls.db.captures.find_one({"_id": latest["source"]["capture_id"]})
    assert capture is not None and len(capture["found"]["attachments"]) == 5
    figures = latest["figures"]
    if recognition.available():
        # Read by eye: 35 requests, 17 of them granted; one reconsideration, two suits.
        assert figures["requests"]["received_new"]["total"] == 35
        assert figures["requests"]["results"]["granted"]["total"] == 17
        assert figures["reconsideration"]["total"] == 1
        assert figures["litigation_direct"]["upheld"] == 2
        assert latest["trust"]["requests"] == "verified"
        assert figures["proactive"]["administrative_licensing"]["decisions"] is None
        assert "unconfirmed:proactive" in latest["flags"]
    else:
        assert "requests" not in figures
        assert {"table_image", "ocr_missing"} <= set(latest["flags"])
