"""How the task of an operator that a row names waits, where the row does not say it.

As those of the other types: it waits for what it starts if the operator does so by default or the
row says it, in the triggerer where that is sound, and a sensor holds no worker slot between looks.
"""

from collections.abc import Mapping
from typing import Any

from dagc.compiler.signatures.signature import Signature
from dagc.compiler.targets import Target

WAITS = ("wait_for_completion", "wait_until_job_complete", "wait_for_termination")
"""The arguments that say whether an operator waits for what it started."""

RETURNING = frozenset(
    {
        "EksCreateClusterOperator", "EksCreateFargateProfileOperator", "EksCreateNodegroupOperator",
        "EksDeleteClusterOperator", "EksDeleteFargateProfileOperator", "EksDeleteNodegroupOperator",
        "EmrAddStepsOperator", "EmrCreateJobFlowOperator", "KubernetesJobOperator",
        "KubernetesStartKueueJobOperator", "LambdaCreateFunctionOperator",
        "MwaaTriggerDagRunOperator", "RedshiftCreateClusterOperator",
        "RedshiftCreateClusterSnapshotOperator", "RedshiftPauseClusterOperator",
        "RedshiftResumeClusterOperator", "SageMakerStartPipelineOperator",
        "SageMakerStopPipelineOperator", "TriggerDagRunOperator",
    }
)  # fmt: skip
"""The operators for which one of WAITS is off unless given. Most would wait if they may defer, all
the same: so in one Airflow, and not in another.
"""

WAITING_DEFERRED = frozenset(
    {
        "BatchCreateComputeEnvironmentOperator", "EmrTerminateJobFlowOperator",
        "StepFunctionStartExecutionOperator",
    }
)  # fmt: skip
"""The operators that wait for what they start only if they defer."""

_BEGINNING_ANEW = frozenset(
    {"DatabricksSQLStatementsSensor", "MwaaTaskSensor", "S3KeysUnchangedSensor"}
)
"""The sensors that between two looks must keep what they know, or refuse any other mode."""


def with_waits(
    signature: Signature, arguments: Mapping[str, Any], target: Target
) -> dict[str, Any]:
    """Returns `arguments` with `deferrable`, and the `mode` of a sensor, where nothing is said."""
    given = dict(arguments)
    if signature.deferrable and "deferrable" in signature.arguments:
        given.setdefault("deferrable", target.deferrable and _waits(signature, arguments))
    defers = given.get("deferrable", signature.deferrable)
    if signature.sensor and not defers and signature.name not in _BEGINNING_ANEW:
        given.setdefault("mode", "reschedule")
    return given


def _waits(signature: Signature, arguments: Mapping[str, Any]) -> bool:
    """Whether the operator waits for what it starts."""
    for name in WAITS:
        if name in signature.arguments:
            return bool(arguments.get(name, signature.name not in RETURNING))
    return True
