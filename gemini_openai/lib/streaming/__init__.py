"""Assemble streams of chunks into streams of events."""
