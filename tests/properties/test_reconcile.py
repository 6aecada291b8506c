"""The plan: applied once it leaves nothing to do, and what is not the compiler's stays."""

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler import Artifact
from dagc.diagnostics import RowKey
from dagc.reconcile import Observed, Plan, digest, object_key, plan

PREFIX = "dags/generated/"
DAGS = [f"job-{name}" for name in "abcdef"]
TEXTS = st.sampled_from(["one", "two", None])
OBJECTS = st.dictionaries(
    st.sampled_from([*(object_key(dag, PREFIX) for dag in DAGS), f"{PREFIX}x/y.txt", PREFIX]),
    st.builds(
        Observed, st.sampled_from(["e1", "e2"]), st.sampled_from([None, digest("one"), digest("")])
    ),
)


def _artifact(dag_id: str, *, enabled: bool, text: str | None) -> Artifact:
    source = RowKey("mwaa_job", (("job_id", dag_id),))
    return Artifact(source, dag_id, enabled=enabled, text=text if enabled else None)


ARTIFACTS = st.lists(st.tuples(st.sampled_from(["", *DAGS]), st.booleans(), TEXTS)).map(
    lambda rows: [_artifact(dag, enabled=enabled, text=text) for dag, enabled, text in rows]
)
DISTINCT = ARTIFACTS.map(
    lambda artifacts: list({artifact.dag_id: artifact for artifact in artifacts}.values())
)


def _applied(changes: Plan, observed: dict[str, Observed]) -> dict[str, Observed]:
    result = dict(observed)
    for put in changes.puts:
        assert result.get(put.key) == put.over
        result[put.key] = Observed("new", digest(put.text))
    for delete in changes.deletes:
        assert result.pop(delete.key) == delete.observed
    return result


@given(DISTINCT, OBJECTS)
def test_it_converges(artifacts: list[Artifact], observed: dict[str, Observed]) -> None:
    changes = plan(artifacts, observed, PREFIX)
    after = _applied(changes, observed)
    again = plan(artifacts, after, PREFIX)
    assert again == Plan((), (), changes.foreign)
    for artifact in artifacts:
        key = object_key(artifact.dag_id, PREFIX)
        if artifact.dag_id and artifact.text is not None and key not in changes.foreign:
            assert after[key].digest == digest(artifact.text)


@given(DISTINCT, OBJECTS)
def test_what_is_not_the_compilers_stays(
    artifacts: list[Artifact], observed: dict[str, Observed]
) -> None:
    after = _applied(plan(artifacts, observed, PREFIX), observed)
    for key, existing in observed.items():
        if existing.digest is None:
            assert after[key] == existing


@given(DISTINCT, OBJECTS)
def test_an_invalid_row_keeps_its_file(
    artifacts: list[Artifact], observed: dict[str, Observed]
) -> None:
    after = _applied(plan(artifacts, observed, PREFIX), observed)
    for artifact in artifacts:
        key = object_key(artifact.dag_id, PREFIX)
        if artifact.enabled and artifact.dag_id and artifact.text is None and key in observed:
            assert after[key] == observed[key]


@given(DISTINCT, OBJECTS)
def test_nothing_unclaimed_is_left(
    artifacts: list[Artifact], observed: dict[str, Observed]
) -> None:
    after = _applied(plan(artifacts, observed, PREFIX), observed)
    claimed = {object_key(a.dag_id, PREFIX) for a in artifacts if a.enabled and a.dag_id}
    assert all(key in claimed for key, existing in after.items() if existing.digest is not None)


@given(DISTINCT, OBJECTS)
def test_the_order_of_the_rows_does_not_matter(
    artifacts: list[Artifact], observed: dict[str, Observed]
) -> None:
    assert plan(artifacts, observed, PREFIX) == plan(artifacts[::-1], observed, PREFIX)
