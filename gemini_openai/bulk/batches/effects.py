"""What the steps of a run ask for; the run does it. To wait is the `Wait` of `_call.effects`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ..._call.effects import Wait as Wait

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .state import Job, State


class NextRequest(NamedTuple):
    """Give the next of the caller's requests, or `END`."""

    source: Iterator[Any] | AsyncIterator[Any]


class Report(NamedTuple):
    """Tell the caller how far the run is."""

    doing: str


class Upload(NamedTuple):
    """Upload the input of a job; give the file."""

    job: int


class Create(NamedTuple):
    """Begin a job with an uploaded input; give the batch."""

    file_id: str
    endpoint: str


class ListBatches(NamedTuple):
    """Give the first page of the batches."""


class NextPage(NamedTuple):
    """Give the page that comes after one."""

    page: Any


class Retrieve(NamedTuple):
    """Ask how far a batch is; give it."""

    batch_id: str


class Cancel(NamedTuple):
    """Stop a batch."""

    batch_id: str


class Download(NamedTuple):
    """Write a file that a job put out to disk; `more`: behind what was written before."""

    job: int
    file_id: str
    more: bool


class Delete(NamedTuple):
    """Delete a file of the project's, which may keep 20 GB."""

    file_id: str


class Save(NamedTuple):
    """Write the run's state to disk."""

    state: State


class Check(NamedTuple):
    """Compare the files of a run with its state; give the jobs whose output is not there."""

    state: State


class Index(NamedTuple):
    """Take over a job's output, whole, and give the number of its rows without an answer."""

    job: Job


class ReadRows(NamedTuple):
    """Give the rows after a number, a page of them."""

    after: int


END = object()

OnServer: TypeAlias = (
    Upload | Create | ListBatches | NextPage | Retrieve | Cancel | Download | Delete
)
Effect: TypeAlias = OnServer | NextRequest | Report | Save | Check | Index | ReadRows | Wait
