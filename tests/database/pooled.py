"""A real PgBouncer in front of a PostgreSQL, in transaction mode, over TLS: as people rent it."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from psycopg import OperationalError, connect
from sqlalchemy import make_url

SERVERS = 3
"""Connections to the server, for all who come: fewer than a process wishes for."""
TRIES = 200


def program() -> str:
    """The pooler's; skips the test where there is none."""
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if found is None:
        pytest.skip("no pgbouncer on this machine (apt has it)")
    return found


@contextmanager
def pooled(url: str, folder: Path) -> Iterator[str]:
    """The database at `url`, as it is reached through a pooler that insists on TLS."""
    server = make_url(url)
    host, port = server.query.get("host", server.host), server.port or 5432
    certificate, key = certified(folder)
    entry = free_port()
    (folder / "users.txt").write_text(f'"{server.username}" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{server.database} = host={host} port={port} user={server.username}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {entry}\nunix_socket_dir =\n"
        f"auth_type = any\nauth_file = {folder}/users.txt\npool_mode = transaction\n"
        f"default_pool_size = {SERVERS}\nmax_client_conn = 200\n"
        f"client_tls_sslmode = require\nclient_tls_cert_file = {certificate}\n"
        f"client_tls_key_file = {key}\n"
    )
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            [program(), *as_its_owner(Path(str(host)), folder), str(folder / "pgbouncer.ini")],
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    through = make_url("postgresql+psycopg://").set(
        username=server.username, host="localhost", port=entry, database=server.database
    )
    through = through.update_query_dict({"sslmode": "verify-full", "sslrootcert": str(certificate)})
    try:
        reached = through.render_as_string(hide_password=False)
        wait_until_it_answers(reached, folder)
        yield reached
    finally:
        running.terminate()
        running.wait()


def as_its_owner(server: Path, folder: Path) -> list[str]:
    """Options to run as whoever owns the server's folder; a pooler refuses to be root."""
    if os.getuid() != 0:
        return []
    for path in (folder, *folder.iterdir()):
        shutil.chown(path, server.owner())
    return ["-u", server.owner()]


def wait_until_it_answers(url: str, folder: Path) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    for _ in range(TRIES):
        with suppress(OperationalError):
            connect(plain, connect_timeout=5).close()
            return
        time.sleep(0.05)
    pytest.fail(f"the pooler does not answer: {(folder / 'log').read_text()[-2000:]}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def certified(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    # Whoever meets it lives on the machine's own day, whatever day the tests are on.
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, private
