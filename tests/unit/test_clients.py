"""Where a client finds its region, how it sends a file, and how it reads a scan."""

import io
import json
import time
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HTTPHeaders
from botocore.exceptions import ClientError

from dagc.aws import clients
from dagc.aws.conditional_put import put_over
from dagc.aws.dynamodb_json import plain_item
from dagc.aws.row_tables import scan


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({"AWS_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-2"),
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-1"),
    ],
)
def test_the_region(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], region: str
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    clients._session.cache_clear()
    try:
        assert clients.make_client("dynamodb").meta.region_name == region
    finally:
        clients._session.cache_clear()


def test_a_file_goes_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over TLS, as in AWS: with its checksum before it, and without a question whether to go on."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    clients._session.cache_clear()
    client = clients.make_client("s3", clients.IN_FUNCTIONS)
    clients._session.cache_clear()
    sent: list[AWSPreparedRequest] = []

    def instead(request: AWSPreparedRequest, **_: object) -> None:
        sent.append(request)
        raise ConnectionAbortedError

    client.meta.events.register("before-send.s3.PutObject", instead)
    with pytest.raises(ConnectionAbortedError):
        put_over(client, "the-bucket", "dags/job-x.py", b"text", None)
    [request] = sent
    assert request.url.startswith("https://")
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert headers.items() >= {"content-length": "4", "x-amz-checksum-crc32": b"O4unxw=="}.items()
    assert not {"expect", "transfer-encoding", "x-amz-trailer"} & headers.keys()


ITEM = {
    "id": {"S": "1"},
    "all": {
        "M": {
            "number": {"N": "1.5"},
            "binary": {"B": "AP8="},
            "binaries": {"BS": ["AP8="]},
            "nothing": {"NULL": True},
            "list": {"L": [{"BOOL": False}, {"SS": ["a"]}]},
        }
    },
}


def _answering(
    monkeypatch: pytest.MonkeyPatch, status: int, *answers: Any
) -> tuple[Any, list[dict[str, Any]]]:
    """A client that gets these answers, and what it has asked. One in bytes is not all of it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    clients._session.cache_clear()
    client: Any = clients.make_client("dynamodb", clients.IN_FUNCTIONS)
    clients._session.cache_clear()
    left, asked = list(answers), []

    def answer(request: Any, **_: object) -> AWSResponse:
        asked.append(json.loads(request.body))
        sent, headers = left.pop(0), HTTPHeaders()
        if isinstance(sent, bytes):
            headers["x-amz-crc32"] = "1"
        body: Any = io.BytesIO(sent if isinstance(sent, bytes) else json.dumps(sent).encode())
        body.stream = lambda **_: iter([body.read()])
        return AWSResponse(request.url, status, headers, body)

    client.meta.events.register("before-send.dynamodb", answer)
    return client, asked


def test_all_pages_of_a_scan_are_read_as_they_were_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    last = {"id": {"S": "1"}}
    client, asked = _answering(
        monkeypatch, 200, {"Items": [ITEM], "LastEvaluatedKey": last}, {"Items": [ITEM]}
    )
    pages = list(scan(client, "a-table", 0, 1))
    assert [request.get("ExclusiveStartKey") for request in asked] == [None, last]
    assert [plain_item(item) for item in pages] == 2 * [
        {
            "id": "1",
            "all": {
                "number": 1.5,
                "binary": b"\0\xff",
                "binaries": {b"\0\xff"},
                "nothing": None,
                "list": [False, {"a"}],
            },
        }
    ]


def test_an_answer_that_was_cut_off_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    client, asked = _answering(monkeypatch, 200, b'{"Items": [{"id', {"Items": [ITEM]})
    assert list(scan(client, "a-table", 0, 1)) == [ITEM]
    assert len(asked) == 2


def test_a_scan_that_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = {"__type": "com.amazonaws#AccessDeniedException", "message": "no"}
    client, _ = _answering(monkeypatch, 400, refusal)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        list(scan(client, "a-table", 0, 1))


def test_other_answers_are_read_as_they_were_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    key = {"id": {"S": "1"}}
    answers: list[dict[str, Any]] = [
        {"Responses": {"a-table": [ITEM]}, "UnprocessedKeys": {"b-table": {"Keys": [key]}}},
        {"Attributes": ITEM},
        {},
    ]
    client, _ = _answering(monkeypatch, 200, *answers)
    found = client.batch_get_item(RequestItems={"a-table": {"Keys": [key]}})
    assert found["Responses"] == answers[0]["Responses"]
    assert found["UnprocessedKeys"] == answers[0]["UnprocessedKeys"]
    assert client.update_item(TableName="a-table", Key=key)["Attributes"] == ITEM
    assert "Attributes" not in client.update_item(TableName="a-table", Key=key)
