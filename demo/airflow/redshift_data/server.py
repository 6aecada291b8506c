"""The Data API over HTTP: AWS's JSON protocol, version 1.1."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from mypy_boto3_s3 import S3Client

from demo.airflow.postgres import Postgres
from demo.airflow.redshift_data.api import Api
from demo.airflow.redshift_data.errors import RefusedError
from demo.airflow.redshift_data.model import check_answer, check_request, operation


@contextmanager
def redshift_data(postgres: Postgres, s3: S3Client) -> Iterator[str]:
    """Serve the API on this machine; its URL. A database is PostgreSQL's of the same name."""
    api = Api(postgres, s3)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.api = api
    thread = Thread(
        target=server.serve_forever, name="redshift-data", kwargs={"poll_interval": 0.05}
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        api.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    api: Api


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            answer = self._answer(self.headers.get("X-Amz-Target", ""), json.loads(body))
        except RefusedError as error:
            self._send(HTTPStatus.BAD_REQUEST, {"__type": error.code, "Message": str(error)})
        except Exception as error:
            failure = {"__type": "InternalServerException", "Message": repr(error)}
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, failure)
            raise
        else:
            self._send(HTTPStatus.OK, answer)

    def _answer(self, target: str, request: dict[str, Any]) -> dict[str, Any]:
        model = operation(target)
        run = self.server.api.operations.get(model.name)
        if run is None:
            message = f"The local Redshift has no {model.name}"
            raise RefusedError(message, "UnknownOperationException")
        check_request(model, request)
        answer = run(request)
        check_answer(model, answer)
        return answer

    def _send(self, status: HTTPStatus, answer: dict[str, Any]) -> None:
        body = json.dumps(answer, default=_epoch).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing of every request: DescribeStatement is asked again and again."""


def _epoch(moment: datetime) -> float:
    return moment.timestamp()
