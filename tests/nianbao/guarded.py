"""The embedded database's server as a guarded one: passwords and TLS, as a MongoDB of one's own has them."""

from __future__ import annotations

import datetime
import ipaddress
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pymongo import MongoClient

from storage.base import Doc
from storage.embedded.choose import choose
from storage.embedded.ping import free_port
from storage.settings import load

USER, PASSWORD = "archivist", "hunter2-pässwörd/@:%"
DATABASE = "nianbao"


@dataclass(frozen=True)
class Guarded:
    port: int
    authority: Path
    """The certificate that a client must trust."""

    def uri(self, user: str = USER, password: str = PASSWORD, **options: str) -> str:
        given = {"directConnection": "true", "tls": "true", "tlsCAFile": str(self.authority), **options}
        query = "&".join(f"{name}={quote_plus(value)}" for name, value in given.items() if value)
        who = f"{quote_plus(user)}:{quote_plus(password)}@" if user else ""
        return f"mongodb://{who}127.0.0.1:{self.port}/?{query}"


@contextmanager
def guarded(folder: Path) -> Iterator[Guarded]:
    """A server that wants TLS and a password."""
    certificate, key = _certificate(folder)
    port = free_port()
    server = choose(load({"NIANBAO_SERVER": "secantusdb"})).executable
    command = [
        server,
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--storage-path",
        folder / "db",
        "--cache-size",
        "64M",
    ]
    open_one = subprocess.Popen([*map(str, command), "--log-level", "ERROR"])
    try:
        with MongoClient[Doc](
            f"mongodb://127.0.0.1:{port}/?directConnection=true&serverSelectionTimeoutMS=120000"
        ) as client:
            rights = [{"role": role, "db": DATABASE} for role in ("readWrite", "dbAdmin")]
            client["admin"].command("createUser", USER, pwd=PASSWORD, roles=rights)
    finally:
        open_one.terminate()
        open_one.wait()
    tls = ["--tls-cert-file", certificate, "--tls-key-file", key]
    process = subprocess.Popen([*map(str, [*command, *tls]), "--auth", "--log-level", "ERROR"])
    try:
        yield Guarded(port, certificate)
    finally:
        process.kill()
        process.wait()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """One that signs itself, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nianbao test")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
