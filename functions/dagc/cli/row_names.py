"""Rows as options name them: `mwaa_task/301`, `mwaa_job/mart/20`, `mwaa_scheduler/1`."""

from urllib.parse import unquote

from dagc.cli.refusal import refuse
from dagc.compiler import KEYS, RowKey


def named_row(text: str, option: str) -> RowKey:
    """The row that `text` names; ends with exit code 2 if it names none. A slash in a key is
    written `%2F`, a per cent sign `%25`.
    """
    table, _, rest = text.partition("/")
    names = KEYS.get(table)
    if names is None:
        refuse(f"{option}: {text!r} names no table. Begin with {', '.join(KEYS)}, then a slash.")
    values = [unquote(part) for part in rest.split("/")]
    if len(values) != len(names) or not all(values):
        wanted = "/".join([table, *(name.upper() for name in names)])
        refuse(f"{option}: {text!r} is no key of {table}. Write {wanted}; a slash in it as %2F.")
    return RowKey(table, tuple(zip(names, values, strict=True)))


def row_name(row: RowKey) -> str:
    """The text that names `row`."""
    return "/".join([row.table, *(_escaped(value) for _, value in row.key)])


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("/", "%2F")
