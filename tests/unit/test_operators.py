"""The catalogue of operators: what it finds by which name, and when it is read."""

import json
from pathlib import Path
from typing import Any

import pytest

from dagc.cli.row_source import items_from_files
from dagc.compiler import (
    TARGETS,
    Argument,
    Operators,
    Target,
    compile_rows,
    load_toolchain,
    read_rows,
)
from tests.airflow.installed import ROOT
from tests.airflow.record_operators import FILE, archive

OLD, NEW = Target(2, 11), Target(3, 0)
AMAZON = "apache-airflow-providers-amazon"
STANDARD = "apache-airflow-providers-standard"


def entry(path: str, package: str, **more: Any) -> dict[str, Any]:
    module, _, name = path.rpartition(".")
    rest = {"arguments": {}, "deferrable": False, "sensor": False, "template_ext": []}
    return {"name": name, "module": module, "package": package, "replaced_by": "", **rest, **more}


REPORTS: dict[str, Any] = {
    "2.11": {
        "operators": [
            entry("airflow.operators.bash.BashOperator", ""),
            entry("airflow.providers.standard.operators.bash.BashOperator", STANDARD),
            entry("a.one.CopyOperator", "a", replaced_by="MoveOperator"),
        ],
        "moved": {
            "airflow.operators.bash_operator.BashOperator": "airflow.operators.bash.BashOperator",
            "airflow.operators.old.HiveOperator": "nowhere.HiveOperator",
        },
        "packages": {},
        "missing": {},
    },
    "3.0": {
        "operators": [
            entry(
                "airflow.providers.standard.operators.bash.BashOperator",
                STANDARD,
                arguments={"bash_command": "required templated array string", "cwd": ""},
                template_ext=[".sh"],
            ),
            entry("a.one.CopyOperator", "a"),
            entry("b.two.CopyOperator", "b"),
        ],
        "moved": {},
        "packages": {},
        "missing": {},
    },
}


@pytest.fixture
def operators(tmp_path: Path) -> Operators:
    path = tmp_path / "operators.zip"
    path.write_bytes(archive(REPORTS))
    return Operators(path)


def test_an_operator_is_as_it_was_recorded(operators: Operators) -> None:
    (bash,) = operators.find("BashOperator", NEW)
    assert bash.path == "airflow.providers.standard.operators.bash.BashOperator"
    assert bash.package == STANDARD
    assert bash.template_ext == (".sh",)
    assert bash.arguments == {
        "bash_command": Argument(required=True, templated=True, kinds=("array", "string")),
        "cwd": Argument(required=False, templated=False, kinds=()),
    }
    (copy,) = operators.find("CopyOperator", OLD)
    assert copy.replaced_by == "MoveOperator"


@pytest.mark.parametrize(
    ("name", "target", "found"),
    [
        ("CopyOperator", OLD, ["a.one.CopyOperator"]),
        ("CopyOperator", NEW, ["a.one.CopyOperator", "b.two.CopyOperator"]),
        ("b.two.CopyOperator", NEW, ["b.two.CopyOperator"]),
        # A name alone means Airflow's own.
        ("BashOperator", OLD, ["airflow.operators.bash.BashOperator"]),
        (
            "airflow.providers.standard.operators.bash.BashOperator",
            OLD,
            ["airflow.providers.standard.operators.bash.BashOperator"],
        ),
        # Paths of another Airflow, and those that were old already there.
        (
            "airflow.operators.bash.BashOperator",
            NEW,
            ["airflow.providers.standard.operators.bash.BashOperator"],
        ),
        (
            "airflow.operators.bash_operator.BashOperator",
            NEW,
            ["airflow.providers.standard.operators.bash.BashOperator"],
        ),
        (
            "airflow.operators.bash_operator.BashOperator",
            OLD,
            ["airflow.operators.bash.BashOperator"],
        ),
        ("b.two.CopyOperator", OLD, ["a.one.CopyOperator"]),
        # What nobody has.
        ("BashOperators", NEW, []),
        ("mine.BashOperator", NEW, []),
        ("airflow.operators.old.HiveOperator", OLD, []),
        ("index", NEW, []),
        ("", NEW, []),
        (".", NEW, []),
        ("../../operators", NEW, []),
        ("BashOperator", Target(3, 3), []),
    ],
)
def test_a_name_or_a_path_means(
    operators: Operators, name: str, target: Target, found: list[str]
) -> None:
    assert [each.path for each in operators.find(name, target)] == found


def test_names_and_targets(operators: Operators) -> None:
    assert set(operators.names(NEW)) == {"BashOperator", "CopyOperator"}
    assert list(operators.names(Target(3, 3))) == []
    assert operators.targets("CopyOperator") == (OLD, NEW)
    assert operators.targets("airflow.operators.bash.BashOperator") == (OLD, NEW)
    assert operators.targets("HiveOperator") == ()


def test_nothing_is_read_before_an_operator_is_looked_up(tmp_path: Path) -> None:
    operators = Operators(tmp_path / "nowhere.zip")
    with pytest.raises(FileNotFoundError):
        operators.find("BashOperator", NEW)


def test_a_compile_whose_rows_name_no_operator_does_not_open_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def opened(_: Operators) -> None:
        raise AssertionError

    monkeypatch.setattr(Operators, "_zip", property(opened))
    # Not one that other tests have looked operators up in.
    toolchain, _ = load_toolchain.__wrapped__(NEW, "dev", ROOT / "examples")
    assert toolchain is not None
    items, _, _ = items_from_files(ROOT / "examples" / "rows")
    rows = read_rows(items.tasks, items.jobs, items.schedulers, toolchain)
    assert len([dag for dag in compile_rows(rows, toolchain) if dag.text]) > 3
    with pytest.raises(AssertionError):
        toolchain.operators.find("BashOperator", NEW)


def test_the_same_reports_give_the_same_bytes() -> None:
    again = json.loads(json.dumps(REPORTS))
    assert archive(again) == archive(dict(reversed(again.items())))


def test_the_catalogue_is_small_and_every_target_has_its_operators() -> None:
    assert FILE.stat().st_size < 3_000_000
    operators = Operators(FILE)
    for target in TARGETS:
        names = operators.names(target)
        assert len(names) > 300
        assert all(target in operators.targets(name) for name in names)
        for name in ("BashOperator", "GlueCrawlerOperator", "KubernetesPodOperator", "S3KeySensor"):
            assert len(operators.find(name, target)) == 1


def test_a_toolchain_has_the_catalogue() -> None:
    toolchain, _ = load_toolchain(NEW, "")
    assert toolchain is not None
    (crawler,) = toolchain.operators.find("GlueCrawlerOperator", NEW)
    assert crawler.package == AMAZON
    assert crawler.deferrable
    assert crawler.arguments["config"] == Argument(required=True, templated=True, kinds=())
    (sensor,) = toolchain.operators.find("S3KeySensor", NEW)
    assert sensor.sensor
    assert {"mode", "poke_interval", "timeout", "soft_fail"} <= sensor.arguments.keys()
