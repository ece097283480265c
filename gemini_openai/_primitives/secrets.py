"""Tell by name and place what is secret, and mask it; find what no header can carry."""

from __future__ import annotations

import re
from functools import lru_cache

from .._constants import SECRET_HEADERS
from .patterns import late_pattern

MASK = "[secret]"

_SECRET_NAME = late_pattern(
    r"(?:^|[-_.])(?:api-?key|auth(?:orization)?|cookie|credential|jwt|key|password|secret|signature"
    r"|token)$",
    re.IGNORECASE,
)
_NOT_SECRET = frozenset({"idempotency-key"})

_SECRET_IN_QUERY = late_pattern(
    r"([?&;](?!(?:next_)?page_token)(?:[\w.-]*[-_.])?(?:api-?key|auth(?:orization)?|credential|key"
    r"|password|secret|sig|signature|token|upload_id)=)[^&#\s'\"]+",
    re.IGNORECASE,
)
# The second form is a password with a slash in it, which makes the URL invalid.
_LOGIN = late_pattern(
    r"(?<=://)(?:[^/?#\s'\"]*|[^/?#\s'\"@:\[]*:(?!\d*(?:[/?#\s'\"]|$))[^\s'\"]*)@"
)
_HEADER_IN_TEXT = late_pattern(
    r"""\(b'([\w-]+)', (?:b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*")\)"""  # as HTTP libraries log it
)

_UNFIT = late_pattern(r"[^\t -~]")


@lru_cache(maxsize=256)
def is_secret_header(name: str) -> bool:
    """Whether a header carries a secret: a known one, and by its name each like it."""
    name = name.lower()
    return name in SECRET_HEADERS or bool(_SECRET_NAME.search(name) and name not in _NOT_SECRET)


def is_secret_parameter(name: str) -> bool:
    """Whether a parameter of a query carries a secret, by its name."""
    return bool(_SECRET_IN_QUERY.match(f"?{name}=x"))


def redacted(text: str) -> str:
    """`text` with the logins and the secret parameters of the URLs in it masked."""
    return _SECRET_IN_QUERY.sub(rf"\1{MASK}", _LOGIN.sub(f"{MASK}@", text))


def redacted_record(text: str) -> str:
    """What an HTTP library logs, masked as `redacted` does; secret headers in it, too."""
    return _HEADER_IN_TEXT.sub(
        lambda pair: f"(b'{pair[1]}', {MASK})" if is_secret_header(pair[1]) else pair[0],
        redacted(text),
    )


def unfit_for_header(text: str) -> tuple[int, str] | None:
    """The first character that no header can carry: its place, from 1, and its code point."""
    found = _UNFIT.search(text)
    return found and (found.start() + 1, f"U+{ord(found[0]):04X}")


def words_of(cause: BaseException) -> str | None:
    """What an exception of a lower layer says; None where that may be a header, or a URL.

    Such an exception is passed on in no form, not as a cause either.
    """
    text, kind = str(cause), type(cause).__name__
    tells = isinstance(cause, UnicodeError) or kind == "InvalidURL"
    if tells or ("Protocol" in kind and "header" in text.lower()):
        return None
    return redacted(text) or kind
