"""Decide which certificates are trusted, and say so when a server's is not.

`SSL_CERT_FILE` and `SSL_CERT_DIR` are all that is trusted where they are set. Without them it is
what the system trusts, where a company's own certificates are; on Linux Mozilla's list in certifi
too, since an image may come without certificates.
"""

from __future__ import annotations

import os
import ssl
import sys
from contextlib import suppress
from functools import lru_cache
from typing import Any

from .._primitives.fork import loading

_LINUX_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, Red Hat, Amazon
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # Alpine
)
_SYSTEM_IS_ASKED = sys.platform in ("darwin", "win32")
# OpenSSL's numbers for a chain whose beginning is missing or not trusted.
_ISSUER_UNKNOWN = (2, 18, 19, 20, 21)


def trusted() -> ssl.SSLContext:
    """The context that all HTTP clients of our own share: it takes 20 ms to read.

    It reads its certificates when they are first needed, which for http is never. Clients made
    after the variables have changed, or the file that one names, share another.
    """
    file, folder = _variables()
    return _shared(file, folder, _version(file))


def new_context() -> ssl.SSLContext:
    """A context of the same trust that is not shared, to be changed."""
    return _read(_context(*_variables()))


def read_trusted() -> None:
    """Read the certificates that clients share, unless that was done: so no call has to."""
    _read(trusted())


def _read(context: ssl.SSLContext) -> ssl.SSLContext:
    if isinstance(context, _LateContext):
        context.read()
    return context


class _LateContext(ssl.SSLContext):
    """A context like those of `ssl.create_default_context`, but for when certificates are read.

    That happens when it is first used for a connection, or by `read`.
    """

    _unread: tuple[str | None, str | None] | None = None

    def read(self) -> None:
        """Read what the variables name, or else the certificates of the system and certifi."""
        with loading:  # a fork waits until OpenSSL has released its locks
            if self._unread is not None:
                _trust(self, *self._unread)
                self._unread = None

    def wrap_socket(self, *args: Any, **options: Any) -> ssl.SSLSocket:
        self.read()
        return super().wrap_socket(*args, **options)

    def wrap_bio(self, *args: Any, **options: Any) -> ssl.SSLObject:
        self.read()
        return super().wrap_bio(*args, **options)


def tls_error(failure: BaseException) -> ssl.SSLError | None:
    """What TLS said when a connection failed; None if it failed for another reason.

    It may be a cause of what was raised, which does not say it in some event loops.
    """
    seen: BaseException | None = failure
    for _ in range(10):
        if seen is None or isinstance(seen, ssl.SSLError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def is_refusal(failure: BaseException) -> bool:
    """Whether the server's certificate was refused, as it would be again."""
    return isinstance(tls_error(failure), ssl.SSLCertVerificationError)


def reason(failure: BaseException) -> str:
    """What to tell of a failed connection."""
    return str(failure) or str(tls_error(failure) or type(failure).__name__)


def advice(failure: BaseException) -> str:
    """What to do when the issuer of the server's certificate is not trusted; else empty."""
    code = getattr(tls_error(failure), "verify_code", 0)
    if not is_refusal(failure) or code not in (0, *_ISSUER_UNKNOWN):
        return ""  # expired, of another host: no other trust would help
    return (
        f"Trusted are {_described()}, unless your own http_client has others. If your network "
        "inspects TLS, have its root certificate added to the system's, or set SSL_CERT_FILE to a "
        "PEM file with all certificates to trust."
    )


def _variables() -> tuple[str | None, str | None]:
    return os.environ.get("SSL_CERT_FILE") or None, os.environ.get("SSL_CERT_DIR") or None


def _version(file: str | None) -> object:
    """What differs when the file was replaced."""
    if file is None:
        return None
    try:
        status = os.stat(file)  # noqa: PTH116  # pathlib would have to be imported
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


@lru_cache(maxsize=4)
def _shared(file: str | None, folder: str | None, _version: object) -> ssl.SSLContext:
    return _context(file, folder)


def _context(file: str | None, folder: str | None) -> ssl.SSLContext:
    if file is None and folder is None and (of_system := _system_context()) is not None:
        return of_system
    context = _LateContext(ssl.PROTOCOL_TLS_CLIENT)
    context._unread = file, folder
    # What Python has set by default since 3.13, but for `VERIFY_X509_STRICT`, which refuses what
    # many companies have made.
    if sys.version_info >= (3, 13):
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if (keys := os.environ.get("SSLKEYLOGFILE")) and not sys.flags.ignore_environment:
        context.keylog_filename = keys
    return context


def _trust(context: ssl.SSLContext, file: str | None, folder: str | None) -> None:
    if file is not None or folder is not None:
        # Else it trusts nothing. A call that needs it fails, and is told by `advice`; others work.
        with suppress(OSError, ValueError):
            context.load_verify_locations(file, folder)
        return
    context.load_default_certs()  # what OpenSSL finds of the system's
    of_system: str | None = ssl.get_default_verify_paths().cafile
    if not of_system:
        # A Python built elsewhere looks in places that this system does not have, and an empty
        # SSL_CERT_FILE hides those that it has.
        of_system = _add_first(context, *filter(os.path.exists, _LINUX_BUNDLES))
    import certifi

    # Most are the same, and to read one again takes as long as at first.
    known = _certificates(of_system) if of_system else set[str]()
    if len(known) > context.cert_store_stats()["x509"]:
        known.clear()  # OpenSSL could not read all that is there
    if new := _certificates(certifi.where()) - known:
        with suppress(OSError):
            context.load_verify_locations(cadata="".join(f"{_BEGIN}{each}{_END}\n" for each in new))


_BEGIN, _END = (f"-----{word} CERTIFICATE-----" for word in ("BEGIN", "END"))


def _certificates(file: str) -> set[str]:
    """The certificates in a PEM file, as text; none where it cannot be read."""
    try:
        with open(file, encoding="latin-1") as opened:  # noqa: PTH123  # as `os.stat` above
            parts = opened.read().split(_END)
    except OSError:
        return set()  # certifi's may be a link to one that the image lacks
    return {text for part in parts if (text := part.partition(_BEGIN)[2])}


def _system_context() -> ssl.SSLContext | None:
    """A context that asks macOS or Windows itself, as browsers do."""
    if not _SYSTEM_IS_ASKED:
        return None
    try:
        import truststore
    except ImportError:  # a dependency there, but environments are made in many ways
        return None
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _add_first(context: ssl.SSLContext, *files: str) -> str | None:
    """Add what the first file that can be read has; give its name."""
    for file in files:
        try:
            context.load_verify_locations(file)
        except OSError:
            continue
        return file
    return None


def _described() -> str:
    file, folder = _variables()
    named = [
        f"{name}={value}"
        for name, value in (("SSL_CERT_FILE", file), ("SSL_CERT_DIR", folder))
        if value
    ]
    if named:
        return f"only the certificates in {' and '.join(named)}{_fault_of(file)}"
    if _SYSTEM_IS_ASKED:
        return "the system's certificates"
    return "the system's certificates and those of the package certifi"


def _fault_of(file: str | None) -> str:
    if file is None:
        return ""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except OSError as trouble:
        return f" (which cannot be read: {trouble.strerror or trouble})"
    return ""
