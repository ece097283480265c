"""Spans and metrics of OpenTelemetry, by its conventions for generative AI.

Belongs here: what is recorded of a call, and when. `operation` alone imports OpenTelemetry; it is
loaded when a client is made with telemetry on. Does not: where spans go, which an app sets up.
"""
