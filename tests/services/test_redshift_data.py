"""The local Data API, as boto3 sees it: every operation, on a real PostgreSQL."""

import gzip
import time
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_redshift_data import RedshiftDataAPIServiceClient as Client
from mypy_boto3_s3 import S3Client

WHERE: Any = {"WorkgroupName": "retail-dev", "Database": "retail"}
SLOW = "SELECT pg_sleep(60)"


def ended(api: Client, id_: str) -> Any:
    """The description of a statement that has ended."""
    while (told := api.describe_statement(Id=id_, WaitTimeSeconds=30))["Status"] not in {
        "FINISHED",
        "FAILED",
        "ABORTED",
    }:
        pass
    return told


def executed(api: Client, *texts: str, **more: Any) -> Any:
    """The description of what was run: a batch, where there are several texts."""
    where = {} if "SessionId" in more else WHERE
    if len(texts) == 1:
        return ended(api, api.execute_statement(Sql=texts[0], **where, **more)["Id"])
    return ended(api, api.batch_execute_statement(Sqls=texts, **where, **more)["Id"])


def rows(api: Client, text: str, **more: Any) -> Any:
    """The records that a query returns."""
    told = executed(api, text, **more)
    assert told["Status"] == "FINISHED", told
    return api.get_statement_result(Id=told["Id"])["Records"]


def refusal(call: Any, **request: Any) -> tuple[str, str]:
    """The error's name and message."""
    with pytest.raises(ClientError) as error:
        call(**request)
    told = error.value.response["Error"]
    return told["Code"], told["Message"]


def test_a_query_returns_typed_fields(data_api: Client) -> None:
    told = executed(
        data_api,
        "SELECT 1 AS one, 1.5::float8 AS real, 2.50::decimal(8, 2) AS money, TRUE AS yes,"
        " NULL::varchar AS nothing, DATE '2026-11-21' AS day, 'ä' AS text",
    )
    assert told["HasResultSet"]
    assert told["ResultRows"] == 1
    assert told["Duration"] > 0
    result = data_api.get_statement_result(Id=told["Id"])
    assert result["Records"] == [
        [
            {"longValue": 1},
            {"doubleValue": 1.5},
            {"stringValue": "2.50"},
            {"booleanValue": True},
            {"isNull": True},
            {"stringValue": "2026-11-21"},
            {"stringValue": "ä"},
        ]
    ]
    columns = [(column["name"], column["typeName"]) for column in result["ColumnMetadata"]]
    assert columns[:4] == [
        ("one", "int4"),
        ("real", "float8"),
        ("money", "numeric"),
        ("yes", "bool"),
    ]
    assert result["TotalNumRows"] == 1


def test_parameters_are_values_and_never_sql(data_api: Client) -> None:
    hostile = "x'; DROP TABLE t; --"
    found = rows(
        data_api,
        "SELECT :text, :day::date + 1, ':text'",
        Parameters=[{"name": "text", "value": hostile}, {"name": "day", "value": "2026-11-30"}],
    )
    assert found == [
        [{"stringValue": hostile}, {"stringValue": "2026-12-01"}, {"stringValue": ":text"}]
    ]


def test_rows_that_are_touched_are_counted(data_api: Client) -> None:
    told = executed(
        data_api,
        "CREATE TEMP TABLE t (a int) DISTSTYLE ALL SORTKEY (a)",
        "INSERT INTO t VALUES (1), (2), (3)",
        "DELETE FROM t WHERE a > :least",
        "SELECT COUNT(*) FROM t",
        Parameters=[{"name": "least", "value": "1"}],
    )
    assert told["Status"] == "FINISHED"
    assert told["HasResultSet"]
    parts = told["SubStatements"]
    assert [part["Id"] for part in parts] == [f"{told['Id']}:{i}" for i in range(1, 5)]
    assert [part["ResultRows"] for part in parts] == [0, 3, 2, 1]
    assert [part["HasResultSet"] for part in parts] == [False, False, False, True]
    result = data_api.get_statement_result(Id=parts[3]["Id"])
    assert result["Records"] == [[{"longValue": 1}]]


def test_a_batch_is_one_transaction(data_api: Client) -> None:
    executed(data_api, "DROP TABLE IF EXISTS whole")
    executed(data_api, "CREATE TABLE whole (a int)")
    told = executed(
        data_api, "INSERT INTO whole VALUES (1)", "SELECT 1 / 0", "INSERT INTO whole VALUES (2)"
    )
    assert told["Status"] == "FAILED"
    assert told["Error"] == "Query #2 failed with ERROR: division by zero"
    assert [part["Status"] for part in told["SubStatements"]] == ["FINISHED", "FAILED", "ABORTED"]
    assert rows(data_api, "SELECT COUNT(*) FROM whole") == [[{"longValue": 0}]]


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("SELECT * FROM missing", 'ERROR: relation "missing" does not exist'),
        ("SELECT 1; SELECT 2", "ERROR: cannot insert multiple commands into a prepared statement"),
        ("SELECT FROM WHERE", "ERROR: "),
        ("VACUUM FULL whole TO 95 PERCENT", "ERROR: syntax error"),
        ("COPY t FROM 's3://landing/none/' IAM_ROLE DEFAULT CSV", "ERROR: The specified S3 prefix"),
        ("COPY t FROM 's3://nobody/x' IAM_ROLE DEFAULT CSV", "ERROR: S3ServiceException"),
        ("COPY t FROM 's3://landing/x' PARQUET", "ERROR: the local Redshift knows no COPY with"),
        ("UNLOAD ('SELECT 1') TO 's3://landing/x' FORMAT PARQUET", "ERROR: the local Redshift"),
    ],
)
def test_a_statement_that_cannot_run_fails_with_words(
    data_api: Client, sql: str, error: str
) -> None:
    told = executed(data_api, sql)
    assert told["Status"] == "FAILED"
    assert told["Error"].startswith(error), told["Error"]
    code, _ = refusal(data_api.get_statement_result, Id=told["Id"])
    assert code == "ResourceNotFoundException"


def test_a_database_that_is_not_there_fails_the_statement(data_api: Client) -> None:
    id_ = data_api.execute_statement(Sql="SELECT 1", ClusterIdentifier="c", Database="nope")["Id"]
    assert 'database "nope" does not exist' in ended(data_api, id_)["Error"]


def test_copy_and_unload_move_rows(data_api: Client, s3: S3Client) -> None:
    s3.put_object(Bucket="landing", Key="in/1.csv", Body=b"a,b\n1,one\n2,\n")
    s3.put_object(Bucket="landing", Key="in/2.csv", Body=b'a,b\n3,"th,ree"')
    s3.put_object(Bucket="landing", Key="zip/1.csv.gz", Body=gzip.compress(b"4;four\n;\n"))
    copy = "COPY moved FROM 's3://landing/{}/' IAM_ROLE DEFAULT FORMAT AS CSV {}"
    out = (
        "UNLOAD ('SELECT a, b FROM moved WHERE b <> ''x'' ORDER BY a') TO 's3://landing/out/m_'"
        " IAM_ROLE 'arn:aws:iam::123456789012:role/r' FORMAT AS CSV HEADER PARALLEL OFF"
    )
    executed(data_api, "DROP TABLE IF EXISTS moved")
    told = executed(
        data_api,
        "CREATE TABLE moved (k bigint IDENTITY (1, 1), a int, b varchar(10))",
        copy.format("in", "IGNOREHEADER 1").replace("moved", "moved (a, b)"),
        copy.format("zip", "DELIMITER ';' GZIP EMPTYASNULL").replace("moved", "moved (a, b)"),
        out,
    )
    assert told["Status"] == "FINISHED", told
    assert [part["ResultRows"] for part in told["SubStatements"]] == [0, 3, 2, 4]
    body = s3.get_object(Bucket="landing", Key="out/m_000")["Body"].read().decode()
    # An empty text stays one, unless NULL was asked for.
    assert body == 'a,b\n1,one\n2,""\n3,"th,ree"\n4,four\n'

    assert "not empty" in executed(data_api, out)["Error"]
    assert executed(data_api, f"{out} ALLOWOVERWRITE")["Status"] == "FINISHED"


def test_a_bad_file_says_where(data_api: Client, s3: S3Client) -> None:
    s3.put_object(Bucket="landing", Key="bad/1.csv", Body=b"1\ntwo\n")
    told = executed(
        data_api,
        "CREATE TEMP TABLE bad (a int)",
        "COPY bad FROM 's3://landing/bad/' IAM_ROLE DEFAULT CSV",
    )
    assert 'invalid input syntax for type integer: "two"' in told["Error"]
    assert "line 2" in told["Error"]


def test_a_session_keeps_its_temporary_tables(data_api: Client) -> None:
    first = executed(
        data_api, "CREATE TEMP TABLE mine AS SELECT 1 AS a", SessionKeepAliveSeconds=60
    )
    session = first["SessionId"]
    assert rows(data_api, "SELECT a FROM mine", SessionId=session) == [[{"longValue": 1}]]
    assert executed(data_api, "SELECT a FROM mine")["Status"] == "FAILED"

    slow = data_api.execute_statement(Sql=SLOW, SessionId=session)["Id"]
    code, message = refusal(data_api.execute_statement, Sql="SELECT 1", SessionId=session)
    assert code == "ValidationException"
    assert "busy" in message
    data_api.cancel_statement(Id=slow)
    ended(data_api, slow)

    executed(data_api, "SELECT 1", SessionId=session, SessionKeepAliveSeconds=0)
    code, message = refusal(data_api.execute_statement, Sql="SELECT 1", SessionId=session)
    assert (code, message) == ("ValidationException", "Session is not available.")


def test_a_statement_can_be_cancelled(data_api: Client) -> None:
    id_ = data_api.batch_execute_statement(Sqls=[SLOW, "SELECT 1"], **WHERE)["Id"]
    while data_api.describe_statement(Id=id_)["Status"] != "STARTED":
        time.sleep(0.01)
    assert data_api.cancel_statement(Id=id_)["Status"] is True
    told = ended(data_api, id_)
    assert told["Status"] == "ABORTED"
    assert [part["Status"] for part in told["SubStatements"]] == ["ABORTED", "ABORTED"]
    code, message = refusal(data_api.cancel_statement, Id=id_)
    assert code == "ValidationException"
    assert "ABORTED" in message


def test_the_same_token_is_the_same_statement(data_api: Client) -> None:
    token = str(uuid4())
    ids = {
        data_api.execute_statement(Sql="SELECT 1", ClientToken=token, **WHERE)["Id"]
        for _ in range(3)
    }
    assert len(ids) == 1


def test_statements_are_listed(data_api: Client) -> None:
    name = f"nightly-{uuid4()}"
    executed(data_api, "SELECT 1", StatementName=name)
    executed(data_api, "SELECT 1", "SELECT 2", StatementName=name)
    executed(data_api, "SELECT 1 / 0", StatementName=name)
    found = data_api.list_statements(StatementName=name)["Statements"]
    assert [statement["IsBatchStatement"] for statement in found] == [True, False]
    every = data_api.list_statements(StatementName=name, Status="ALL")["Statements"]
    assert [statement["Status"] for statement in every] == ["FAILED", "FINISHED", "FINISHED"]


@pytest.mark.parametrize(
    ("request_", "part"),
    [
        ({"Sql": "SELECT 1", "Database": "retail"}, "Exactly one of"),
        ({"Sql": "SELECT 1", "ClusterIdentifier": "c", **WHERE}, "Exactly one of"),
        ({"Sql": "SELECT 1", "WorkgroupName": "retail-dev"}, "Database is needed"),
        ({"Sql": "SELECT 1", "DbUser": "u", **WHERE}, "DbUser"),
        ({"Sql": " ", **WHERE}, "SQL is empty"),
        ({"Sql": "SELECT 1 --" + "x" * 100_000, **WHERE}, "longer than"),
        ({"Sql": "SELECT :a", **WHERE}, "Cannot find parameter: a"),
        (
            {"Sql": "SELECT 1", "Parameters": [{"name": "a", "value": "1"}], **WHERE},
            "unused parameters",
        ),
        ({"Sql": "SELECT 1", "SessionKeepAliveSeconds": 86_401, **WHERE}, "at most 86400"),
        ({"Sql": "SELECT 1", "SessionId": "x"}, "pattern"),
        ({"Sql": "SELECT 1", "SessionId": str(uuid4())}, "Session is not available"),
    ],
)
def test_what_aws_refuses(data_api: Client, request_: Any, part: str) -> None:
    code, message = refusal(data_api.execute_statement, **request_)
    assert code == "ValidationException"
    assert part in message


def test_a_batch_has_at_most_forty(data_api: Client) -> None:
    code, message = refusal(data_api.batch_execute_statement, Sqls=["SELECT 1"] * 41, **WHERE)
    assert code == "ValidationException"
    assert "at most 40" in message


def test_what_is_not_there(data_api: Client) -> None:
    for call in (data_api.describe_statement, data_api.get_statement_result):
        code, _ = refusal(call, Id=str(uuid4()))
        assert code == "ResourceNotFoundException"
    assert refusal(data_api.list_databases)[0] == "UnknownOperationException"
