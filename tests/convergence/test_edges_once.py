"""No batch names an item twice."""

from collections.abc import Callable

from dagc.apply.rebuild import rebuild
from tests.convergence.deployed import Follower, job, task
from tests.emulator.aws import Answer


def test_a_rebuild_deletes_each_edge_once(deployed: Follower) -> None:
    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_task", task("2"))
    aws.put("mwaa_job", job("1", "one", "1,2"))
    deployed.follow()
    aws.put("mwaa_job", job("1", "one", "1"))  # its event is lost
    seen: list[list[str]] = []

    def around(operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == "dynamodb.BatchExecuteStatement":
            seen.append([str(it["Parameters"]) for it in parameters["Statements"]])
        return execute()

    aws.around[:] = [around]
    rebuild(deployed.deployment)
    for keys in seen:
        assert len(set(keys)) == len(keys), keys
