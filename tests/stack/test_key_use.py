"""Keys of a team's own: what reads a stream, a table or the bucket may use them, by way of the
service whose data they encrypt and in no other.
"""

import pytest

from tests.stack.account_names import policies_of_roles
from tests.stack.iam_simulator import Request, is_allowed
from tests.stack.template import resolved

KEY = "arn:aws-cn:kms:cn-north-1:123456789012:key/0f0f0f0f-0000-4000-8000-000000000000"
OTHER = KEY.replace("0f0f0f0f", "1f1f1f1f")
ROLES = ["DagCompilerRole", "DagRebuildRole", "DagRedriveRole"]
"""Lambda reads the streams under that of the compiler ("Cannot access stream", if it may not)."""


def may(role: str, action: str, via: str, key: str = KEY, **parameters: str) -> bool:
    """Whether a role may use a key through a service; "" for a call to KMS itself."""
    context = {"kms:ViaService": (f"{via}.cn-north-1.amazonaws.com.cn",)} if via else {}
    request = Request(f"kms:{action}", key, context)
    return is_allowed(policies_of_roles(**parameters)[role], request)


@pytest.mark.parametrize("role", ROLES)
def test_one_key_for_tables_and_bucket(role: str) -> None:
    both = {"ExistingTableKmsKey": KEY, "ExistingBucketKmsKey": KEY}
    assert may(role, "Decrypt", "dynamodb", **both)
    assert may(role, "Decrypt", "s3", **both)
    assert may(role, "GenerateDataKey", "s3", **both)
    assert not may(role, "GenerateDataKey", "dynamodb", **both)
    for action in ("Decrypt", "GenerateDataKey", "Encrypt"):
        assert not may(role, action, "", **both)
        assert not may(role, action, "secretsmanager", **both)
        assert not may(role, action, "s3", OTHER, **both)


@pytest.mark.parametrize("role", ROLES)
def test_a_key_of_each(role: str) -> None:
    each = {"ExistingTableKmsKey": KEY, "ExistingBucketKmsKey": OTHER}
    assert may(role, "Decrypt", "dynamodb", KEY, **each)
    assert may(role, "GenerateDataKey", "s3", OTHER, **each)
    assert not may(role, "Decrypt", "dynamodb", OTHER, **each)
    assert not may(role, "Decrypt", "s3", KEY, **each)


@pytest.mark.parametrize("role", ROLES)
def test_no_key(role: str) -> None:
    assert not may(role, "Decrypt", "dynamodb")
    assert not may(role, "Decrypt", "s3")


def test_nothing_else_of_the_stack_wants_a_key_to_be_read() -> None:
    """Dead letters are under SQS's own key: Lambda sends them without a permission for one."""
    queue = resolved(ExistingTableKmsKey=KEY)["Resources"]["DeadLetterQueue"]["Properties"]
    assert queue["SqsManagedSseEnabled"] is True
    assert "KmsMasterKeyId" not in queue
