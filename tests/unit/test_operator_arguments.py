"""Each argument of each operator is a parameter of its type, or there is a reason why not."""

import ast
import json
from collections import defaultdict
from dataclasses import replace

import pytest
import yaml

from dagc.compiler.targets import TARGETS, Target
from tests.golden.case import FOLDER, compiled, read_case

RECORDED: dict[str, dict[str, list[str]]] = json.loads(
    (FOLDER.parent / "airflow" / "signatures.json").read_text("utf-8")
)
REASONS: dict[str, dict[str, str]] = yaml.safe_load(
    (FOLDER.parent / "airflow" / "not_offered.yaml").read_text("utf-8")
)


def _printed(target: Target) -> dict[str, set[str]]:
    """By operator, the arguments that files for `target` hold whose rows give all parameters."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for folder in FOLDER.glob("type-*"):
        for name, text in compiled(replace(read_case(folder), target=target)).items():
            if name.endswith(".py"):
                for node in ast.walk(ast.parse(text)):
                    _collect(node, found)
    return found


def _collect(node: ast.AST, found: defaultdict[str, set[str]]) -> None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        found[node.func.id] |= {str(keyword.arg) for keyword in node.keywords}
    elif isinstance(node, ast.keyword) and node.arg == "default_args":
        assert isinstance(node.value, ast.Dict)
        found["default_args"] |= {ast.literal_eval(key) for key in node.value.keys if key}


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_every_argument_is_offered_or_has_a_reason(target: Target) -> None:
    printed = _printed(target)
    missing = {
        operator: sorted(
            set(arguments)
            - printed[operator]
            - printed["default_args"]
            - REASONS["*"].keys()
            - REASONS.get(operator, {}).keys()
        )
        for operator, arguments in RECORDED[str(target)].items()
    }
    assert {operator: names for operator, names in missing.items() if names} == {}


def test_no_reason_is_without_an_argument() -> None:
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for operators in RECORDED.values():
        for operator, arguments in operators.items():
            taken[operator] |= set(arguments)
            taken["*"] |= set(arguments)
    idle = {name: set(reasons) - taken[name] for name, reasons in REASONS.items()}
    assert not any(idle.values()), idle


def test_the_file_of_what_was_recorded_is_of_all_targets() -> None:
    assert list(RECORDED) == list(map(str, TARGETS))
