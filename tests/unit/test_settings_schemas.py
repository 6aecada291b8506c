"""The schemas of settings are compiled as they are used: here, all of them are."""

import pytest

from dagc.compiler.rows.settings import (
    JOB_PARAMS_SCHEMA,
    SCHEDULE_PARAMS_SCHEMA,
    TASK_CONFIG_SCHEMA,
    TRIGGER_CONFIG_SCHEMA,
)
from dagc.compiler.schema.layers import LayerSchema, compile_layers


@pytest.mark.parametrize(
    "schema",
    [JOB_PARAMS_SCHEMA, SCHEDULE_PARAMS_SCHEMA, TASK_CONFIG_SCHEMA, TRIGGER_CONFIG_SCHEMA],
)
def test_is_sound(schema: LayerSchema) -> None:
    compiled = compile_layers(schema.declared, "settings")
    assert compiled.properties.keys() == schema.properties.keys()
