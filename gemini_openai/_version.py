"""The version, and where it is written down once."""

__version__ = "0.1.0"
