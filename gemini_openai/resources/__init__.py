"""Endpoints: each a builder of a `Call`, and two thin methods that send it."""
