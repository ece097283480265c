"""Streams of events, made of streams of chunks."""
