"""Run the rows of a batch, each as its route would run it, into a file of answers.

The form of the output is the recorded one (proto's JSON: camelCase, zeros left out, 64-bit numbers
in strings, any order). The form of a failed row is inferred: no such row was recorded.
"""

from __future__ import annotations

import json
import random
import re
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from ..answers.completion import completion
from ..answers.embeddings import answer_embeddings
from ..answers.wire import Stamp
from ..http.blob import Blob
from ..http.errors import GoogleError
from ..http.json_values import compact, is_mapping, is_sequence, mapping, sequence, string
from ..http.replies import Drop, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..answers.answer import Answer
    from ..answers.catalogue import Catalogue
    from ..answers.quirks import Quirks
    from .jobs import Job

ENDPOINTS = ("/v1/chat/completions", "/v1/embeddings")
_HELD = 500  # rows held back, to be written in another order
_WRITTEN = 1 << 16  # bytes written at a time
_STEP = 0.01  # seconds after which other requests are served
_MAX_WAIT = 2.0  # seconds that one retrieval runs rows


class Rows:
    """The rows of a batch, run one after the other; memory does not grow with their number.

    Args:
        source: The input, a JSON object on each line.
        endpoint: The `url` that each row must have.
        quirks: The quirks of the request that began the batch.
        models: The models that rows may name.
        job: The job whose `row` may answer rows.
        created: The `created` of all answers, in seconds since 1970.
        seed: Decides the order of the output and the ids in it.
    """

    def __init__(
        self,
        source: Blob,
        endpoint: str,
        quirks: Quirks,
        models: Catalogue,
        job: Job,
        created: float,
        seed: str,
    ) -> None:
        self._source = source
        self._endpoint = endpoint
        self._quirks = quirks
        self._models = models
        self._job = job
        self._created = int(created)
        self._seed = seed
        self._lines = source.lines()
        self._order = random.Random(seed)  # noqa: S311  # to be the same every time
        self._held: list[bytes] = []
        self._unwritten: list[bytes] = []
        self._unwritten_bytes = 0
        self.total = sum(1 for _ in source.lines())
        self.done = 0
        self.failed = 0
        self.error: str | None = None if self.total else "The input file is empty."
        self.output = Blob()

    def first_model(self) -> str:
        """The model that the first row names."""
        try:
            row: object = json.loads(next(self._source.lines(), b""))
        except ValueError:
            return ""
        return string(mapping(mapping(row).get("body")).get("model"))

    def run(self, target: int) -> Iterator[None]:
        """Run rows, in steps, until `target` are done or two seconds have passed."""
        deadline = time.perf_counter() + _MAX_WAIT
        while self.done < target and self.error is None:
            step_end = time.perf_counter() + _STEP
            while self.done < target and self.error is None:
                self._run_one(next(self._lines))
                if time.perf_counter() > step_end:
                    break
            yield
            if time.perf_counter() > deadline:
                return

    def _run_one(self, line: bytes) -> None:
        self.done += 1
        try:
            row: object = json.loads(line)
        except ValueError:
            row = None
        if not is_mapping(row):
            self.error = f"Line {self.done} of the input file is not a JSON object."
            return
        answered = self._answer(row)
        if answered is not None:
            if self.done % 2:  # the order of keys varies in the recorded output
                answered = dict(reversed(answered.items()))
            self._shuffle(compact(answered).encode())
        if self.done == self.total:
            self._finish()

    def _answer(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        scripted = self._job.row(row) if self._job.row else None
        if isinstance(scripted, Drop):
            return None
        out: dict[str, Any] = {"custom_id": row["custom_id"]} if "custom_id" in row else {}
        body: Mapping[str, Any] | GoogleError
        if isinstance(scripted, Reply):
            status, body = scripted.status, _json_of(scripted)
        else:
            body = self._body(row, scripted)
            status = body.code if isinstance(body, GoogleError) else 200
        if status >= 400:
            self.failed += 1
        payload = body.payload() if isinstance(body, GoogleError) else body
        if status >= 400 and self._quirks.batch_errors_outside_response:
            return {**out, "error": payload.get("error", payload)}
        return {**out, "response": {"status_code": status, "body": payload}}

    def _body(
        self, row: Mapping[str, Any], scripted: Answer | None
    ) -> dict[str, Any] | GoogleError:
        url, given = row.get("url"), row.get("body")
        if url != self._endpoint or not is_mapping(given):
            return GoogleError(
                400, f"The url of the row is {compact(url)}; that of the batch is {self._endpoint}."
            )
        if self._endpoint == "/v1/embeddings":
            vectors = answer_embeddings(given, self._quirks, self._models)
            if isinstance(vectors, GoogleError):
                return vectors
            return {**camel_case(vectors), "model": f"models/{string(vectors['model'])}"}
        whole = {name: value for name, value in given.items() if not name.startswith("stream")}
        stamp = Stamp.make(f"{self._seed} {self.done}", self._created)
        answered = completion(whole, self._quirks, self._models, stamp, scripted)
        if isinstance(answered, GoogleError):
            return answered
        out: dict[str, Any] = camel_case(answered.completion())
        out["created"] = str(out["created"])
        for choice in map(mapping, sequence(out.get("choices"))):
            if choice["index"] == 0:
                del choice["index"]
        return out

    def _shuffle(self, line: bytes) -> None:
        """Write the line, or hold it back and write one of the others, to change their order."""
        if self._job.shuffled and len(self._held) < _HELD:
            self._held.append(line)
            return
        if self._job.shuffled:
            place = self._order.randrange(_HELD)
            line, self._held[place] = self._held[place], line
        self._write(line)

    def _write(self, line: bytes) -> None:
        self._unwritten.append(line)
        self._unwritten_bytes += len(line)
        if self._unwritten_bytes > _WRITTEN:
            self._flush()

    def _flush(self) -> None:
        self.output.append(b"".join([line + b"\n" for line in self._unwritten]))
        self._unwritten.clear()
        self._unwritten_bytes = 0

    def _finish(self) -> None:
        self._order.shuffle(self._held)
        for line in self._held:
            self._write(line)
        self._held.clear()
        self._flush()


def _json_of(reply: Reply) -> dict[str, Any]:
    """The body of a scripted reply, without the list that may be around it."""
    try:
        body: Any = json.loads(reply.content or b"{}")
    except ValueError:
        return {"error": {"code": reply.status, "message": reply.content.decode(errors="replace")}}
    return mapping(body[0] if is_sequence(body) and body else body)


def camel_case(value: Any) -> Any:
    """JSON with its names in camel case, as proto's JSON has them."""
    if is_mapping(value):
        return {
            _camel(name): camel_case(item) if isinstance(item, (dict, list)) else item
            for name, item in value.items()
        }
    if is_sequence(value):
        is_vector = bool(value) and isinstance(value[0], float)
        return value if is_vector else [camel_case(item) for item in value]
    return value


@cache
def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
