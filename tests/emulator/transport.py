"""Answers botocore's HTTP requests inside the process, by the service modules of ministack."""

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from ministack.core.responses import request_scope

REGION: Final = "eu-central-1"
ACCOUNT = "123456789012"


def load_ministack() -> None:
    """Imports the server once, because its S3 does later, without the log that it starts."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    import ministack.app  # noqa: F401

    root.handlers[:] = handlers
    root.setLevel(level)


def answering(module: Any) -> Callable[..., AWSResponse]:
    """The handler of a client's `before-send` event that lets `module` answer."""

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        url = urlsplit(request.url)
        status, headers, body = _answer(
            module,
            request.method,
            unquote(url.path),
            {name.lower(): _text(value) for name, value in request.headers.items()},
            _body(request.body),
            parse_qs(url.query, keep_blank_values=True),
        )
        return AWSResponse(request.url, status, headers, _Raw(body))  # type: ignore[arg-type]

    return answer


def shortened(client: Any, module: Any) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """What `client._make_api_call` does for a service that speaks JSON, by botocore's own check of
    the parameters, serializer, parser and errors; but without its events, endpoint rules, HTTP
    objects and retries, which take three quarters of a call's time.
    """

    def call(operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        model = client.meta.service_model.operation_model(operation)
        request = client._serializer.serialize_to_request(parameters, model)
        named = {name.lower(): value for name, value in request["headers"].items()}
        path, body = request["url_path"], request["body"]
        status, headers, body = _answer(module, request["method"], path, named, body, {})
        response = {"status_code": status, "headers": HeadersDict(headers), "body": body}
        parsed: dict[str, Any] = client._response_parser.parse(response, model.output_shape)
        parsed["ResponseMetadata"]["RetryAttempts"] = 0
        if status >= 300:
            raise client.exceptions.from_code(parsed["Error"].get("Code"))(parsed, operation)
        return parsed

    return call


def _answer(module: Any, *request: Any) -> tuple[int, dict[str, str], bytes]:
    with request_scope(ACCOUNT, REGION):
        return _finished(module.handle_request(*request))


def _finished(coroutine: Any) -> tuple[int, dict[str, str], bytes]:
    """What `coroutine` returns: it has nothing to wait for."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        answer: tuple[int, dict[str, str], bytes] = end.value
        return answer
    coroutine.close()
    raise RuntimeError("The emulated service waits; nobody is there to wake it.")


def _body(body: Any) -> bytes:
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


class _Raw(io.BytesIO):
    """The body of a response, as urllib3 would hand it out."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()
