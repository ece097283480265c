"""Configure the package's logger from `GEMINI_OPENAI_LOG`, and mask credentials in logs."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from .secrets import MASK, is_secret_header, redacted, redacted_record

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger("gemini_openai")


def configure_logging() -> None:
    """Send the package's log to standard error when `GEMINI_OPENAI_LOG` is `debug` or `info`."""
    level = {"debug": logging.DEBUG, "info": logging.INFO}.get(
        os.environ.get("GEMINI_OPENAI_LOG", "").strip().lower()
    )
    if level is None:
        return
    logger.setLevel(level)
    if not logger.handlers and not logging.getLogger().handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(
            logging.Formatter("[%(asctime)s - %(name)s - %(levelname)s] %(message)s", "%H:%M:%S")
        )
        logger.addHandler(handler)


def redacted_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, with the values of those that carry credentials masked, and URLs redacted."""
    return {
        name: MASK if is_secret_header(name) else redacted(str(value))
        for name, value in headers.items()
    }


def redacted_url(url: object) -> str:
    """The URL as text, with its login and the credentials in its query masked."""
    return redacted(str(url))


class _Masking(logging.Filter):
    """Masks secrets in what the HTTP libraries log: they write URLs and response headers out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through."""
        text = record.getMessage()
        if (clean := redacted_record(text)) != text:
            record.msg, record.args = clean, ()
        return True


def mask_http_logs() -> None:
    """Mask secrets in the logs of both HTTP families; a filter holds for one logger only."""
    masking = _Masking()
    for family, core in (("httpx", "httpcore"), ("httpx2", "httpcore2")):
        parts = ("connection", "http11", "http2", "proxy", "socks")
        for name in (family, *(f"{core}.{part}" for part in parts)):
            logging.getLogger(name).addFilter(masking)


configure_logging()
mask_http_logs()
