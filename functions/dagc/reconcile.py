"""Decides what to do so that the bucket holds what the rows say. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dagc.compiler import Artifact


class Observed(NamedTuple):
    """An object as it is. `digest` is None where the compiler did not write it."""

    etag: str
    digest: str | None


class Put(NamedTuple):
    """Write `text`, if the object is still `over` (None: absent)."""

    key: str
    artifact: Artifact
    text: str
    over: Observed | None


class Delete(NamedTuple):
    """Remove the object, if it is still `observed`."""

    key: str
    observed: Observed


class Plan(NamedTuple):
    """What to do; and the keys where something stands that is not the compiler's, left alone."""

    puts: tuple[Put, ...]
    deletes: tuple[Delete, ...]
    foreign: tuple[str, ...]


def digest(text: str) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def plan(artifacts: Iterable[Artifact], observed: Mapping[str, Observed], prefix: str) -> Plan:
    """The changes that make the objects under `prefix`, as `observed`, those of `artifacts`.

    `artifacts` are those of all rows. An invalid one keeps its last good file; a file that no
    enabled row claims goes. What does not carry the compiler's mark is neither read nor touched.
    """
    enabled = {object_key(a.dag_id, prefix): a for a in artifacts if a.enabled and a.dag_id}
    puts, foreign = [], []
    for key, artifact in sorted(enabled.items()):
        existing = observed.get(key)
        if artifact.text is None:
            continue
        if existing is not None and existing.digest is None:
            foreign.append(key)
        elif existing is None or existing.digest != digest(artifact.text):
            puts.append(Put(key, artifact, artifact.text, existing))
    deletes = [
        Delete(key, existing)
        for key, existing in sorted(observed.items())
        if key not in enabled and existing.digest is not None
    ]
    return Plan(tuple(puts), tuple(deletes), tuple(foreign))


def object_key(dag_id: str, prefix: str) -> str:
    """The key of a DAG's file."""
    return f"{prefix}{dag_id}.py"
