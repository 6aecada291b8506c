"""Params that have a schema, as Airflow's documentation writes them: `Param(5, type="integer")`."""

from typing import Any

from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.param_problems import param_schemas
from dagc.compiler.python_source.nodes import Call, NodeDict
from dagc.compiler.rows.param_schemas import PARAM_SCHEMA


def with_param_calls(settings: Settings) -> dict[str, Any]:
    """`settings`, with an expression for each of the `params` that `param_schemas` describe."""
    rest = {name: value for name, value in settings.items() if name != "param_schemas"}
    schemas = param_schemas(settings)
    if not schemas:
        return rest
    params = rest.get("params", {})
    calls = {name: _param(params, name, schema) for name, schema in schemas.items()}
    return rest | {"params": NodeDict({**params, **calls})}


def _param(params: Settings, name: str, schema: Settings) -> Call:
    value = (params[name],) if name in params else ()
    return Call("Param", value, {word: schema[word] for word in PARAM_SCHEMA if word in schema})
