"""A record was lost, which knew the rows of its DAG; a row that these name is edited."""

from tests.convergence.deployed import Follower, files, job, records, scheduler, states, task


def test_a_lost_record_and_an_edit_of_its_task(deployed: Follower) -> None:
    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    deployed.follow()
    aws.delete("mwaa_dag", {"dag_id": "job-one"})
    aws.put("mwaa_task", task("1", "false"))
    deployed.follow()
    assert "job-one" in files(aws)


def test_a_lost_record_of_a_scheduler(deployed: Follower) -> None:
    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    aws.put("mwaa_scheduler", scheduler("1", "s"))
    deployed.follow()
    aws.delete("mwaa_dag", {"dag_id": "schedule-s"})
    aws.put("mwaa_job", job("1", "two"))
    assert not deployed.follow().failures
    assert files(aws).keys() == {"job-two", "schedule-s"}
    assert states(aws)["schedule-s"] == "published"
    assert records(aws)["schedule-s"]["sources"]
