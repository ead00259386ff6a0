"""Why a page was not got, in words: never the spelling of a library's own objects."""

from __future__ import annotations

from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import ResponseNeverReceived

from crawler.errors import explain


def failed(*causes: BaseException) -> DownloadFailedError:
    """As Scrapy makes it of what Twisted says."""
    behind = ResponseNeverReceived([Failure(cause) for cause in causes])
    error = DownloadFailedError(str(behind))
    error.__cause__ = behind
    return error


def test_a_connection_that_ends_before_the_answer() -> None:
    kind, told = explain(failed(ConnectionDone()))
    assert (kind, told) == ("unreachable", "the connection failed (Connection was closed cleanly)")


def test_no_tls_in_common() -> None:
    kind, told = explain(failed(TlsError([("SSL routines", "", "wrong version number")])))
    assert kind == "unreachable" and told.endswith("not even an old one (wrong version number)")


def test_a_redirect_that_leads_to_no_web_address() -> None:
    response = Response("http://x.cn/", 302, {"Location": "file:///etc/passwd"})
    assert explain(HttpError(response)) == ("outside", "it sends on to file:///etc/passwd, which is no web address")
    assert explain(HttpError(Response("http://x.cn/", 304)))[0] == "http_error"
