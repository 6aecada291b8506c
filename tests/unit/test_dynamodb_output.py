"""What AWS's tools print and export is read as rows, or named for what it is.

The shapes are those that aws-cli 1.46 (JSON, text, table) and 2 (YAML) print.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session

from dagc.row_files.reading.read_tables import Row, read_tables
from dagc.row_files.reading.row_documents import RowsFileError

ROWS: list[Row] = [
    {"task_id": "1", "task_name": "a", "status": 1, "task_params": {"env": None}},
    {"task_id": "2", "task_name": "b", "status": 0, "task_params": {}},
]
ITEMS: list[dict[str, Any]] = [
    {
        "task_id": {"S": "1"},
        "task_name": {"S": "a"},
        "status": {"N": "1"},
        "task_params": {"M": {"env": {"NULL": True}}},
    },
    {
        "task_id": {"S": "2"},
        "task_name": {"S": "b"},
        "status": {"N": "0"},
        "task_params": {"M": {}},
    },
]
COUNTS = {"Count": 2, "ScannedCount": 2, "ConsumedCapacity": None}


def _page(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Items": [item], "Count": 1, "ScannedCount": 1, **more}


LAST_KEY = {"LastEvaluatedKey": {"task_id": {"S": "1"}}}
PAGES = [_page(ITEMS[0], **LAST_KEY), _page(ITEMS[1])]
CHANGES = [
    {"Metadata": {"WriteTimestampMicros": {"N": "30"}}, "Keys": {"task_id": {"S": "1"}},
     "NewImage": ITEMS[0], "OldImage": ITEMS[1]},
    {"Metadata": {"WriteTimestampMicros": {"N": "20"}}, "Keys": {"task_id": {"S": "1"}}},
    {"Metadata": {"WriteTimestampMicros": "10"}, "Keys": {"task_id": {"S": "2"}},
     "NewImage": ITEMS[1]},
    {"Metadata": {"WriteTimestampMicros": 9}, "Keys": {"task_id": {"S": "3"}},
     "NewImage": {"task_id": {"S": "3"}}},
    {"Metadata": {"WriteTimestampMicros": 11}, "Keys": {"task_id": {"S": "3"}},
     "OldImage": {"task_id": {"S": "3"}}},
]  # fmt: skip

YAML = """\
ConsumedCapacity: null
Count: 2
Items:
- status:
    N: '1'
  task_id:
    S: '1'
  task_name:
    S: a
  task_params:
    M:
      env:
        'NULL': true
- status:
    N: '0'
  task_id:
    S: '2'
  task_name:
    S: b
  task_params:
    M: {}
ScannedCount: 2
"""
YAML_STREAM = "- " + "\n  ".join(YAML.rstrip().split("\n")) + "\n"


def _pretty(*documents: Any) -> str:
    return "\n".join(json.dumps(document, indent=4) for document in documents) + "\n"


def _lines(*documents: Any) -> str:
    return "".join(json.dumps(document) + "\n" for document in documents)


READ: dict[str, tuple[str, str | bytes]] = {
    "scan": ("mwaa_task.json", _pretty({"Items": ITEMS, **COUNTS})),
    "scan, --query Items": ("mwaa_task.json", _pretty(ITEMS)),
    "scan, --output yaml": ("mwaa_task.yaml", YAML),
    "scan, --output yaml-stream": ("mwaa_task.yml", YAML_STREAM),
    "scan, JSON in a YAML file": ("mwaa_task.yaml", _pretty({"Items": ITEMS, **COUNTS})),
    "scan, page after page": ("mwaa_task.json", _pretty(*PAGES)),
    "scan, page after page, on lines": ("mwaa_task.jsonl", _lines(*PAGES)),
    "scan, page after page, in YAML": ("mwaa_task.yaml", f"{YAML_STREAM}---\n[]\n"),
    "scan, the pages in a list": ("mwaa_task.json", _pretty(PAGES)),
    "scan, compressed": ("mwaa_task.json.gz", gzip.compress(_pretty(*PAGES).encode())),
    "jq .Items[]": ("mwaa_task.json", _pretty(*ITEMS)),
    "jq -c .Items[]": ("mwaa_task.jsonl", _lines(*ITEMS)),
    "jq -c .Items": ("mwaa_task.jsonl", _lines(ITEMS[:1], ITEMS[1:])),
    "boto3": ("mwaa_task.json", _pretty({"Items": ROWS, "Count": 2, "ResponseMetadata": {}})),
    "get-item": ("mwaa_task.json", _pretty({"Item": ITEMS[0]}, {"Item": ITEMS[1]})),
    "batch-get-item": (
        "mwaa_task.json",
        _pretty({"Responses": {"mwaa_task": ITEMS}, "UnprocessedKeys": {}}),
    ),
    "batch-get-item, another prefix": (
        "mwaa_task.json",
        _pretty({"Responses": {"prod_task": ITEMS, "prod_job": []}}),
    ),
    "transact-get-items": (
        "mwaa_task.json",
        _pretty({"Responses": [{"Item": item} for item in ITEMS] + [{}]}),
    ),
    "execute-statement": ("mwaa_task.json", _pretty({"Items": ITEMS})),
    "batch-execute-statement": (
        "mwaa_task.json",
        _pretty({"Responses": [{"Item": item, "TableName": "mwaa_task"} for item in ITEMS]}),
    ),
    "export": ("mwaa_task/AWSDynamoDB/01-a/data/x.json.gz", gzip.compress(
        _lines(*({"Item": item} for item in ITEMS)).encode()
    )),
    "export, unpacked": ("mwaa_task/AWSDynamoDB/01-a/data/x.json", _lines(
        *({"Item": item} for item in ITEMS)
    )),
    "incremental export": ("mwaa_task/AWSDynamoDB/data/x.json.gz", gzip.compress(
        _lines(*CHANGES).encode()
    )),
}  # fmt: skip


def _tables(folder: Path, files: dict[str, str | bytes]) -> dict[str, list[Row]]:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    tables, diagnostics, _ = read_tables(folder)
    assert not diagnostics
    return tables


@pytest.mark.parametrize("about", READ)
def test_it_is_read(tmp_path: Path, about: str) -> None:
    name, content = READ[about]
    found = _tables(tmp_path, {name: content})["mwaa_task"]
    assert sorted(found, key=lambda row: str(row["task_id"])) == ROWS


def test_an_answer_for_several_tables(tmp_path: Path) -> None:
    job = {"job_type": {"S": "a"}, "job_id": {"N": "1"}}
    answer = {"Responses": {"dev_mwaa_job": [job], "dev_mwaa_task": ITEMS}}
    tables = _tables(tmp_path, {"mwaa_job.json": _pretty(answer)})
    assert tables == {
        "mwaa_task": ROWS, "mwaa_job": [{"job_type": "a", "job_id": 1}], "mwaa_scheduler": [],
    }  # fmt: skip


def test_an_incremental_export_comes_after_the_full_one(tmp_path: Path) -> None:
    full = [{"task_id": {"S": id_}, "task_name": {"S": "old"}} for id_ in ("1", "2", "3", "4")]
    files: dict[str, str | bytes] = {
        "mwaa_task/AWSDynamoDB/data/a.json": _lines(*CHANGES),
        "mwaa_task/AWSDynamoDB/01-a/data/b.json": _lines(*({"Item": item} for item in full)),
        "mwaa_task/AWSDynamoDB/01-a/data/empty.json.gz": gzip.compress(b""),
        "mwaa_task/AWSDynamoDB/01-a/manifest-files.json": '{"itemCount": 4}\n',
        "mwaa_task/AWSDynamoDB/01-a/data/unpacked.json": "",
        "mwaa_task/AWSDynamoDB/01-a/_started": "",
    }
    found = _tables(tmp_path, files)["mwaa_task"]
    expected = [*ROWS, {"task_id": "4", "task_name": "old"}]
    assert sorted(found, key=lambda row: str(row["task_id"])) == expected


SCAN = "aws dynamodb scan --table-name mwaa_task --output json > mwaa_task.json"
TEXT = "None\t2\t2\nSTATUS\t1\nTASK_ID\t1\n"
TABLE = "-----------------------\n|        Scan         |\n+---------+-----------+\n"
NAMED: dict[str, tuple[str, str | bytes, str]] = {
    "--output text": ("mwaa_task.json", TEXT, f"--output text. Use: {SCAN}"),
    "--output text in YAML": ("mwaa_task.yaml", TEXT, f"--output text. Use: {SCAN}"),
    "--output table": ("mwaa_task.json", TABLE, f"--output table. Use: {SCAN}"),
    "YAML in a JSON file": ("mwaa_task.json", YAML, "this is YAML. Name it mwaa_task.yaml"),
    "stream in a JSON file": ("mwaa_task.json", YAML_STREAM, "Name it mwaa_task.yaml"),
    "CSV": ("mwaa_task.csv", '"task_id","task_name"\n', f"is CSV.* Use: {SCAN}"),
    "CSV in JSON": ("mwaa_task.json", '"task_id","task_name"\n', f"this is CSV.* Use: {SCAN}"),
    "a text file": ("mwaa_task.txt", TEXT, f"is no file of .json.* Use: {SCAN}"),
    "Ion": ("mwaa_task/AWSDynamoDB/1/data/x.ion.gz", b"", "--export-format DYNAMODB_JSON"),
    "no such item": ("mwaa_task.json", "", r"nothing is in it.* An empty table is \[\]"),
    "packed, and cut off": ("mwaa_task.json.gz", b"", "nothing is in it"),
    "comments alone": ("mwaa_task.yaml", "# none yet\n", "nothing is in it"),
    "--max-items": ("mwaa_task.json", _pretty({"Items": ITEMS, "NextToken": "e"}), "NextToken"),
    "--no-paginate": ("mwaa_task.json", _pretty(_page(ITEMS[0], **LAST_KEY)), SCAN),
    "unprocessed": (
        "mwaa_task.json",
        _pretty({"Responses": {"t": ITEMS}, "UnprocessedKeys": {"t": {"Keys": []}}}),
        "UnprocessedKeys",
    ),
    "--select COUNT": ("mwaa_task.json", _pretty(COUNTS), f"its keys: Count, .* Use: {SCAN}"),
    "an error": (
        "mwaa_task.json",
        _pretty({"Responses": [{"Error": {"Code": "ResourceNotFound"}, "TableName": "t"}]}),
        "answer 'ResourceNotFound' instead of a row",
    ),
    "tables in one file": ("mwaa_task.yaml", "mwaa_task: []\n", "Write a file for each"),
    "half of it plain": (
        "mwaa_task.json",
        _pretty([{"task_id": {"S": "1"}, "task_name": "a"}]),
        "'task_id' is in DynamoDB's JSON, 'task_name' is not",
    ),
}


@pytest.mark.parametrize("about", NAMED)
def test_it_is_named(tmp_path: Path, about: str) -> None:
    name, content, said = NAMED[about]
    with pytest.raises(RowsFileError, match=said):
        _tables(tmp_path, {name: content})


def test_a_file_of_another_kind_beside_one_that_is_read(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"mwaa_task.json": _pretty(ITEMS), "mwaa_task.csv": ""}
    assert _tables(tmp_path, files)["mwaa_task"] == ROWS


def test_a_second_document_elsewhere_is_explained(tmp_path: Path) -> None:
    from dagc.compiler import UnreadableTextError, load_plain

    with pytest.raises(UnreadableTextError, match="line 2: a second document begins here"):
        load_plain(b"a: 1\n---\nb: 2\n")
    assert _tables(tmp_path, {"mwaa_task.yaml": "---\n- task_id: 1\n---\n- task_id: 2\n"})


def test_the_members_of_answers_are_those_of_the_service() -> None:
    service = Session().get_service_model("dynamodb")
    members = {
        operation: set(service.operation_model(operation).output_shape.members)  # type: ignore[union-attr]
        for operation in ("Scan", "Query", "ExecuteStatement", "GetItem", "BatchGetItem",
                          "TransactGetItems", "BatchExecuteStatement", "ExecuteTransaction")
    }  # fmt: skip
    for operation in ("Scan", "Query", "ExecuteStatement"):
        assert {"Items", "LastEvaluatedKey"} <= members.pop(operation)
    assert "Item" in members.pop("GetItem")
    assert "UnprocessedKeys" in members["BatchGetItem"]
    assert all("Responses" in names for names in members.values())
