"""Where a client finds its region, and how it sends a file."""

import pytest
from botocore.awsrequest import AWSPreparedRequest

from dagc.aws import clients
from dagc.aws.conditional_put import put_over


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
