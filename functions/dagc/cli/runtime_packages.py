"""Which pip packages the rows need in Airflow: those of the operators that their tasks name."""

from pathlib import Path

from dagc.cli.compiled_rows import required_toolchain
from dagc.cli.refusal import refuse
from dagc.cli.row_source import InputError, items_from_files
from dagc.compiler import Target, TaskType, Toolchain, read_rows


def packages_of_rows(rows: Path | None, team: Path | None, target: Target) -> dict[str, list[str]]:
    """The packages of the operators in the folder `rows`, each with the ids of the tasks that name
    one of it, or whose type has one of it; those in the team's rows/ where no folder is named, if
    there is one.

    What is wrong with a row is for `dagc validate` to say: its operator is left out.
    """
    folder = rows or (team / "rows" if team is not None and (team / "rows").is_dir() else None)
    if folder is None:
        return {}
    toolchain = required_toolchain(str(target), "", team, has_runtime=True)
    try:
        items, _, _ = items_from_files(folder)
    except InputError as error:
        refuse(str(error))
    packages: dict[str, list[str]] = {}
    for task in read_rows(items.tasks, (), (), toolchain).all_tasks():
        if task.enabled and task.type is not None:
            for package in sorted(_packages(task.type, toolchain)):
                packages.setdefault(package, []).append(task.task_id)
    return packages


def _packages(task_type: TaskType, toolchain: Toolchain) -> set[str]:
    """The packages of what the files of a type import, as far as the catalogue knows it."""
    return {
        signature.package
        for name, module in task_type.imports.items()
        for signature in toolchain.operators.find(f"{module}.{name}", toolchain.target)
    }
