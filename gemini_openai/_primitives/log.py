"""Configure the package's logger from `GEMINI_OPENAI_LOG`, and mask credentials for it."""

from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING

from .._constants import SECRET_HEADERS

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger("gemini_openai")

_SECRET_IN_QUERY = re.compile(r"(?i)([?&](?:key|api_key|access_token|token)=)[^&#\s]+")


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
    """The headers, with the values of those that carry credentials masked."""
    return {
        name: "[secret]" if name.lower() in SECRET_HEADERS else value
        for name, value in headers.items()
    }


def redacted_url(url: object) -> str:
    """The URL as text, with credentials in its query masked."""
    return _SECRET_IN_QUERY.sub(r"\1[secret]", str(url))


configure_logging()
