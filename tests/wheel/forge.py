"""What GitHub and GitLab keep of a pull request: its comments, through their APIs, on loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

OTHER = {"id": 1, "body": "LGTM <!-- dagc plan: rows -->"}


class Forge(ThreadingHTTPServer):
    """A server with the `comments` of one pull request, and the `requests` that it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.comments: list[dict[str, Any]] = [OTHER]
        self.requests: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Forge

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        self.server.requests.append((self.command, path))
        tokens = (self.headers.get("Authorization"), self.headers.get("PRIVATE-TOKEN"))
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if not {"Bearer a-token", "a-token"}.intersection(tokens):
            self.send_error(401)
            return
        found: Any = self.server.comments
        if self.command != "GET":
            found = self._kept(path, self._body(content))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def _body(self, content: str) -> str:
        if self.headers.get("Content-Type") == "application/x-www-form-urlencoded":
            if content.startswith("{"):  # GitHub reads JSON, whatever curl calls it
                return str(json.loads(content)["body"])
            return parse_qs(content)["body"][0]
        return str(json.loads(content)["body"])

    def _kept(self, path: str, body: str) -> dict[str, Any]:
        if self.command == "POST":
            self.server.comments.append({"id": len(self.server.comments) + 1, "body": body})
            return self.server.comments[-1]
        [comment] = [it for it in self.server.comments if path.endswith(f"/{it['id']}")]
        comment["body"] = body
        return comment

    do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815  the names of the base class

    def log_message(self, *_: Any) -> None:
        """Nothing: the test looks at `requests`."""


@contextmanager
def forge() -> Iterator[Forge]:
    """A server, until the end of the block."""
    with Forge() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
