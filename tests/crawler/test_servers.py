"""Servers that are hard to talk to: of another age, slow, forgetful. They are reached, or it is told why not."""

from __future__ import annotations

import ssl
import threading
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from crawler.manners.old_tls import LEGACY_RENEGOTIATION, Permissive
from nianbao.sample.server import Answer
from tests.crawler.crawling import SIX, Crawls, Told
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report, to

COLUMN = html(
    rows(("/nb/2020.html", "洪泽区人民政府2020年政府信息公开工作年度报告", "2021-01-20")),
    head='<meta name="ColumnName" content="政府信息公开年报">',
)
ROUTES = {"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": COLUMN, "/nb/2020.html": report(2020)}
LONG_AGO = datetime(2015, 1, 1)


def certificate(folder: Path, bits: int) -> Path:
    """Signed by itself, for another name, and run out years ago."""
    key = rsa.generate_private_key(65537, bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.elsewhere.gov.cn")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(LONG_AGO)
        .not_valid_after(LONG_AGO + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{bits}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


def speaking(folder: Path, newest: ssl.TLSVersion, ciphers: str, bits: int = 1024) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that these versions are old is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = newest
    context.load_cert_chain(certificate(folder, bits))
    return context


@dataclass(frozen=True)
class Met:
    """All of them after one crawl, by name."""

    sites: dict[str, Site]
    tried: Mapping[str, int]
    """How often a page was asked for that never came."""
    told: Told
    slow: Told
    """Of the slow one, with little patience."""

    def problems(self, name: str) -> list[Mapping[str, str]]:
        told = self.slow if name == "slow" else self.told
        return [one for one in told.problems if one["where"].startswith(self.sites[name].place)]

    def reports(self, name: str) -> list[str]:
        return [path for path in self.sites[name].asked if path.endswith("2020.html")]


@pytest.fixture(scope="module")
def met(module_crawls: Crawls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    folder = tmp_path_factory.mktemp("keys")
    over = threading.Event()

    tried: Counter[str] = Counter()

    def late(target: str) -> Answer | None:
        tried["slow"] += 1
        over.wait(300)
        return None

    def dropped(target: str) -> Answer | None:
        tried["dropped"] += 1
        return None

    def cookie(target: str) -> Answer:
        """司法部: 302 to itself until a cookie comes back."""
        if "CT6T=1" in sites["cookie"].requests[-1].headers.get("cookie", ""):
            return COLUMN
        return Answer(302, b"", {"Location": "/nb/", "Set-Cookie": "CT6T=1; path=/"})

    sites = {
        "tls 1.1": Site(ROUTES, tls=speaking(folder, ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0")),
        "weak": Site(ROUTES, tls=speaking(folder, ssl.TLSVersion.TLSv1_2, "AES128-SHA:@SECLEVEL=0")),
        # Published as https, answers over http; and the reverse.
        "no tls": Site(ROUTES),
        "tls only": Site(ROUTES, tls=speaking(folder, ssl.TLSVersion.TLSv1_2, "AES128-SHA:@SECLEVEL=0")),
        "nothing in common": Site(ROUTES, tls=speaking(folder, ssl.TLSVersion.TLSv1_2, "aNULL:@SECLEVEL=0")),
        "cookie": Site({**ROUTES, "/nb/": cookie}),
        "forever": Site({**ROUTES, "/nb/": lambda target: to("/nb/")}),
        "in six": Site(ROUTES, host="::1"),
        "name in six": Site(ROUTES, host="::1"),
        "slow": Site({**ROUTES, "/nb/2020.html": late}),
        "dropped": Site({**ROUTES, "/nb/2020.html": dropped}),
    }
    with ExitStack() as stack:
        for site in sites.values():
            stack.enter_context(site)
        stack.callback(over.set)
        published = {"no tls": ("http:", "https:"), "tls only": ("https:", "http:"), "name in six": ("[::1]", SIX)}
        homes = [site.url.replace(*published.get(name, ("", ""))) for name, site in sites.items() if name != "slow"]
        told = module_crawls.run(home=homes, fault="six")
        # By itself: on a busy machine others would be too slow for it now and then as well.
        yield Met(sites, tried, told, module_crawls.run({"NIANBAO_TIMEOUT_SECONDS": "2"}, home=sites["slow"].url))


@pytest.mark.parametrize("name", ["tls 1.1", "weak", "cookie", "no tls", "tls only"])
def test_old_servers_and_those_that_want_their_cookie_back_are_read(met: Met, name: str) -> None:
    assert met.reports(name) and not met.problems(name)


@pytest.mark.parametrize("name", ["in six", "name in six"])
def test_hosts_that_are_reached_by_ipv6_only_are_read(met: Met, module_crawls: Crawls, name: str) -> None:
    """Some departments of 浙江 are (portals.md 2.2)."""
    host = SIX if name == "name in six" else "[::1]"
    place = met.sites[name].place.replace("[::1]", host)
    assert met.reports(name) and not [one for one in met.told.problems if one["where"].startswith(host)]
    assert module_crawls.db.captures.find_one({"portal": place, "kind": "report"}) is not None


def test_that_a_host_is_reached_by_old_tls_is_counted(met: Met) -> None:
    """One needed the second way; what it needs is remembered for its other pages."""
    assert met.told.counts["old_tls"] == 1


def test_hosts_with_a_certificate_that_a_browser_would_warn_of_are_counted(met: Met) -> None:
    """Three speak TLS; each is counted once, however it was reached."""
    assert met.told.counts["doubtful_certificates"] == 3


@pytest.mark.parametrize(("name", "scheme"), [("no tls", "http"), ("tls only", "https")])
def test_the_scheme_that_answers_is_remembered_with_the_columns(
    met: Met, module_crawls: Crawls, name: str, scheme: str
) -> None:
    (state,) = module_crawls.db.portals.find({"_id": met.sites[name].place})
    assert [column["url"].partition(":")[0] for column in state["columns"]] == [scheme]


def test_a_scheme_is_changed_once_a_host(met: Met) -> None:
    """Of those that answer over one scheme nothing is asked over the other; who answers over none is tried once."""
    assert met.told.counts["schemes_switched"] == 3


def test_a_server_without_a_tls_of_ours_is_told_plainly(met: Met) -> None:
    (problem,) = met.problems("nothing in common")
    assert "no TLS in common" in problem["message"] and "; over http: " in problem["message"]
    assert met.sites["nothing in common"].asked == []


def test_servers_that_renegotiate_as_long_ago_are_allowed_to() -> None:
    """OpenSSL 3 cannot serve it, so that no server here can show it: what our side allows is looked at instead."""
    allowed = Permissive().creatorForNetloc(b"rst.jiangxi.gov.cn", 443)._context.set_options(0)
    assert allowed & LEGACY_RENEGOTIATION


def test_a_page_that_sends_on_to_itself_for_ever_comes_to_an_end(met: Met) -> None:
    assert met.problems("forever") and met.sites["forever"].asked.count("/nb/") < 20


@pytest.mark.parametrize(("name", "kind"), [("slow", "timeout"), ("dropped", "unreachable")])
def test_no_answer_is_tried_again_and_then_a_problem_with_its_kind(met: Met, name: str, kind: str) -> None:
    (problem,) = met.problems(name)
    assert problem["kind"] == kind and problem["where"].endswith("/nb/2020.html")
    # The client itself tries once more where a connection that was kept open is gone.
    assert 3 <= met.tried[name] <= 4


def test_a_column_of_which_no_report_can_be_got_is_nothing_found(crawls: Crawls) -> None:
    """Its lists answer and its reports do not: that is no crawl that went well."""
    with Site({**ROUTES, "/nb/2020.html": html("the database is full", 500)}) as site:
        told = crawls.run(home=site.url)
        assert told.exit_state == "nothing_found"
        assert told.message.startswith("1 page promised reports, and not one report was got") and "500" in told.message
        site.routes["/nb/2020.html"] = report(2020)
        assert crawls.run(home=site.url).exit_state == "done"
        site.routes["/nb/2020.html"] = html("the database is full", 500)
        assert crawls.run(urls=[f"{site.url}nb/"]).exit_state == "nothing_found"
