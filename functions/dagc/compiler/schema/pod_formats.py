"""Reads the parts of a pod that Airflow or Kubernetes refuses once the task runs."""

from collections.abc import Callable, Mapping
from typing import Any

from dagc.compiler.diagnostics import Code
from dagc.compiler.schema.formats import Mistake

_BASE = "base"
"""What Airflow calls the container of the task (`KubernetesPodOperator.BASE_CONTAINER_NAME`)."""


def pod_spec(value: Any) -> Any:
    """Reads the spec of a pod's template: Kubernetes' client makes none without containers, and
    Airflow lays that of the task over the first one, whatever it is called
    (`PodGenerator.reconcile_containers`).
    """
    if "containers" not in value:
        hint = f"Write containers: [{{name: {_BASE}}}] in it: the task's own is laid over that."
        return Mistake("the spec of a pod has containers", hint, Code.MISSING_PARAMETER)
    containers = value["containers"]
    names = [entry["name"] for entry in containers]
    if names and names[0] != _BASE and (_BASE in names or containers[0].get("image")):
        message = f"{names[0]!r} is the first container, over which that of the task is laid"
        return Mistake(message, f"Write {{name: {_BASE}}} before it, for the task's own.")
    return value


def pod_tolerations(value: Any) -> Any:
    """Reads tolerations, with Kubernetes' rules (`ValidateTolerations` in its `validation.go`)."""
    for entry in value:
        exists = entry.get("operator") == "Exists"
        if not entry.get("key") and not exists:
            return Mistake("without a key, all taints are meant", "Write the operator Exists.")
        if exists and entry.get("value"):
            return Mistake("Exists compares with no value", "Leave out value, or write Equal.")
        if "tolerationSeconds" in entry and entry.get("effect") != "NoExecute":
            hint = "Write the effect NoExecute, or leave it out."
            return Mistake("tolerationSeconds belongs to the effect NoExecute", hint)
    return value


POD_FORMATS: Mapping[str, Callable[[Any], Any]] = {
    "pod-spec": pod_spec,
    "pod-tolerations": pod_tolerations,
}
"""The formats of this module, by name."""
