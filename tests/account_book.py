"""A server of batches that writes down which rows it accepted in which job: who paid for what.

It is no part of the emulator, and knows nothing of the client: what it says of money is its own.
"""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

ORIGIN = "http://server.test"


class Cut(Exception):
    """The connection ends without an answer."""


@dataclass
class Entry:
    """A job that was accepted, and by that is paid for."""

    id: str
    input_file_id: str
    rows: list[dict[str, Any]]
    polls: int
    hidden: int
    status: str = "in_progress"

    @property
    def texts(self) -> list[str]:
        """What tells the rows apart."""
        return [row["body"]["messages"][0]["content"] for row in self.rows]


@dataclass
class AccountBook:
    """The server.

    Attributes:
        fault: is asked before each request, by its kind (`"create"`, `"list"` …): None serves it,
            a number refuses it, `"cut"` ends the connection, `"lost"` does what was asked and
            ends the connection, `"late"` does it and says 503.
        polls: how often a job is asked for before it has ended.
        lag: how often the list lacks a job that was begun.
        fails: which rows end in the file of errors.
    """

    fault: Callable[[str], Any] = lambda kind: None
    polls: int = 1
    lag: int = 0
    fails: Callable[[str], bool] = lambda text: False
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    accepted: list[Entry] = field(default_factory=list[Entry])
    asked: list[str] = field(default_factory=list[str])

    def paid(self) -> Counter[str]:
        """How often each row is in a job that was accepted."""
        return Counter(text for entry in self.accepted for text in entry.texts)

    def serve(
        self, method: str, url: str, headers: Any, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer a request. Raises `Cut`."""
        path, query = urlsplit(url).path, parse_qs(urlsplit(url).query)
        kind = _kind(method, path, query)
        self.asked.append(kind)
        fault = self.fault(kind)
        if fault == "cut":
            raise Cut
        if isinstance(fault, int):
            return _json({"error": {"code": fault, "message": f"Refused with {fault}."}}, fault)
        answer: Any = getattr(self, f"_{kind}")(path, query, headers, body)
        if fault == "lost":
            raise Cut
        if fault == "late":
            return _json({"error": {"code": 503, "message": "Too late."}}, 503)
        return answer if isinstance(answer, tuple) else _json(answer)

    def _begin_upload(self, path: str, query: Any, headers: Any, body: bytes) -> Any:
        url = f"http://{headers['host']}/upload/v1beta/files?upload_id={len(self.asked)}"
        return 200, {"x-goog-upload-url": url, "x-goog-upload-status": "active"}, b""

    def _upload(self, path: str, query: Any, headers: Any, body: bytes) -> Any:
        name = f"files/in-{len(self.files)}"
        self.files[name] = body
        about = {"name": name, "sizeBytes": str(len(body)), "state": "ACTIVE", "uri": name}
        answer = json.dumps({"file": about}).encode()
        return 200, {"x-goog-upload-status": "final"}, answer

    def _create(self, path: str, query: Any, headers: Any, body: bytes) -> Any:
        input_file_id = json.loads(body)["input_file_id"]
        if input_file_id not in self.files:
            return _json({"error": {"code": 400, "message": "No such file."}}, 400)
        rows = [json.loads(line) for line in self.files[input_file_id].splitlines()]
        id = f"batches/{len(self.accepted)}"
        self.accepted.append(Entry(id, input_file_id, rows, self.polls, self.lag))
        return self._shown(self.accepted[-1])

    def _list(self, path: str, query: Any, headers: Any, body: bytes) -> Any:
        shown = [self._shown(entry) for entry in reversed(self.accepted) if entry.hidden <= 0]
        for entry in self.accepted:
            entry.hidden -= 1
        after = query.get("after", [None])[0]
        ids = [entry["id"] for entry in shown]
        start = ids.index(after) + 1 if after in ids else 0
        page = shown[start : start + int(query.get("limit", ["20"])[0])]
        more = start + len(page) < len(shown)
        return {"object": "list", "data": page, "has_more": more}

    def _retrieve(self, path: str, query: Any, headers: Any, body: bytes) -> Any:
        entry = self._entry(path)
        if entry is None:
            return _json({"error": {"code": 404, "message": "No such batch."}}, 404)
        entry.polls -= 1
        if entry.polls < 0 and entry.status == "in_progress":
            entry.status = "completed"
            self._answer(entry)
        return self._shown(entry)

    def _cancel(self, path: str, query: Any, headers: Any, body: bytes) -> Any:
        entry = self._entry(path.removesuffix("/cancel"))
        if entry is not None and entry.status == "in_progress":
            entry.status = "cancelled"
        return self._shown(entry) if entry else {}

    def _download(self, path: str, query: Any, headers: Any, body: bytes) -> Any:
        found = re.search(r"files/[\w-]+", path)
        if found is None or found[0] not in self.files:
            return _json({"error": {"code": 404, "message": "No such file."}}, 404)
        return 200, {"content-type": "application/jsonl"}, self.files[found[0]]

    def _delete(self, path: str, query: Any, headers: Any, body: bytes) -> Any:
        return {}  # the rows stay: they are what is counted

    def _other(self, path: str, query: Any, headers: Any, body: bytes) -> Any:
        return _json({"error": {"code": 404, "message": f"Not found: {path}"}}, 404)

    def _entry(self, path: str) -> Entry | None:
        id = f"batches/{path.rpartition('/')[2]}"
        return next((entry for entry in self.accepted if entry.id == id), None)

    def _shown(self, entry: Entry) -> dict[str, Any]:
        name = entry.id.replace("/", "-")
        there = {key: f"files/{key}-{name}" for key in ("out", "err")}
        return {
            "id": entry.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "input_file_id": entry.input_file_id,
            "completion_window": "24h",
            "created_at": 2_000_000_000 + int(entry.id.partition("/")[2]),
            "status": entry.status,
            "output_file_id": there["out"] if there["out"] in self.files else "",
            "error_file_id": there["err"] if there["err"] in self.files else "",
        }

    def _answer(self, entry: Entry) -> None:
        name = entry.id.replace("/", "-")
        lines: dict[str, list[bytes]] = {"out": [], "err": []}
        for row, text in zip(entry.rows, entry.texts, strict=True):
            choice = {"message": {"role": "assistant", "content": f"answer to {text}"}}
            response: Any = {"status_code": 200, "body": {"choices": [choice], "model": "m"}}
            if failed := self.fails(text):
                error = {"error": {"code": 500, "message": f"no answer to {text}"}}
                response = {"status_code": 500, "body": error}
            line = {"custom_id": row["custom_id"], "response": response}
            lines["err" if failed else "out"].append(json.dumps(line).encode())
        for key, written in lines.items():
            if written:
                self.files[f"files/{key}-{name}"] = b"\n".join(written)  # no line end at the last

    # --- as a transport ---

    def over(self, family: Any) -> Callable[[Any], Any]:
        """What the `MockTransport` of httpx, or of httpx2, calls."""

        def answer(request: Any) -> Any:
            said = (request.method, str(request.url), request.headers, request.read())
            try:
                status, headers, body = self.serve(*said)
            except Cut:
                raise family.ReadError("Cut.", request=request) from None
            return family.Response(status, headers=headers, content=body)

        return answer


def _json(value: Any, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {"content-type": "application/json"}, json.dumps(value).encode()


def _kind(method: str, path: str, query: Any) -> str:
    if path.startswith("/upload/"):
        return "upload" if "upload_id" in query else "begin_upload"
    if path.startswith("/download/") or path.endswith((":download", "/content")):
        return "download"
    if path.endswith("/batches"):
        return "create" if method == "POST" else "list"
    if "/batches/" in path:
        return "cancel" if path.endswith("/cancel") else "retrieve"
    return "delete" if method == "DELETE" else "other"


class BookServer:
    """An account book on a loopback socket.

    A client that says its process in the header `x-pid` is killed at the request of the number
    `kill_at`: before it is served, or after, as `kill_after` says.
    """

    def __init__(self) -> None:
        self.book = AccountBook()
        self.kill_at: int | None = None
        self.kill_after = False
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # it holds a body back for 40 ms

            def log_message(self, *args: Any) -> None:
                pass

            def serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                with outer._lock:
                    kill = outer.kill_at is not None and len(outer.book.asked) == outer.kill_at
                    if kill and not outer.kill_after:
                        os.kill(int(self.headers["x-pid"]), signal.SIGKILL)
                        outer.kill_at = None
                        return
                    status, headers, answer = outer.book.serve(
                        self.command, self.path, self.headers, body
                    )
                    if kill:
                        os.kill(int(self.headers["x-pid"]), signal.SIGKILL)
                        outer.kill_at = None
                        return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def __getattr__(self, name: str) -> Any:
                return self.serve if name.startswith("do_") else super().__getattribute__(name)

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *args: Any) -> None:
                pass  # the client was killed

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1beta/openai/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
