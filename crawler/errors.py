"""Why a page was not got. One type with a stable word for programs and one sentence for people."""

from __future__ import annotations

from collections.abc import Iterator

from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

GONE = (404, 410, 550)
NO_SCHEME = "Missing scheme in request url: "
"""What Scrapy says of an address that is none."""
UNANSWERED = ("timeout", "unreachable")
"""Kinds of a bad end in which the host said nothing at all."""


UNREAD_RULES = "robots_unread"
"""The kind of a request that was not made because robots.txt could not be read: nobody refuses, the next run asks again."""


ADVICE = {
    "blocked": "It refuses programs and is left alone; nightly runs ask it again now and then",
    "needs_browser": "Give the address of its 年报 column or of a report with --url",
    "robots": "What robots.txt says is obeyed; ask again another day",
    UNREAD_RULES: "Nothing is wrong with the address: start it again later",
    "rate_limited": "Nothing is wrong with the address: start it again later",
}
"""What to do about a portal whose front page was not got, by the kind of its problem."""
CHECK = "Check the address and the network, then start it again"


class NotFetched(IgnoreRequest):
    """A request that was not made, or whose answer is not what was asked for.

    `kind`: blocked, not_found, outside, moved, known, robots, robots_unread, too_large, needs_browser, left_alone, rate_limited, budget.
    `response` is the answer where there was one: it is archived all the same.
    """

    def __init__(self, kind: str, detail: str, response: Response | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.response = response


class BlockedPage(NotFetched):
    """The portal refuses. Recorded with its reason, never retried, never disguised."""

    def __init__(self, how: str, detail: str, response: Response | None = None) -> None:
        super().__init__("blocked", detail, response)
        self.how = how
        """challenge, captcha, firewall, forbidden: which kind of refusal."""


class CrawlFailed(Exception):
    """The crawl as a whole cannot go on: the database is gone, the disk is full. Its text is for the user."""


class Busy(CrawlFailed):
    """Another process is at this portal: two at once would halve its pause."""


def explain(error: BaseException | None) -> tuple[str, str]:
    """(kind, sentence) of a request's bad end."""
    if isinstance(error, BlockedPage):
        return "blocked", f"{error.detail} [{error.how}]"
    if isinstance(error, NotFetched):
        return error.kind, error.detail
    if isinstance(error, HttpError):
        status = error.response.status
        if target := (error.response.headers.get("Location") or b"" if 300 <= status < 400 else b""):
            return "outside", f"it sends on to {target.decode('utf-8', 'replace')[:200]}, which is no web address"
        return (
            ("not_found", f"dead link ({status})") if status in GONE else ("http_error", f"the server answers {status}")
        )
    if isinstance(error, ValueError) and NO_SCHEME in str(error):  # javascript:, about: and the like in a redirect
        return "outside", f"it sends on to {str(error).partition(NO_SCHEME)[2][:200]}, which is no web address"
    if is_endless(error):
        return "fetch", "it sends on from one address to the next without an end"
    if is_handshake(error):
        return "unreachable", f"the host and we have no TLS in common, not even an old one ({_tls(error)})"
    name = type(error).__name__
    sentences = {
        "DownloadTimeoutError": ("timeout", "no answer in time"),
        "DownloadConnectionRefusedError": ("unreachable", "the host refuses connections"),
        "CannotResolveHostError": ("unreachable", f"the host's name leads nowhere ({error})"),
        "DownloadCancelledError": ("too_large", ": ".join(filter(None, ("larger than is taken", _short(error))))),
        "ResponseDataLossError": ("cut_off", "the connection broke off in the middle of the answer"),
        "DownloadFailedError": ("unreachable", f"the connection failed ({_causes(error) or _short(error)})"),
        "TimeoutError": ("timeout", f"no answer in time ({_short(error)})"),
        "IgnoreRequest": ("fetch", str(error)),
    }
    return sentences.get(name, ("fetch", f"{name}: {_short(error)}"))


def is_endless(error: BaseException | None) -> bool:
    """Whether a page was given up because it redirects and redirects."""
    return type(error) is IgnoreRequest and "max redirections" in str(error)


def is_handshake(error: BaseException | None) -> bool:
    """Whether a download failed because the two sides found no TLS in common."""
    return any(isinstance(one, TlsError) for one in _behind(error))


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """An error and everything that led to it."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__, *_reasons(one)]


def _reasons(error: BaseException) -> list[BaseException]:
    """Twisted keeps the causes of a failed answer as failures."""
    reasons = getattr(error, "reasons", None)
    return [each.value for each in reasons if hasattr(each, "value")] if isinstance(reasons, list) else []


def _tls(error: BaseException | None) -> str:
    """What OpenSSL says, without its own brackets: `wrong version number`."""
    said = (each[-1] for one in _behind(error) if isinstance(one, TlsError) for each in (one.args or ((),))[0])
    return "; ".join(dict.fromkeys(map(str, said))) or _short(error)


def _causes(error: BaseException | None) -> str:
    """The causes in words, where Twisted's own list of failures would be shown to people."""
    causes = (cause for one in _behind(error) for cause in _reasons(one))
    return "; ".join(dict.fromkeys(_short(cause).rstrip(".") for cause in causes))


def _short(error: BaseException | None) -> str:
    return " ".join(str(error).split())[:300]
