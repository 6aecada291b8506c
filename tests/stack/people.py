"""A person with the permissions that docs/command-line.md lists, no others; and their `dagc`."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from demo.deploy import STACK_NAME
from demo.stack import Stack
from tests.stack.template import ROOT

DAGC = Path(sys.executable).with_name("dagc")
_ROW = re.compile(r"^\| (`[a-z0-9]+:.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)


class Ended(NamedTuple):
    """How a command ended, what it said, and how many MiB it needed at most."""

    exit_code: int
    out: str
    err: str
    mebibytes: float


class Person(NamedTuple):
    """Who runs `dagc` with these variables, in a folder of their own."""

    environment: dict[str, str]
    folder: Path

    def dagc(self, *words: object, interrupt_when: Callable[[], bool] | None = None) -> Ended:
        """A command to its end; it gets Ctrl-C as soon as `interrupt_when` says so."""
        out, err = self.folder / "out", self.folder / "err"
        with out.open("w") as said, err.open("w") as told:
            process = subprocess.Popen(
                [DAGC, *map(str, words)],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=told,
            )
        if interrupt_when is not None:
            while not interrupt_when():
                assert process.poll() is None, out.read_text() + err.read_text()
            process.send_signal(signal.SIGINT)
        mebibytes = 0.0
        while process.poll() is None:
            mebibytes = _peak_mebibytes(process.pid) or mebibytes
            time.sleep(0.02)
        return Ended(process.returncode, out.read_text(), err.read_text(), mebibytes)


def _peak_mebibytes(pid: int) -> float:
    """What a process has needed at most until now; 0 where it has ended.

    `ru_maxrss` of `wait4` will not do: Python starts a process by `vfork`, and until the new
    program is loaded the kernel counts the memory of its parent, the test, as the child's.
    """
    status = Path("/proc", str(pid), "status").read_text(encoding="utf-8")
    peak = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(peak[1]) / 1024 if peak else 0.0


def person(stack: Stack, folder: Path) -> Person:
    """Makes one, who may do what the documentation says that `dagc plan` and `dagc apply` need."""
    statements = _statements(stack)
    iam: Any = stack.aws.session().client("iam", endpoint_url=stack.aws.endpoint)
    iam.create_user(UserName="person")
    iam.put_user_policy(
        UserName="person",
        PolicyName="plan-and-apply",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    key = iam.create_access_key(UserName="person")["AccessKey"]
    return Person(
        {
            **stack.aws.environment,
            "PATH": os.environ["PATH"],
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        },
        folder,
    )


def _statements(stack: Stack) -> list[dict[str, Any]]:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = page.partition("### Permissions")[2].partition("\n## ")[0]
    tables = [_table(stack.tables[kind]) for kind in ("task", "job", "scheduler")]
    own = [_table(stack.tables["dag"]), _table(f"{stack.tables['dag']}_dependency")]
    resources = {
        "the stack": [f"arn:aws:cloudformation:*:*:stack/{STACK_NAME}/*"],
        "the three tables": tables,
        "the three tables, `mwaa_dag`": [*tables, own[0]],
        "the three tables, `mwaa_dag`, `mwaa_dag_dependency`": [*tables, *own],
        "all: Lambda has no narrower resource for it": ["*"],
        "the dead-letter queue": ["arn:aws:sqs:*:*:*"],
        "the bucket; its objects under the DAG prefix": [
            f"arn:aws:s3:::{stack.bucket}",
            f"arn:aws:s3:::{stack.bucket}/{stack.prefix}*",
        ],
    }
    rows = _ROW.findall(section)
    assert len(rows) == 9
    return [
        {"Effect": "Allow", "Action": re.findall(r"`(.*?)`", actions), "Resource": resources[on]}
        for actions, on, _ in rows
    ]


def _table(name: str) -> str:
    return f"arn:aws:dynamodb:*:*:table/{name}"
