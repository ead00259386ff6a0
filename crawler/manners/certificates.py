"""Certificates that a browser would warn of. They are no reason to leave a portal alone (portals.md section 5), but are told.

What such a host sends may come from somebody else; `nianbao runs` counts these hosts as `doubtful_certificates`, and the
log of the crawl says which and why.
"""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address

from cryptography.x509 import Certificate
from service_identity import CertificateError, VerificationError
from service_identity.cryptography import verify_certificate_hostname, verify_certificate_ip_address

from storage.base import now


def doubt(certificate: Certificate, host: str, moment: datetime | None = None) -> str | None:
    """What is wrong with a host's certificate; None where it may be right: who signed it is not followed up."""
    moment = moment or now()
    if moment > certificate.not_valid_after_utc:
        return f"expired on {certificate.not_valid_after_utc:%Y-%m-%d}"
    if moment < certificate.not_valid_before_utc:
        return f"valid from {certificate.not_valid_before_utc:%Y-%m-%d} on"
    try:
        _verify(certificate, host)
    except (VerificationError, CertificateError):
        return f"made out to another name than {host}"
    return "signed by itself" if certificate.issuer == certificate.subject else None


def _verify(certificate: Certificate, host: str) -> None:
    try:
        address = str(ip_address(host.strip("[]")))
    except ValueError:
        verify_certificate_hostname(certificate, host)
    else:
        verify_certificate_ip_address(certificate, address)
