"""What others do under the compiler's prefix: its own files are repaired, theirs never touched."""

import pytest

from dagc.apply.rebuild import rebuild
from tests.convergence.deployed import PREFIX, Follower, files, job, records, states, task
from tests.emulator.aws import BUCKET, Aws

KEY = f"{PREFIX}job-one.py"
MARK = "dagc-sha256"


@pytest.fixture
def published(deployed: Follower) -> str:
    """The text of the only DAG's file."""
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.follow()
    return files(deployed.aws)["job-one"]


def _write(aws: Aws, key: str, text: str, mark: str | None = None) -> None:
    with aws.unobserved():
        metadata = {} if mark is None else {MARK: mark}
        aws.s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode(), Metadata=metadata)


def _delete(aws: Aws, key: str) -> None:
    with aws.unobserved():
        aws.s3.delete_object(Bucket=BUCKET, Key=key)


def _mark(aws: Aws, key: str) -> str:
    with aws.unobserved():
        return aws.s3.head_object(Bucket=BUCKET, Key=key)["Metadata"][MARK]


def test_an_edited_file_whose_mark_was_kept(deployed: Follower, published: str) -> None:
    _write(deployed.aws, KEY, published + "# by hand\n", _mark(deployed.aws, KEY))
    [outcome] = rebuild(deployed.deployment).outcomes
    assert (outcome.written, outcome.drift) == (True, True)
    assert files(deployed.aws) == {"job-one": published}


def test_an_edited_file_whose_mark_was_dropped(deployed: Follower, published: str) -> None:
    _write(deployed.aws, KEY, published + "# by hand\n")
    [outcome] = rebuild(deployed.deployment).outcomes
    assert (outcome.written, outcome.drift) == (True, True)
    assert files(deployed.aws) == {"job-one": published}


def test_a_deleted_file(deployed: Follower, published: str) -> None:
    _delete(deployed.aws, KEY)
    [outcome] = rebuild(deployed.deployment).outcomes
    assert (outcome.written, outcome.drift) == (True, True)
    assert files(deployed.aws) == {"job-one": published}


@pytest.mark.usefixtures("published")
def test_an_edited_file_of_a_deleted_row(deployed: Follower) -> None:
    _write(deployed.aws, KEY, "by hand", "mark")
    deployed.aws.delete("mwaa_job", job("1", "one"))
    [outcome] = rebuild(deployed.deployment).outcomes
    assert (outcome.deleted, outcome.drift) == (True, True)
    assert files(deployed.aws) == {}


def test_an_edit_repairs_too(deployed: Follower, published: str) -> None:
    _write(deployed.aws, KEY, "by hand", "mark")
    deployed.aws.put("mwaa_task", task("1", "false"))
    [outcome] = deployed.follow().outcomes
    assert (outcome.written, outcome.drift) == (True, True)
    assert files(deployed.aws) == {"job-one": published.replace('"true"', '"false"')}


def test_an_edit_that_changes_no_file_looks_at_none(deployed: Follower, published: str) -> None:
    """The rebuild does."""
    _write(deployed.aws, KEY, "by hand", "mark")
    deployed.aws.calls.clear()
    deployed.aws.put("mwaa_task", task("1", comment="no change"))
    [outcome] = deployed.follow().outcomes
    assert (outcome.written, outcome.drift) == (False, False)
    assert not [operation for operation in deployed.aws.calls if operation.startswith("s3.")]
    [outcome] = rebuild(deployed.deployment).outcomes
    assert (outcome.written, outcome.drift) == (True, True)
    assert files(deployed.aws) == {"job-one": published}


@pytest.mark.usefixtures("published")
def test_an_edited_file_of_a_dag_that_became_invalid_stays(deployed: Follower) -> None:
    _write(deployed.aws, KEY, "by hand", "mark")
    deployed.aws.put("mwaa_job", job("1", "one", "404"))
    deployed.follow()
    [outcome] = rebuild(deployed.deployment).outcomes
    assert (outcome.written, outcome.drift) == (False, True)
    assert files(deployed.aws) == {"job-one": "by hand"}


@pytest.mark.usefixtures("published")
def test_foreign_objects_are_left_alone(deployed: Follower) -> None:
    foreign = {
        f"{PREFIX}job-nobody.py": "theirs",
        f"{PREFIX}mine.py": "theirs",
        f"{PREFIX}job-one.py.bak": "theirs",
        f"{PREFIX}sub/job-one.py": "theirs",
        f"{PREFIX}job-.py": "theirs",
        f"{PREFIX}": "",
        "dags/other.py": "theirs",
    }
    for key, text in foreign.items():
        _write(deployed.aws, key, text)
    for _ in range(2):
        assert not rebuild(deployed.deployment).outcomes
    assert foreign.items() <= deployed.aws.objects().items()


def test_a_foreign_object_where_a_file_belongs(deployed: Follower, published: str) -> None:
    other = f"{PREFIX}job-other.py"
    _write(deployed.aws, other, "theirs")
    deployed.aws.put("mwaa_job", job("2", "other"))
    assert not deployed.follow().failures
    assert states(deployed.aws) == {"job-one": "published", "job-other": "blocked"}
    [diagnostic] = records(deployed.aws)["job-other"]["diagnostics"]
    assert diagnostic["code"] == "foreign-object"
    assert diagnostic["key"] == {"job_type": "a", "job_id": "2"}
    rebuild(deployed.deployment)
    assert files(deployed.aws) == {"job-one": published, "job-other": "theirs"}

    deployed.aws.delete("mwaa_job", job("2", "other"))
    deployed.follow()
    assert files(deployed.aws)["job-other"] == "theirs"
    deployed.aws.put("mwaa_job", job("2", "other"))
    deployed.follow()

    _delete(deployed.aws, other)
    [outcome] = rebuild(deployed.deployment).outcomes
    assert (outcome.written, outcome.drift) == (True, False)
    assert states(deployed.aws)["job-other"] == "published"
    assert not records(deployed.aws)["job-other"].get("diagnostics")


@pytest.mark.usefixtures("published")
def test_a_foreign_object_in_place_of_a_file(deployed: Follower) -> None:
    _write(deployed.aws, KEY, "theirs")
    for _ in range(2):
        [outcome] = rebuild(deployed.deployment).outcomes
        assert not outcome.written
        assert states(deployed.aws) == {"job-one": "blocked"}
        assert files(deployed.aws) == {"job-one": "theirs"}
    deployed.aws.delete("mwaa_job", job("1", "one"))
    deployed.follow()
    assert files(deployed.aws) == {"job-one": "theirs"}


def test_files_of_ours_that_nobody_claims_are_removed(deployed: Follower, published: str) -> None:
    """Also those that no record knows: left by a compiler whose tables are gone."""
    _write(deployed.aws, f"{PREFIX}job-left_behind.py", published, _mark(deployed.aws, KEY))
    [outcome] = rebuild(deployed.deployment).outcomes
    assert (outcome.deleted, outcome.drift) == (True, False)
    assert files(deployed.aws) == {"job-one": published}
    assert not rebuild(deployed.deployment).outcomes


def test_the_mark_of_another_files_text_deceives_nobody(deployed: Follower, published: str) -> None:
    """A copy keeps the mark of what it is a copy of."""
    _write(deployed.aws, f"{PREFIX}job-other.py", "by hand", _mark(deployed.aws, KEY))
    deployed.aws.put("mwaa_job", job("2", "other"))
    deployed.follow()
    assert files(deployed.aws)["job-other"] != "by hand"
    assert files(deployed.aws)["job-one"] == published


def test_an_edited_file_of_a_dag_that_was_invalid_for_a_while(
    deployed: Follower, published: str
) -> None:
    """Its mark says what it held once, and so what it should hold again."""
    _write(deployed.aws, KEY, "by hand", _mark(deployed.aws, KEY))
    deployed.aws.put("mwaa_job", job("1", "one", "404"))
    deployed.follow()
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.follow()
    rebuild(deployed.deployment)
    assert files(deployed.aws) == {"job-one": published}


@pytest.mark.usefixtures("published")
def test_a_foreign_object_in_the_place_of_a_disabled_dag(deployed: Follower) -> None:
    deployed.aws.put("mwaa_job", job("1", "one", status=0))
    deployed.follow()
    _write(deployed.aws, KEY, "theirs")
    for _ in range(2):
        rebuild(deployed.deployment)
        assert states(deployed.aws) == {"job-one": "disabled"}
        [diagnostic] = records(deployed.aws)["job-one"]["diagnostics"]
        assert (diagnostic["severity"], diagnostic["code"]) == ("warning", "foreign-object")
        assert files(deployed.aws) == {"job-one": "theirs"}

    _delete(deployed.aws, KEY)
    rebuild(deployed.deployment)
    assert "diagnostics" not in records(deployed.aws)["job-one"]
    assert not rebuild(deployed.deployment).outcomes


@pytest.mark.parametrize("text", ["\ufeff{}# by hand\n", "\ufeff{}"])
def test_a_byte_order_mark_makes_no_file_foreign(
    deployed: Follower, published: str, text: str
) -> None:
    """Some editors put one before all else, and upload without the metadata."""
    _write(deployed.aws, KEY, text.format(published))
    [outcome] = rebuild(deployed.deployment).outcomes
    assert outcome.drift
    assert files(deployed.aws) == {"job-one": published}
    assert states(deployed.aws) == {"job-one": "published"}
