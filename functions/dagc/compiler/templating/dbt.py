"""Prints the command of a DBT task.

No text of a row stands in it: Bash would read it, and once more what Airflow made of its Jinja. All
texts are environment variables, which Bash hands on as they are.
"""

from collections.abc import Mapping
from typing import Any

from dagc.compiler.schema.service_formats import DBT_OPTIONS, DBT_VARIABLES
from dagc.compiler.templating.json_texts import as_json_text
from dagc.compiler.templating.placeholders import ABSENT

_NO_REFRESH = ("snapshot", "source freshness", "test")
"""The commands that know no `--full-refresh`."""


def dbt_command(params: Mapping[str, Any]) -> str:
    """Returns the script for the parameters of a DBT task, which ABSENT may be."""
    given = {name: value for name, value in params.items() if value is not ABSENT}
    dbt = '"$EXECUTABLE"' if "executable" in given else "dbt"
    parts = [dbt, given["command"]]
    parts += [
        f'{option} "${DBT_VARIABLES[name]}"'
        for name, option in DBT_OPTIONS.items()
        if name in given
    ]
    if given.get("full_refresh") and given["command"] not in _NO_REFRESH:
        parts.append("--full-refresh")
    if given.get("fail_fast"):
        parts.append("--fail-fast")
    if "threads" in given:
        parts.append(f"--threads {int(given['threads'])}")
    steps = ['cp -R -- "$PROJECT_DIR/." .', *([f"{dbt} deps"] if given.get("deps") else ())]
    return " && ".join([*steps, " ".join(parts)])


def dbt_environment(params: Mapping[str, Any], native: bool = False) -> dict[str, str]:  # noqa: FBT001, FBT002  as a template writes it
    """Returns the variables of that script, and those of `env`. Of a DAG that renders to `native`
    values, the JSON of dbt's own variables stays a text.
    """
    given = {**params, "vars": as_json_text(params["vars"], native)}
    own = {
        variable: _text(given[name])
        for name, variable in DBT_VARIABLES.items()
        if given[name] is not ABSENT
    }
    env = params["env"]
    return own if env is ABSENT else {**env, **own}


def _text(value: Any) -> Any:
    """What dbt reads: of a list its entries with blanks between."""
    return " ".join(value) if isinstance(value, list) else value
