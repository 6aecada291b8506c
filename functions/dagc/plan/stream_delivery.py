"""Decides whether a table's stream delivers its edits to the compiler. Pure.

Lambda says nothing of a mapping that delivers nothing: no invocation, and so no iterator age.
"""

from typing import NamedTuple


class EventSourceMapping(NamedTuple):
    """What reads a table's stream and invokes the compiler, as Lambda describes it.

    `state` is "" where the mapping is gone; `result` is what Lambda says of its latest look at the
    stream.
    """

    state: str
    stream: str = ""
    result: str = ""


def delivery_problem(mapping: EventSourceMapping, stream: str, view: str) -> str | None:
    """Say why edits do not arrive; None where they do. `stream` is the ARN of the stream that the
    table has now, "" where it has none, and `view` its view type.
    """
    if not mapping.state:
        return "the event source mapping was deleted"
    if mapping.state in _AT_REST:
        return f"the event source mapping is {mapping.state}"
    if not stream:
        return "the table's stream is turned off"
    if mapping.stream != stream:
        return f"the event source mapping reads {mapping.stream}, the table's stream is {stream}"
    if view != VIEW:
        return f"the table's stream holds {view} of an edit, and the compiler needs {VIEW}"
    if mapping.result.startswith("PROBLEM") and mapping.result != _FUNCTION_FAILED:
        return mapping.result
    return None


VIEW = "NEW_AND_OLD_IMAGES"
"""The view type that a stream must have: the compiler wants the names that a row had, and has."""
_AT_REST = {"Disabling", "Disabled", "Deleting"}
"""Those of the states of a mapping in which it delivers nothing ("GetEventSourceMapping")."""
_FUNCTION_FAILED = "PROBLEM: Function call failed"
"""An edit was delivered, and the function has alarms of its own. It stands until the next edit."""
