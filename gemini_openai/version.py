"""The version, at openai's path."""

from ._version import __version__

VERSION: str = __version__
