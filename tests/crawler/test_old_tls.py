"""Servers of another age: TLS 1.1 at most, short keys, certificates that have run out. They are reached, and it is told."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.crawler.crawling import Crawls
from tests.crawler.pages import rows
from tests.crawler.site import Site, html, report

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


@pytest.fixture(
    params=[
        (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0", 1),
        (ssl.TLSVersion.TLSv1_2, "AES128-SHA:@SECLEVEL=0", 0),
    ],
    ids=["TLS 1.1", "a short key, an old cipher, a certificate that ran out"],
)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Site, int]]:
    newest, ciphers, counted = request.param
    with Site(ROUTES, tls=speaking(tmp_path, newest, ciphers)) as site:
        yield site, counted


def test_an_old_server_is_reached(crawls: Crawls, old: tuple[Site, int]) -> None:
    site, counted = old
    result = crawls.run(home=site.url)
    assert list(result.reports) == ["320813/2020/own"], result.problems
    assert not result.problems
    # One host needed the second way, and what it needed is remembered for its other pages.
    assert result.counts.get("old_tls", 0) == counted


def test_a_server_that_speaks_no_tls_at_all_is_told_plainly(crawls: Crawls) -> None:
    with Site(ROUTES) as site:
        result = crawls.run(home=site.url.replace("http:", "https:"))
    assert result.exit_state == "failed"
    assert "TLS" in result.message and "Traceback" not in result.message
