"""What the references in the template's policies are in an account: ARNs and names."""

import re
from collections.abc import Mapping
from typing import Any

from tests.stack.template import PSEUDO, resolved

TABLES = {
    "TaskTable": "task",
    "JobTable": "job",
    "SchedulerTable": "scheduler",
    "DagTable": "dag",
    "DagDependencyTable": "dag_dependency",
    "RunTable": "run",
}
UUID = "0f0f0f0f-0000-4000-8000-000000000000"


def account_names(prefix: str, label: str, bucket: str, queue: str) -> dict[str, str]:
    """By reference, as `template.resolved` writes it. Tables' names begin with `prefix`; their
    streams have the label `label`.
    """
    partition = PSEUDO["AWS::Partition"]
    here = f"{PSEUDO['AWS::Region']}:{PSEUDO['AWS::AccountId']}"
    names = {
        "DagBucket": bucket,
        "DeadLetterQueue.Arn": f"arn:{partition}:sqs:{here}:{queue}",
        "RunHistoryPolicy": f"arn:{partition}:iam::{PSEUDO['AWS::AccountId']}:policy/run-history",
        "AlarmTopic": f"arn:{partition}:sns:{here}:{PSEUDO['AWS::StackName']}-alarms",
    }
    for reference, table in TABLES.items():
        arn = f"arn:{partition}:dynamodb:{here}:table/{prefix}{table}"
        names |= {f"{reference}.Arn": arn, f"{reference}.StreamArn": f"{arn}/stream/{label}"}
    for function in ("compiler", "rebuild", "redrive", "canary"):
        group = f"/aws/lambda/{PSEUDO['AWS::StackName']}-{function}"
        # So CloudFormation gives it: with all streams of the group.
        arn = f"arn:{partition}:logs:{here}:log-group:{group}:*"
        names[f"Dag{function.title()}LogGroup.Arn"] = arn
    names |= {f"DagCompilerFunction{kind}Edited": UUID for kind in ("Task", "Job", "Scheduler")}
    return names


def in_account(node: Any, names: Mapping[str, str]) -> Any:
    """A part of the template with the references in it replaced."""
    if isinstance(node, dict):
        return {key: in_account(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [in_account(value, names) for value in node]
    if not isinstance(node, str):
        return node
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(rf"\b(?:{longest_first})\b", lambda found: names[found[0]], node)


def policies_of_roles(**parameters: str) -> dict[str, list[dict[str, Any]]]:
    """The statements of each role, shared policies included, in the template's own references."""
    resources = resolved(**parameters)["Resources"]
    return {
        name: [
            statement
            for document in _documents(role["Properties"], resources)
            for statement in document["Statement"]
        ]
        for name, role in resources.items()
        if role["Type"] == "AWS::IAM::Role"
    }


def _documents(role: Mapping[str, Any], resources: Mapping[str, Any]) -> list[dict[str, Any]]:
    shared = [
        resources[it]["Properties"] for it in role.get("ManagedPolicyArns", ()) if it in resources
    ]
    return [policy["PolicyDocument"] for policy in [*shared, *role["Policies"]]]
