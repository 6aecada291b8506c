"""What Airflow's DagBag takes for a DAG: of our files, and of what others do instead.

In the real Airflow 3.3, each side in a process of its own: one load of all files after the other,
in turns. The same rows stand behind all.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import dag_factory, naive, ours, workload
from bench.account import Account
from bench.measure import Comparison, Series
from bench.package import ROOT
from bench.place import Place
from dagc.compiler.targets import Target
from demo.local_aws import without_aws

FILES, ROUNDS = 200, 11
_TASKS, _EDGES = 10, 13
"""Of each DAG, whoever makes it."""
_AIRFLOW, _DAG_FACTORY = "airflow-3.3", "bench-dag-factory"
_OURS, _HAND, _FACTORY, _SCANNING = "ours", "written by hand", "dag-factory", "the way of before"
_CHILD = ROOT / "bench" / "dagbag_child.py"
_SCANS = ROOT / "bench" / "processor" / "scanning_dags.py"


def measure(place: Place) -> Iterator[Comparison]:
    """The comparisons."""
    files = FILES // 20 if place.quick else FILES
    series = {side: Series("ms") for side in (_OURS, _HAND, _FACTORY, _SCANNING)}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dagc-dagbag-")))
        variables = _write(place, folder, files)
        loading = {
            side: stack.enter_context(_process(folder / side, side, variables)) for side in series
        }
        for turn in range(-1, place.rounds(ROUNDS)):
            for side, process in loading.items():
                cpu = _load(process, files)
                # The first load pays the imports of operators.
                if turn >= 0:
                    series[side].values.append(cpu * 1000 / files)
                place.step(f"DagBag of {files} DAGs, {side}")
    mine, title = series[_OURS], "DagBag in Airflow 3.3, per DAG: CPU"
    yield Comparison(title, mine, _HAND, series[_HAND], target="dagbag")
    yield Comparison(title, mine, _FACTORY, series[_FACTORY], speedup=True)
    yield Comparison(title, mine, _SCANNING, series[_SCANNING], speedup=True)


def _write(place: Place, folder: Path, files: int) -> Mapping[str, str]:
    """Writes each side's files; the variables by which the way of before finds its rows."""
    jobs, tasks = workload.table(files, _TASKS)
    texts = {
        _OURS: ours.compile_jobs(tasks, jobs, ours.toolchain(Target(3, 3))),
        _HAND: naive.compile_jobs(tasks, jobs),
        _SCANNING: [_SCANS.read_text("utf-8")],
    }
    for side, of_side in texts.items():
        (folder / side).mkdir()
        for number, text in enumerate(of_side):
            (folder / side / f"dag_{number:05}.py").write_text(text, "utf-8")
    dag_factory.write(folder / _FACTORY, tasks, jobs)
    account = Account(place.aws, "dagbag")
    account.put("task", tasks)
    account.put("job", jobs)
    return account.variables


@contextmanager
def _process(
    folder: Path, side: str, variables: Mapping[str, str]
) -> Iterator["subprocess.Popen[str]"]:
    """A process with Airflow that loads a folder as often as it is asked."""
    airflow = ROOT / ".venv" / "tools" / (_DAG_FACTORY if side == _FACTORY else _AIRFLOW)
    started = subprocess.Popen(  # noqa: S603  the command is ours
        [str(airflow / "bin" / "python"), "-P", str(_CHILD), str(folder)],
        env={**without_aws(), **_airflow(folder), **variables},
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def _airflow(folder: Path) -> dict[str, str]:
    home = folder.with_name(f"{folder.name} home")
    return {
        "PYTHONPATH": str(folder),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "600",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
        # dag-factory would tell its makers of each load.
        "DO_NOT_TRACK": "true",
    }


def _load(process: "subprocess.Popen[str]", dags: int) -> float:
    """The CPU seconds of one more load."""
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError(f"Airflow ended with exit code {process.wait()}")
    found = json.loads(answer)
    if found["errors"] or [found[what] for what in ("dags", "tasks", "edges")] != [
        dags,
        dags * _TASKS,
        dags * _EDGES,
    ]:
        raise AssertionError(found)
    cpu: float = found["cpu"]
    return cpu
