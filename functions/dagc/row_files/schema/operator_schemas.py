"""What operators take, for the schema of tasks: of those alone that rows name. (With all of the
catalogue, the schema would be more than twice as large.)
"""

from collections.abc import Iterable, Iterator, Mapping

from dagc.compiler import TaskType, Toolchain
from dagc.row_files.schema.json_schema_formats import JsonSchema
from dagc.row_files.schema.json_schema_values import layer_schema


def used_operators(types: Iterable[TaskType | None]) -> dict[str, TaskType]:
    """The types of operators in the catalogue among those of rows, by what rows call them."""
    return {
        known.params.declared["properties"]["operator"]["enum"][0]: known
        for known in types
        if known is not None and known.signature is not None
    }


def with_operators(
    params: JsonSchema, operators: Mapping[str, TaskType], toolchain: Toolchain
) -> JsonSchema:
    """The schema of the parameters of a type of any operator, with the arguments of `operators`. An
    editor proposes the classes of all, and takes any other name, such as that of an approved one.
    """
    names = sorted(toolchain.operators.names(toolchain.target))
    operator = {**params["properties"]["operator"], "anyOf": [{"enum": names}, {}]}
    result = {**params, "properties": {**params["properties"], "operator": operator}}
    arguments = list(_arguments(operators, toolchain))
    return {**result, "allOf": arguments} if arguments else result


def _arguments(operators: Mapping[str, TaskType], toolchain: Toolchain) -> Iterator[JsonSchema]:
    for name, known in sorted(operators.items()):
        declared = known.params.declared["properties"]["arguments"]
        yield {
            "if": {"properties": {"operator": {"const": name}}, "required": ["operator"]},
            "then": {"properties": {"arguments": layer_schema(declared, toolchain.target)}},
        }
