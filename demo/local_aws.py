"""An AWS on this machine: ministack as a child process, kept apart from the user's own AWS."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
import botocore.session
from botocore.config import Config

from demo.loopback import answers, free_port
from demo.process import Process, last_lines, log, require_running, running
from demo.waiting import wait_until

REGION: Final = "eu-central-1"
START_SECONDS = 60.0
NAME = "ministack"


@dataclass(frozen=True)
class LocalAws:
    """A running ministack: where it listens, and where it keeps its files and log."""

    port: int
    folder: Path

    @property
    def endpoint(self) -> str:
        """The URL of every service."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What ministack prints, the invocations of functions included."""
        return log(self.folder, NAME)

    @property
    def credentials(self) -> dict[str, str]:
        """What a person exports to talk to it. Any key is accepted, but there must be one."""
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
        }

    @property
    def environment(self) -> dict[str, str]:
        """The environment of `sam`, `aws` and `dagc`: this AWS, and no way to another."""
        return {
            **without_aws(),
            **self.credentials,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CONFIG_FILE": str(self.folder / "no-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "no-credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAM_CLI_TELEMETRY": "0",
            "__SAM_CLI_APP_DIR": str(self.folder / "sam"),
        }

    def session(self) -> boto3.Session:
        """A session that knows nothing of the user's profiles and proxies.

        Give `endpoint_url` to each client: a session cannot hold it.
        """
        core = botocore.session.Session(
            session_vars={
                "profile": (None, None, None, None),
                "config_file": (None, None, str(self.folder / "no-config"), None),
                "credentials_file": (None, None, str(self.folder / "no-credentials"), None),
            }
        )
        core.set_default_client_config(Config(proxies={}))
        core.set_credentials("test", "test")
        return boto3.Session(region_name=REGION, botocore_session=core)

    def client(self, service: str, endpoint: str | None = None) -> Any:
        """A client of any service: of this AWS, or of what serves it beside this AWS."""
        session: Any = self.session()
        return session.client(service, endpoint_url=endpoint or self.endpoint)


@contextmanager
def local_aws(*, enforce: bool = False) -> Iterator[LocalAws]:
    """Start ministack on a free port, wait until it answers, and stop it at the end.

    `enforce` makes it check signatures, roles and bucket policies, as AWS does.
    """
    with tempfile.TemporaryDirectory(prefix="dagc-aws-", ignore_cleanup_errors=True) as folder:
        aws = LocalAws(free_port(), Path(folder))
        environment = {**_ministack_environment(aws), "AUTH": str(enforce).lower()}
        command = [sys.executable, "-m", "ministack"]
        with running({NAME: command}, folder=aws.folder, environment=environment) as processes:
            _wait_until_ready(aws, processes[NAME])
            yield aws


def _ministack_environment(aws: LocalAws) -> dict[str, str]:
    # No AWS_ENDPOINT_URL: functions would inherit it. They find this very ministack without it.
    return {
        **without_aws(),
        "GATEWAY_PORT": str(aws.port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # Its pid file, the functions' unpacked code and their logs end up here.
        "TMPDIR": str(aws.folder),
        "PYTHONUNBUFFERED": "1",
    }


def without_aws() -> dict[str, str]:
    """This process's environment without the user's AWS, modules and proxy to this machine."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and name not in {"PYTHONPATH", "PYTHONHOME"}
    }
    direct = ",".join(filter(None, [kept.get("NO_PROXY"), kept.get("no_proxy"), "127.0.0.1"]))
    return {**kept, "NO_PROXY": direct, "no_proxy": direct}


def _wait_until_ready(aws: LocalAws, process: Process) -> None:
    def ready() -> bool:
        require_running(NAME, process, aws.log)
        return answers(f"{aws.endpoint}/_ministack/ready")

    wait_until(
        ready,
        bool,
        f"{NAME} to answer",
        lambda _: last_lines(aws.log),
        every=0.02,
        bound=START_SECONDS,
    )
