"""Token calls over our own HTTP client: its proxies, our timeouts, and nothing of its own."""

from __future__ import annotations

import copy
import socket
import ssl
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import google.auth.exceptions
import httpx
import httpx2
import pytest
import trustme

from gemini_openai._google.vertex.transport import CONNECT_SECONDS, READ_SECONDS, Transport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from vertex.vertex_world import Vertex

FAMILIES = pytest.mark.parametrize("family", [httpx, httpx2], ids=["httpx", "httpx2"])


def seen_by(family: ModuleType, **client: Any) -> tuple[Transport, list[Any]]:
    """A transport over a client of the family, and the requests it sends."""
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        return family.Response(200, json={"a": 1}, headers={"X-Y": "z"})

    http = family.Client(transport=family.MockTransport(answer), **client)
    return Transport(lambda: http), seen


@FAMILIES
def test_a_reply_has_the_names_google_auth_reads(family: ModuleType) -> None:
    transport, [*_] = seen_by(family)
    reply = transport("https://oauth2.googleapis.com/token", "POST", body=b"a=b")
    assert (reply.status, reply.data) == (200, b'{"a":1}')
    assert reply.headers.get("content-type") == "application/json"
    assert reply.headers["x-y"] == "z"


@FAMILIES
def test_nothing_of_the_clients_own_is_added_to_a_token_call(family: ModuleType) -> None:
    transport, seen = seen_by(
        family,
        headers={"x-own": "1", "authorization": "Bearer other"},
        params={"key": "AIza"},
        cookies={"c": "1"},
        auth=("user", "password"),
    )
    transport("https://oauth2.googleapis.com/token", "POST", b"a=b", {"Content-Type": "x/y"})
    [request] = seen
    assert str(request.url) == "https://oauth2.googleapis.com/token"
    assert dict(request.headers) == {
        "host": "oauth2.googleapis.com",
        "content-type": "x/y",
        "content-length": "3",
    }
    assert request.content == b"a=b"


@FAMILIES
@pytest.mark.parametrize(
    ("asked", "read", "connect"),
    [(None, READ_SECONDS, CONNECT_SECONDS), (3, 3, 3), (120, READ_SECONDS, CONNECT_SECONDS)],
)
def test_a_token_call_has_our_timeouts_or_shorter_ones(
    family: ModuleType, asked: float | None, read: float, connect: float
) -> None:
    transport, seen = seen_by(family, timeout=None)
    transport("https://oauth2.googleapis.com/token", timeout=asked)
    limits = seen[0].extensions["timeout"]
    assert (limits["read"], limits["connect"]) == (read, connect)
    assert None not in limits.values()


@FAMILIES
def test_no_answer_is_google_auths_transport_error(family: ModuleType) -> None:
    def refuse(request: Any) -> Any:
        raise family.ConnectError("refused", request=request)

    def dawdle(request: Any) -> Any:
        raise family.ReadTimeout("slow", request=request)

    for behaviour, trouble in ((refuse, "connection"), (dawdle, "timeout")):
        http = family.Client(transport=family.MockTransport(behaviour))
        transport = Transport(lambda http=http: http)
        with pytest.raises(google.auth.exceptions.TransportError) as caught:
            transport("https://sts.googleapis.com/v1/token?secret=1", "POST", b"assertion")
        assert transport.trouble == trouble
        assert transport.url == "https://sts.googleapis.com/v1/token"
        assert "secret" not in str(caught.value)
        assert caught.value.__context__ is None


def test_without_google_auth_it_is_a_connection_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "google.auth.exceptions", None)
    http = httpx.Client()
    http.close()
    with pytest.raises(ConnectionError, match="ConnectError"):
        Transport(lambda: http)("http://127.0.0.1:1/")


def test_a_redirect_is_not_followed() -> None:
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(307, headers={"location": "https://elsewhere.example/token"})

    http = httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True)
    reply = Transport(lambda: http)("https://oauth2.googleapis.com/token", "POST", b"secret")
    assert reply.status == 307
    assert hosts == ["oauth2.googleapis.com"]


def test_it_goes_through_the_proxy_of_the_client(vertex: Vertex) -> None:
    origin = vertex.emulator.origin
    with httpx.Client(proxy=origin, trust_env=False) as http:
        Transport(lambda: http)("http://oauth2.googleapis.com/token", "POST", b"grant_type=x")
    [request] = vertex.emulator.requests
    assert request.headers["host"] == "oauth2.googleapis.com"


def test_a_client_of_its_own_takes_the_environments_proxy(
    vertex: Vertex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", vertex.emulator.origin)
    monkeypatch.setenv("NO_PROXY", "::/0,inside.example")
    with Transport(None) as transport:
        transport("http://oauth2.googleapis.com/token", "POST", b"grant_type=x")
    [request] = vertex.emulator.requests
    assert request.headers["host"] == "oauth2.googleapis.com"


@pytest.mark.parametrize("cert", [None, "own"])
def test_a_proxy_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cert: str | None
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "ftp://user:5ecre7@127.0.0.1:1")
    options: Any = {}
    if cert is not None:
        key = tmp_path / "key.pem"
        trustme.CA().issue_cert("client.example").private_key_and_cert_chain_pem.write_to_path(key)
        options["cert"] = (str(key), str(key))
    with Transport(None) as transport, pytest.raises(google.auth.exceptions.TransportError) as e:
        transport("https://oauth2.googleapis.com/token", "POST", b"grant_type=x", **options)
    assert "HTTPS_PROXY=ftp://127.0.0.1:1 is of a kind" in str(e.value)


def test_the_metadata_server_is_asked_without_a_proxy(
    vertex: Vertex, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with httpx.Client(proxy="http://127.0.0.1:1") as http:
        reply = Transport(lambda: http)(
            f"{vertex.emulator.origin}/computeMetadata/v1/project/project-id",
            headers={"Metadata-Flavor": "Google"},
        )
    assert reply.data == b"emulated-project"


def test_a_copy_is_itself() -> None:
    transport = Transport(None)
    assert copy.deepcopy(transport) is transport


def test_a_client_of_its_own_is_closed_at_the_end(vertex: Vertex) -> None:
    with Transport(None) as transport:
        transport(f"{vertex.emulator.origin}/")
        own = transport._own
        assert own is not None
        assert not own.is_closed
    assert own.is_closed


# --- identity pools that want a client certificate ---


@pytest.fixture
def mutual_tls(tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """A server that wants a client certificate: its URL, and a certificate with its key."""
    certificate, key = certify(tmp_path)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    server_side.load_verify_locations(certificate)
    server_side.verify_mode = ssl.CERT_REQUIRED

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            subject = self.connection.getpeercert()["subject"]  # type: ignore[attr-defined]
            body = str(subject).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = server_side.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}/v1/token", certificate, key
    server.shutdown()
    thread.join()
    server.server_close()


def certify(folder: Path) -> tuple[str, str]:
    """A certificate that vouches for itself, for both ends of a connection on this machine."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "workload")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_a_client_certificate_is_shown_to_a_token_server_that_wants_one(
    mutual_tls: tuple[str, str, str],
) -> None:
    url, certificate, key = mutual_tls
    with Transport(None) as transport:
        reply = transport(url, "POST", b"", cert=(certificate, key), verify=certificate)
    assert reply.status == 200
    assert b"workload" in reply.data


def test_the_connection_is_not_made_without_it(mutual_tls: tuple[str, str, str]) -> None:
    url, certificate, _ = mutual_tls
    with Transport(None) as transport, pytest.raises(google.auth.exceptions.TransportError):
        transport(url, "POST", b"", verify=certificate)


def test_the_port_of_the_metadata_server_may_be_closed() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Transport(None) as transport, pytest.raises(google.auth.exceptions.TransportError):
        transport(f"http://127.0.0.1:{port}/", headers={"metadata-flavor": "Google"}, timeout=1)
    assert transport.trouble == "connection"
