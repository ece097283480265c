"""Check what a run of batches is asked to do."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..._call.encode import plain_json
from ..._exceptions import NotSupportedError
from ..._primitives.given import is_given, omit
from ...dialect import ABSENT_ON_VERTEX, MAX_FILE_BYTES
from ...lib._parsing import type_to_response_format_param
from ..options import RunOptions
from .rows import checked_endpoint
from .state import STATE_FILE
from .store import MAX_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..._base_client import BaseClient
    from ..options import RunParams
    from ..progress import BatchProgress


@dataclass(frozen=True)
class Plan:
    """What a run was asked to do; see `Batches.run` for each."""

    requests: Any
    shared: Mapping[str, Any]
    response_format: Any
    directory: Any = None
    resume: Any = None
    begin_lost_jobs: bool = False
    endpoint: str | None = None
    on_progress: Callable[[BatchProgress], Any] | None = None
    concurrency: int = 4
    max_rows_per_job: int = MAX_ROWS
    max_bytes_per_job: int = MAX_FILE_BYTES
    poll_interval: float = 5.0
    max_poll_interval: float = 60.0
    temporary: bool = False
    """Whether the directory is one that nobody asked for."""


def make_plan(
    client: BaseClient[Any, Any, Any], requests: Any, response_format: Any, params: RunParams
) -> Plan:
    """Check the arguments of `batches.run`; the plan has a directory and the shared parameters.

    Raises `TypeError`, `ValueError`, and `NotSupportedError` on Vertex AI.
    """
    if client._settings.dialect.backend == "vertex":
        raise NotSupportedError("batches.run on Vertex AI", ABSENT_ON_VERTEX["/batches/"])
    given = {name: value for name, value in params.items() if is_given(value)}
    how: Any = {name: given.pop(name) for name in RunOptions.__annotations__ if name in given}
    plan = Plan(requests, plain_json(given), response_format, **how)
    if (requests is None) is (plan.resume is None):
        raise TypeError("Give requests for a new run, or resume= with the directory of one.")
    if plan.resume is not None and plan.directory is not None:
        raise TypeError("A resumed run stays in its directory; leave directory= out.")
    if plan.begin_lost_jobs and plan.resume is None:
        raise TypeError("begin_lost_jobs= is about a run that is resumed; give resume= with it.")
    for name in ("concurrency", "max_rows_per_job"):
        if getattr(plan, name) < 1:
            raise ValueError(f"{name} is {getattr(plan, name)}, and must be at least 1.")
    shared: dict[str, Any] = {**plan.shared}
    if is_given(response_format):
        shared["response_format"] = type_to_response_format_param(response_format)
    endpoint = None if plan.endpoint is None else checked_endpoint(plan.endpoint)
    place = plan.resume or plan.directory
    directory = Path(os.fspath(place or tempfile.mkdtemp(prefix="gemini-openai-batch-")))
    return replace(
        plan,
        shared=shared,
        response_format=omit if isinstance(response_format, dict) else response_format,
        directory=directory.parent if directory.name == STATE_FILE else directory,
        endpoint=endpoint,
        temporary=not place,
    )
