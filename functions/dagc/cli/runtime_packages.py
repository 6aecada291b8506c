"""Which pip packages the rows need in Airflow: those of the operators that their tasks name."""

from pathlib import Path

from dagc.cli.compiled_rows import required_toolchain, tasks_of_rows
from dagc.cli.team import rows_folder
from dagc.compiler import Target, TaskType, Toolchain

_PROVIDER = "apache-airflow-providers-"
ALSO = {
    "airflow.providers.amazon.aws.operators.eks": "cncf-kubernetes",
    "airflow.providers.amazon.aws.transfers.exasol_to_s3": "exasol",
    "airflow.providers.amazon.aws.transfers.ftp_to_s3": "ftp",
    "airflow.providers.amazon.aws.transfers.imap_attachment_to_s3": "imap",
    "airflow.providers.amazon.aws.transfers.mongo_to_s3": "mongo",
    "airflow.providers.amazon.aws.transfers.s3_to_ftp": "ftp",
    "airflow.providers.amazon.aws.transfers.s3_to_sftp": "ssh",
    "airflow.providers.amazon.aws.transfers.salesforce_to_s3": "salesforce",
    "airflow.providers.amazon.aws.transfers.sftp_to_s3": "ssh",
    "airflow.providers.mysql.transfers.presto_to_mysql": "presto",
    "airflow.providers.mysql.transfers.s3_to_mysql": "amazon",
    "airflow.providers.mysql.transfers.trino_to_mysql": "trino",
}
"""Modules of operators that import another provider than their own package brings: transfers
between two services, and what runs on another one. `tests/airflow/test_other_providers.py` reads
those of Amazon's provider in real Airflows.
"""


def packages_of_rows(rows: Path | None, team: Path | None, target: Target) -> dict[str, list[str]]:
    """The packages of the operators in the folder `rows`, each with the ids of the tasks that name
    one of it, or whose type has one of it; those in the team's rows/ where no folder is named, if
    there is one.

    What is wrong with a row is for `dagc validate` to say: its operator is left out.
    """
    folder = rows_folder(rows, team)
    if folder is None:
        return {}
    toolchain = required_toolchain(str(target), "", team, has_runtime=True)
    packages: dict[str, list[str]] = {}
    for task in tasks_of_rows(folder, toolchain):
        if task.enabled and task.type is not None:
            for package in sorted(_packages(task.type, toolchain)):
                packages.setdefault(package, []).append(task.task_id)
    return packages


def _packages(task_type: TaskType, toolchain: Toolchain) -> set[str]:
    """The packages of what the files of a type import, as far as the catalogue knows it."""
    found = [
        signature
        for name, module in task_type.imports.items()
        for signature in toolchain.operators.find(f"{module}.{name}", toolchain.target)
    ]
    also = {ALSO[it.module] for it in found if it.module in ALSO}
    return {it.package for it in found} | {f"{_PROVIDER}{name}" for name in also}
