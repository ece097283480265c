"""Decide which certificates are trusted, and say so when a server's is not.

`SSL_CERT_FILE` and `SSL_CERT_DIR` are all that is trusted where they are set. Without them it is
what the system trusts, where a company's own certificates are; on Linux Mozilla's list in certifi
too, since an image may come without certificates.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache

TYPE_CHECKING = False  # making a client shall not import `typing`
if TYPE_CHECKING:
    import ssl

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
    """The context that all HTTP clients of our own share: it takes 40 ms to make.

    Clients made after the variables have changed, or the file that one names, share another.
    """
    file, folder = _variables()
    return _shared(file, folder, _version(file))


def new_context() -> ssl.SSLContext:
    """A context of the same trust that is not shared, to be changed."""
    return _context(*_variables())


def tls_error(failure: BaseException) -> ssl.SSLError | None:
    """What TLS said when a connection failed; None if it failed for another reason.

    It may be a cause of what was raised, which does not say it in some event loops.
    """
    import ssl

    seen: BaseException | None = failure
    for _ in range(10):
        if seen is None or isinstance(seen, ssl.SSLError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def is_refusal(failure: BaseException) -> bool:
    """Whether the server's certificate was refused, as it would be again."""
    import ssl

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
    import ssl

    if file is not None or folder is not None:
        try:
            context = ssl.create_default_context(cafile=file, capath=folder)
        except (OSError, ValueError):
            # Trusts nothing. A call that needs it fails, and is told by `advice`; others work.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    elif (of_system := _system_context()) is not None:
        return of_system
    else:
        context = ssl.create_default_context()  # with what OpenSSL finds of the system's
        if not ssl.get_default_verify_paths().cafile:
            # A Python built elsewhere looks in places that this system does not have, and an empty
            # SSL_CERT_FILE hides those that it has.
            _add(context, *filter(os.path.exists, _LINUX_BUNDLES))
        import certifi

        _add(context, certifi.where())
    # From Python 3.13 on the default is strict, which refuses what many companies have made.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _system_context() -> ssl.SSLContext | None:
    """A context that asks macOS or Windows itself, as browsers do."""
    if not _SYSTEM_IS_ASKED:
        return None
    import ssl

    try:
        import truststore
    except ImportError:  # a dependency there, but environments are made in many ways
        return None
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _add(context: ssl.SSLContext, *files: str) -> None:
    for file in files:
        try:
            context.load_verify_locations(file)
        except OSError:
            continue  # certifi's may be a link to one that the image lacks
        return


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
    import ssl

    if file is None:
        return ""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except OSError as trouble:
        return f" (which cannot be read: {trouble.strerror or trouble})"
    return ""
