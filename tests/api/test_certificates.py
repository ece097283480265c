"""Which servers are trusted: certificates of the system, of the variables, of certifi."""

from __future__ import annotations

import functools
import ssl
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import certifi
import httpx
import pytest
import trustme
from conftest import HELLO
from relays import HttpProxy, TlsFront

from gemini_openai import APIConnectionError, BadRequestError, OpenAI
from gemini_openai._http import certificates
from gemini_openai._http.transports import new_client, own_transport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import World

    from gemini_openai.emulator import Emulator


@pytest.fixture(autouse=True)
def bare_trust(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    certificates._shared.cache_clear()
    yield
    certificates._shared.cache_clear()


@pytest.fixture(scope="module")
def company() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(company: trustme.CA, tmp_path: Path) -> Path:
    file = tmp_path / "company.pem"
    company.cert_pem.write_to_path(file)
    return file


@pytest.fixture
def server(company: trustme.CA, emulator: Emulator) -> Iterator[str]:
    """The base URL of the emulator behind TLS, with a certificate of the company's."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    company.issue_cert("localhost").configure_cert(tls)
    with TlsFront(int(emulator.origin.rpartition(":")[2]), tls) as front:
        yield f"https://localhost:{front.port}/v1beta/openai/"


async def ask(world: World, base_url: str, **options: Any) -> Any:
    client = world.client_of_our_own(**{"base_url": base_url, "max_retries": 0, **options})
    try:
        return await world.result(client.chat.completions.create(**HELLO))
    finally:
        await world.result(client.close())


def trust_as_the_system(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """The system's certificates are those in the file, and no others."""

    def load(context: ssl.SSLContext, purpose: object = None) -> None:
        context.load_verify_locations(file)

    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", load)


def folder_with(file: Path, folder: Path) -> Path:
    """A folder in which OpenSSL finds the certificate, by a hash of its name."""
    folder.mkdir()
    command = ["openssl", "x509", "-noout", "-hash", "-in", file]
    [name] = subprocess.run(command, capture_output=True, check=True).stdout.decode().split()
    (folder / f"{name}.0").write_bytes(file.read_bytes())
    return folder


async def test_what_only_the_system_trusts_is_trusted(
    world: World, server: str, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust_as_the_system(monkeypatch, ca_file)
    assert (await ask(world, server)).choices


async def test_a_file_of_the_environment_is_trusted(
    world: World, server: str, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    assert (await ask(world, server)).choices


async def test_a_folder_of_the_environment_is_trusted(
    world: World, server: str, ca_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", str(folder_with(ca_file, tmp_path / "certificates")))
    assert (await ask(world, server)).choices


async def test_another_issuer_is_refused_with_what_is_trusted_and_what_to_do(
    world: World, server: str
) -> None:
    with pytest.raises(APIConnectionError) as caught:
        await ask(world, server)
    message = caught.value.message
    assert "CERTIFICATE_VERIFY_FAILED" in message
    assert message.count("SSL_CERT_FILE") == 1
    assert "Trusted are the system's certificates and those of the package certifi" in message


async def test_it_is_told_by_way_of_a_proxy_too(
    world: World, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HttpProxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(APIConnectionError) as caught:
            await ask(world, server)
    message = caught.value.message
    assert "CERTIFICATE_VERIFY_FAILED" in message
    assert f"by way of the proxy HTTPS_PROXY=http://127.0.0.1:{proxy.port}" in message
    assert "Trusted are" in message


async def test_a_refused_certificate_is_not_tried_again(
    world: World, server: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "gemini_openai")
    with pytest.raises(APIConnectionError):
        await ask(world, server, max_retries=5)
    assert "trying again" not in caplog.text


async def test_a_file_that_cannot_be_read_matters_to_calls_that_need_it_and_is_named(
    world: World, server: str, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, empty = tmp_path / "missing.pem", tmp_path / "empty.pem"
    empty.write_text("no certificate")
    for file, words in ((missing, "No such file"), (empty, "cannot be read: ")):
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert (await ask(world, emulator.base_url)).choices
        with pytest.raises(APIConnectionError) as caught:
            await ask(world, server)
        assert f"only the certificates in SSL_CERT_FILE={file} (which" in caught.value.message
        assert words in caught.value.message


def test_another_host_and_an_expired_certificate_get_no_advice_on_trust(
    company: trustme.CA, ca_file: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    company.issue_cert("other.example").configure_cert(tls)
    with (
        TlsFront(int(emulator.origin.rpartition(":")[2]), tls) as front,
        OpenAI(api_key="k", base_url=f"https://localhost:{front.port}/v1beta/openai") as client,
        pytest.raises(APIConnectionError, match="Hostname mismatch") as caught,
    ):
        client.models.list()
    assert "Trusted are" not in caught.value.message


def counted_reads(monkeypatch: pytest.MonkeyPatch) -> list[ssl.SSLContext]:
    """The contexts whose certificates are read from now on."""
    read: list[ssl.SSLContext] = []
    original = certificates._trust

    def counted(context: ssl.SSLContext, file: str | None, folder: str | None) -> None:
        read.append(context)
        original(context, file, folder)

    monkeypatch.setattr(certificates, "_trust", counted)
    return read


def test_all_clients_share_one_context(monkeypatch: pytest.MonkeyPatch) -> None:
    read = counted_reads(monkeypatch)
    for is_async in (False, True):
        for _ in range(3):
            new_client(httpx, is_async=is_async)
            certificates.read_trusted()
    assert read == [certificates.trusted()]


async def test_certificates_are_not_read_for_http_and_once_for_https(
    world: World, server: str, emulator: Emulator, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    read = counted_reads(monkeypatch)
    assert (await ask(world, emulator.base_url)).choices
    assert not read
    for _ in range(2):
        assert (await ask(world, server)).choices
    assert len(read) == 1


async def test_a_client_for_http_that_is_sent_to_https_reads_certificates_then(
    world: World, server: str, emulator: Emulator, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    client = world.client_of_our_own(base_url=emulator.base_url)
    try:
        with pytest.raises(BadRequestError, match="Authorization"):  # no key goes to another host
            await world.result(client.get(f"{server}models", cast_to=dict))
    finally:
        await world.result(client.close())


@pytest.mark.process
def test_who_makes_a_client_for_https_or_moves_one_there_has_read_them() -> None:
    program = (
        "from gemini_openai import OpenAI\n"
        "from gemini_openai._http import certificates\n"
        "from gemini_openai._http.certificates import trusted\n"
        "client = OpenAI(api_key='k', base_url='http://localhost/v1beta/openai/')\n"
        "print(trusted()._unread is None)\n"
        "client.with_options(timeout=5)\n"
        "print(trusted()._unread is None)\n"
        "client.with_options(base_url='https://localhost/v1beta/openai/')\n"
        "print(trusted()._unread is None)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert done.stdout.split() == ["False", "False", "True"]


def test_a_late_context_has_the_settings_of_pythons_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    own, pythons = certificates.trusted(), ssl.create_default_context()
    pythons.verify_flags &= ~ssl.VERIFY_X509_STRICT
    for name in (
        *("protocol", "verify_mode", "check_hostname", "verify_flags", "options"),
        *("minimum_version", "maximum_version", "keylog_filename", "post_handshake_auth"),
        *("hostname_checks_common_name", "security_level"),
    ):
        assert getattr(own, name) == getattr(pythons, name), name
    assert own.get_ciphers() == pythons.get_ciphers()


def test_what_the_system_and_certifi_both_have_is_read_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    both, systems, certifis = (trustme.CA().cert_pem.bytes() for _ in range(3))
    system, bundle = tmp_path / "system.pem", tmp_path / "certifi.pem"
    system.write_bytes(b"# as a system writes it\n" + both + systems)
    bundle.write_bytes(b"# and certifi\n" + both + b"\n# another\n" + certifis)
    monkeypatch.setattr(certifi, "where", lambda: str(bundle))
    trust_as_the_system(monkeypatch, system)
    paths = ssl.DefaultVerifyPaths(str(system), None, "", str(system), "", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    given: list[str] = []
    original = ssl.SSLContext.load_verify_locations

    def load(context: ssl.SSLContext, *args: Any, cadata: str | None = None) -> None:
        if cadata is not None:
            given.append(cadata)
        original(context, *args, cadata=cadata)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", load)
    assert certificates.new_context().cert_store_stats()["x509_ca"] == 3
    assert [text.encode().strip() for text in given] == [certifis.strip()]


def test_certifis_are_read_whole_where_the_systems_could_not_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = tmp_path / "both.pem"
    trustme.CA().cert_pem.write_to_path(bundle)
    monkeypatch.setattr(certifi, "where", lambda: str(bundle))
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda *_: None)
    paths = ssl.DefaultVerifyPaths(str(bundle), None, "", str(bundle), "", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    assert len(certificates.new_context().get_ca_certs()) == 1


def test_a_context_that_a_client_changes_is_its_own(tmp_path: Path) -> None:
    def verify(**settings: Any) -> object:
        made: list[Any] = []

        def kind(**options: Any) -> httpx.MockTransport:
            made.append(options["verify"])
            return httpx.MockTransport(lambda request: httpx.Response(200))

        own_transport(httpx, settings, is_async=False, kind=kind)  # type: ignore[arg-type]
        return made[0]

    assert verify() is verify(verify=True) is certificates.trusted()
    for settings in ({"http2": True}, {"cert": str(tmp_path / "client.pem")}):
        own = verify(**settings)
        assert isinstance(own, ssl.SSLContext)
        assert own is not certificates.trusted()
    assert verify(verify=False) is False


def test_a_replaced_file_is_noticed_by_the_next_client(
    server: str, company: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "trusted.pem"
    trustme.CA().cert_pem.write_to_path(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    options: Any = {"api_key": "k", "base_url": server, "max_retries": 0}
    with OpenAI(**options) as client, pytest.raises(APIConnectionError):
        client.models.list()
    replacement = tmp_path / "new.pem"
    company.cert_pem.write_to_path(replacement)
    replacement.rename(file)
    with OpenAI(**options) as client:
        client.models.list()


@pytest.mark.parametrize("certifis", ["missing", "present"])
@pytest.mark.parametrize("systems", ["missing", "present"])
def test_an_image_without_some_certificates_trusts_the_others(
    monkeypatch: pytest.MonkeyPatch, ca_file: Path, tmp_path: Path, certifis: str, systems: str
) -> None:
    nothing = tmp_path / "missing.pem"
    bundle = tmp_path / "certifi.pem"
    trustme.CA().cert_pem.write_to_path(bundle)
    monkeypatch.setattr(certifi, "where", lambda: str(nothing if certifis == "missing" else bundle))
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda *_: None)
    none = ssl.DefaultVerifyPaths(None, None, "", str(nothing), "", str(nothing))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: none)
    bundles = (str(nothing), str(ca_file)) if systems == "present" else (str(nothing),)
    monkeypatch.setattr(certificates, "_LINUX_BUNDLES", bundles)
    found = certificates.new_context().get_ca_certs()
    assert len(found) == [certifis, systems].count("present")


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    trusted = certificates.new_context().cert_store_stats()
    monkeypatch.setenv("SSL_CERT_FILE", "")
    monkeypatch.setenv("SSL_CERT_DIR", "")
    assert certificates.new_context().cert_store_stats() == trusted


def test_certificates_need_not_be_strictly_made() -> None:
    context = certificates.new_context()
    assert not context.verify_flags & ssl.VERIFY_X509_STRICT
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


def test_macos_and_windows_are_asked_themselves(
    monkeypatch: pytest.MonkeyPatch, ca_file: Path
) -> None:
    truststore = pytest.importorskip("truststore")
    monkeypatch.setattr(certificates, "_SYSTEM_IS_ASKED", True)
    assert isinstance(certificates.new_context(), truststore.SSLContext)
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    assert not isinstance(certificates.new_context(), truststore.SSLContext)
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setitem(sys.modules, "truststore", None)
    assert not isinstance(certificates.new_context(), truststore.SSLContext)


@functools.cache
def can_mount() -> bool:
    try:
        return subprocess.run(["unshare", "-rm", "true"], check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.process
@pytest.mark.skipif("not can_mount()", reason="needs a mount namespace of its own")
def test_a_certificate_added_to_the_real_system_is_trusted(
    server: str, ca_file: Path, tmp_path: Path
) -> None:
    paths = ssl.get_default_verify_paths()
    systems = Path(paths.openssl_cafile).resolve()
    if not systems.is_file():
        pytest.skip("this system has no file of certificates")
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(systems.read_bytes() + ca_file.read_bytes())
    program = (
        "from gemini_openai import OpenAI\n"
        f"client = OpenAI(api_key='k', base_url={server!r}, max_retries=0)\n"
        "print(len(client.models.list().data), 'models')\n"
    )
    done = subprocess.run(
        [
            *("unshare", "-rm", "sh", "-c", 'mount --bind "$1" "$2" && exec "$3" -c "$4"', "sh"),
            *(bundle, systems, sys.executable, program),
        ],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "models" in done.stdout
