"""How the local Hub speaks HTTP/1.1: requests, answers, routes, and what can be made to go wrong."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from hub_repos import Account, Refusal

KIND = r"(?P<kind>model|dataset|space)s"
REPO = r"(?P<repo>[^/]+/[^/]+)"
FILES = r"/(?P<prefix>datasets/|spaces/|)" + REPO
ROUTES: list[tuple[str, re.Pattern[str], str]] = []


@dataclass
class Fault:
    """What happens to the next ``times`` requests that fit: an error, a closed connection, or a call of ``act``."""

    method: str
    path: str
    status: int = 0
    times: int = 1
    message: str = "injected"
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False
    after: bool = False
    act: Callable[[], object] | None = None

    def fits(self, method: str, path: str) -> bool:
        return self.times > 0 and method == self.method and re.search(self.path, path) is not None


@dataclass
class Request:
    """One request, its account known."""

    account: Account | None
    found: Mapping[str, str]
    query: Mapping[str, str]
    lists: Mapping[str, list[str]]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"{}")

    @property
    def revision(self) -> str:
        return unquote(self.found["revision"])


@dataclass
class Reply:
    """One answer."""

    content: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def route(method: str, pattern: str) -> Callable[[Any], Any]:
    def kept(function: Any) -> Any:
        ROUTES.append((method, re.compile(pattern), function.__name__))
        return function

    return kept


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1: keeps connections open, reads bodies of known length and in chunks."""

    protocol_version = "HTTP/1.1"
    hub: Any

    def setup(self) -> None:
        super().setup()
        self.hub.connections.add(self.connection)

    def finish(self) -> None:
        self.hub.connections.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def answer(self) -> None:
        address = urlsplit(self.path)
        body, fault = self.read_body(), None
        with self.hub.lock:
            self.hub.asked.append((self.command, address.path))
            fault = next((own for own in self.hub.faults if own.fits(self.command, address.path)), None)
            if fault:
                fault.times -= 1
        if fault and fault.act:
            fault.act()
        wrong = fault is not None and (fault.close or fault.status > 0)
        reply = self.reply(address.path, address.query, body) if not wrong or fault.after else None
        if not wrong:
            self.send(reply)
        elif fault.close:
            self.drop()
        else:
            error = Reply({"error": fault.message}, fault.status, {"X-Error-Message": fault.message, **fault.headers})
            self.send(error)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

    def reply(self, path: str, query: str, body: bytes) -> Reply:
        method = "GET" if self.command == "HEAD" else self.command
        try:
            account = self.account()
            for own, pattern, name in ROUTES:
                found = pattern.fullmatch(path) if own == method else None
                if found:
                    lists = parse_qs(query, keep_blank_values=True)
                    given = {key: values[-1] for key, values in lists.items()}
                    with self.hub.lock:
                        answer = getattr(self.hub, name)(Request(account, found.groupdict(), given, lists, body))
                    return answer if isinstance(answer, Reply) else Reply(answer)
            raise Refusal(404, f"Sorry, we can't find the page you are looking for: {path}")
        except Refusal as refused:
            headers = {"X-Error-Message": refused.message, **({"X-Error-Code": refused.code} if refused.code else {})}
            return Reply({"error": refused.message}, refused.status, headers)

    def account(self) -> Account | None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token and token not in self.hub.accounts:
            raise Refusal(401, "Invalid credentials in Authorization header")
        return self.hub.accounts.get(token)

    def read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def send(self, reply: Reply) -> None:
        raw = isinstance(reply.content, bytes)
        content = reply.content if raw else json.dumps(reply.content).encode()
        headers = dict(reply.headers)
        if origin := self.headers.get("Origin"):  # pages of other hosts may read what anybody may
            shown = "Link,ETag,X-Repo-Commit,X-Linked-Size,X-Linked-ETag,X-Error-Code,X-Error-Message"
            headers |= {"Access-Control-Allow-Origin": origin, "Vary": "Origin", "Access-Control-Expose-Headers": shown}
        wanted = (
            re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")) if raw and reply.status == 200 else None
        )
        status = reply.status
        if wanted:
            start, stop = int(wanted[1]), min(int(wanted[2] or len(content) - 1), len(content) - 1) + 1
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(content)}"
            content, status = content[start:stop], 206
        self.send_response(status)
        kind = "application/octet-stream" if raw else "application/json; charset=utf-8"
        for name, value in {
            "Content-Type": kind,
            "Accept-Ranges": "bytes",
            **headers,
            "Content-Length": len(content),
        }.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def drop(self) -> None:
        """Close the connection without an answer."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        pass
