"""What a browser would warn of, and what it would not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.manners.certificates import doubt

NOW = datetime(2026, 1, 20, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())


def made(*names: str, issuer: str = "an authority", begins: int = -10, ends: int = 10) -> x509.Certificate:
    """Valid from `begins` to `ends`, in days from `NOW`."""
    subject, signer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (names[0], issuer))
    held = [x509.IPAddress(ip_address(one)) if one[0].isdigit() else x509.DNSName(one) for one in names]
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(NOW + timedelta(days=begins))
        .not_valid_after(NOW + timedelta(days=ends))
        .add_extension(x509.SubjectAlternativeName(held), critical=False)
        .sign(KEY, hashes.SHA256())
    )


@pytest.mark.parametrize(
    ("certificate", "host", "told"),
    [
        (made("www.example.gov.cn"), "www.example.gov.cn", None),
        (made("*.example.gov.cn"), "xxgk.example.gov.cn", None),
        (made("192.0.2.1"), "192.0.2.1", None),
        (made("2001:db8::1"), "[2001:db8::1]", None),
        (made("www.example.gov.cn"), "192.0.2.1", "made out to another name than 192.0.2.1"),
        (made("www.other.gov.cn"), "www.example.gov.cn", "made out to another name than www.example.gov.cn"),
        (made("www.example.gov.cn", ends=-1), "www.example.gov.cn", "expired on 2026-01-19"),
        (made("www.example.gov.cn", begins=1), "www.example.gov.cn", "valid from 2026-01-21 on"),
        (made("www.example.gov.cn", issuer="www.example.gov.cn"), "www.example.gov.cn", "signed by itself"),
    ],
)
def test_what_is_wrong_with_a_certificate(certificate: x509.Certificate, host: str, told: str | None) -> None:
    assert doubt(certificate, host, NOW) == told
