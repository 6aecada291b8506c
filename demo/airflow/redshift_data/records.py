"""What a statement returned, in the Data API's fields."""

from dataclasses import dataclass, field
from typing import Any

import psycopg

Field = dict[str, Any]

_WHOLE = {"int2", "int4", "int8", "oid"}
_REAL = {"float4", "float8"}


@dataclass
class Result:
    """How many rows were returned or touched; and the rows, where the statement returns any."""

    count: int
    columns: list[dict[str, Any]] = field(default_factory=list)
    records: list[list[Field]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes, roughly: the values as text."""
        return sum(
            len(str(value)) for row in self.records for cell in row for value in cell.values()
        )


def result_of(cursor: psycopg.Cursor[tuple[object, ...]]) -> Result:
    """The result of the statement that the cursor ran."""
    raw = cursor.pgresult
    if raw is None or cursor.description is None:
        return Result(max(cursor.rowcount, 0))
    types = [_type_name(cursor, column.type_code) for column in cursor.description]
    columns = [
        {"name": column.name, "label": column.name, "typeName": type_, "nullable": 1}
        for column, type_ in zip(cursor.description, types, strict=True)
    ]
    records = [
        [_field(raw.get_value(row, i), type_) for i, type_ in enumerate(types)]
        for row in range(raw.ntuples)
    ]
    return Result(raw.ntuples, columns, records)


def _type_name(cursor: psycopg.Cursor[tuple[object, ...]], oid: int) -> str:
    known = cursor.adapters.types.get(oid)
    return known.name if known else "unknown"


def _field(value: bytes | None, type_: str) -> Field:
    if value is None:
        return {"isNull": True}
    text = value.decode()
    if type_ in _WHOLE:
        return {"longValue": int(text)}
    if type_ in _REAL:
        return {"doubleValue": float(text)}
    if type_ == "bool":
        return {"booleanValue": text == "t"}
    return {"stringValue": text}
