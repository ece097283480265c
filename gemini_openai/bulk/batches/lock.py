"""Lock the directory of a run, so that one process at a time drives it."""

from __future__ import annotations

import errno
import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from ..._primitives.fork import start_over_in_child
from ..._primitives.log import logger
from .errors import BatchError

if TYPE_CHECKING:
    from pathlib import Path

LOCK_FILE = "run.lock"

_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_READ_ONLY = {errno.EACCES, errno.EPERM, errno.EROFS}
_BEHIND_THE_TEXT = 1 << 30  # Windows lets nobody read what is locked


class RunLock:
    """The right to drive the run in a directory. The system takes it back when the process ends.

    A process that is forked does not have it.
    """

    def __init__(self, directory: Path) -> None:
        """Take the right. Raises `BatchError` when another has it."""
        self._directory = directory
        self._pid = os.getpid()
        self._file: int | None = None
        start_over_in_child(self)
        try:
            self._file = _open(directory / LOCK_FILE)
        except OSError as cause:
            raise BatchError(f"{directory} cannot be locked: {cause}.") from cause
        if self._file is None:
            return
        try:
            _lock(self._file)
        except OSError as cause:
            if cause.errno not in _TAKEN:
                logger.warning(
                    "%s is on a file system without locks: see that no other process resumes "
                    "this run while this one does",
                    directory,
                )
                return
            holder = _read(self._file)
            self.release()
            raise self._refusal(holder) from None
        _write(self._file)

    def check(self) -> None:
        """Raise `BatchError` in a process that was forked from the one with the right."""
        if self._pid != os.getpid():
            raise self._refusal(f"process {self._pid}, from which this one was forked")

    def release(self) -> None:
        """Give the right back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _refusal(self, holder: str) -> BatchError:
        return BatchError(
            f"The run in {self._directory} is being driven by {holder}. One process at a time "
            "can: a second one might begin jobs again, which are then paid for twice. Wait for "
            "it, or end it, and resume the run.",
            directory=self._directory,
            says_all=True,
        )

    def _start_over(self) -> None:
        self.release()  # closed in this process only: the lock is the parent's until it closes it

    def __del__(self) -> None:
        self.release()


def _open(path: Path) -> int | None:
    """Open the file that is locked; None in a directory that cannot be written to.

    No run can go on there: it writes down what it does before it does it. It can be read.
    """
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as trouble:
        if trouble.errno not in _READ_ONLY:
            raise
    with suppress(OSError):
        return os.open(path, os.O_RDONLY)  # another user's, who can lock it as well
    return None


def _read(file: int) -> str:
    with suppress(OSError):
        os.lseek(file, 0, os.SEEK_SET)
        if text := os.read(file, 200).decode("utf-8", "replace").strip():
            return text
    return "another process"


def _write(file: int) -> None:
    with suppress(OSError):  # it only serves the text of an error
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, f"process {os.getpid()} on {socket.gethostname()}".encode())


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        os.lseek(file, _BEHIND_THE_TEXT, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        # Not `lockf`: its locks are those of a process, and end when any of its files is closed.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
