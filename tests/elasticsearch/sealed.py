"""What a server needs to be asked over TLS and with a key alone: certificates and a first user, made for one test."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import secrets
import ssl
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FIRST_USER = "first"
ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Authority:
    """Whoever signs certificates; ``file`` holds its own."""

    file: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Seal:
    """How a sealed server is asked by whoever set it up."""

    authority: Authority
    password: str

    def ask(self, url: str, body: dict[str, Any] | None = None, *, method: str = "GET") -> dict[str, Any]:
        """Ask as the first user."""
        who = base64.b64encode(f"{FIRST_USER}:{self.password}".encode()).decode()
        request = urllib.request.Request(
            url, json.dumps(body).encode() if body is not None else None, method=method,
            headers={"Authorization": f"Basic {who}", "Content-Type": "application/json"},
        )  # fmt: skip
        context = ssl.create_default_context(cafile=self.authority.file)
        with urllib.request.urlopen(request, timeout=10, context=context) as told:
            answer: dict[str, Any] = json.load(told)
        return answer


def authority(folder: Path, name: str) -> Authority:
    """Make one that signs certificates, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = dated(named, named, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = made.sign(key, hashes.SHA256())
    file = folder / f"{name}.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(file, key, certificate)


def dated(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(minutes=5))
    return builder.not_valid_after(now + timedelta(days=1))


def sealed(config: Path) -> tuple[dict[str, object], Seal]:
    """Write certificates and a first user into a server's configuration; return the settings that use them."""
    signs = authority(config, "authority")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "search")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = dated(subject, signs.certificate.subject, key).add_extension(address, critical=False)
    (config / "server.pem").write_bytes(
        builder.sign(signs.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    (config / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    password = secrets.token_urlsafe(16)
    salt = secrets.token_bytes(32)
    hashed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS, 32)
    kept = f"{{PBKDF2}}{ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(hashed).decode()}"
    (config / "users").write_text(f"{FIRST_USER}:{kept}\n")
    (config / "users_roles").write_text(f"superuser:{FIRST_USER}\n")
    told = {
        "xpack.security.enabled": "true",
        "xpack.security.http.ssl.enabled": "true",
        "xpack.security.http.ssl.certificate": config / "server.pem",
        "xpack.security.http.ssl.key": config / "server.key",
        "xpack.security.authc.api_key.enabled": "true",
    }
    return dict(told), Seal(signs, password)
