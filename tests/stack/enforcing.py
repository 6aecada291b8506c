"""Deploys our stack to an AWS that checks signatures, roles and bucket policies."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from demo.deploy import deploy
from demo.local_aws import local_aws
from demo.stack import Stack


@contextmanager
def enforced(template: Path) -> Iterator[Stack]:
    """Deploy the stack of `template`. Its functions run under their own roles."""
    plain = template.with_name("for-ministack.yaml")
    text = _without_tls_for_the_queue(template.read_text(encoding="utf-8"))
    text = _with_its_name_of_an_action(_with_events_of_any_source(text))
    plain.write_text(_with_deletes_in_batches(text))
    with local_aws(enforce=True) as aws:
        yield deploy(aws, plain, Console(quiet=True))


def admit_plain_requests(stack: Stack) -> None:
    """Remove the bucket's policy: from here on, the roles alone decide."""
    stack.s3.delete_bucket_policy(Bucket=stack.bucket)


def _without_tls_for_the_queue(template: str) -> str:
    """Remove the queue's policy: this ministack speaks no TLS, and an administrator could not."""
    changed, count = re.subn(
        r"^  DeadLetterQueuePolicy:\n(?:    .*\n)+", "", template, flags=re.MULTILINE
    )
    assert count == 1
    return changed


def _with_events_of_any_source(template: str) -> str:
    """Remove a condition: this ministack does not know of which source an event is. (What IAM makes
    of it: tests/convergence/test_permissions.py.)
    """
    changed, count = re.subn(
        r"^ +['\"]Null['\"]:(?: \{events:source: .*\}\n|\n +events:source: .*\n)",
        "",
        template,
        flags=re.MULTILINE,
    )
    assert count == 1
    return changed


def _with_its_name_of_an_action(template: str) -> str:
    """Rename an action: this ministack takes a look at one mapping for a list of all mappings.

    It does check of which mapping.
    """
    assert template.count("lambda:GetEventSourceMapping") == 1
    return template.replace("lambda:GetEventSourceMapping", "lambda:ListEventSourceMappings")


def _with_deletes_in_batches(template: str) -> str:
    """Allow BatchExecuteStatement: this ministack asks for that, of no table, where AWS asks for
    what each statement does to its table, which is PartiQLDelete, and PartiQLInsert in a rebuild.
    """
    assert template.count("dynamodb:PartiQLDelete") == 1
    allowed = '{Effect: Allow, Action: dynamodb:BatchExecuteStatement, Resource: "*"}'
    changed, count = re.subn(
        r"^( +- )(?=Sid: WriteTheDags$)", rf"\1{allowed}\n\1", template, flags=re.MULTILINE
    )
    assert count == 1
    return changed
