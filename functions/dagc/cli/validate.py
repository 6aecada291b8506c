"""`dagc validate`: checks rows and writes nothing. Exit codes: as `dagc compile`."""

from dagc.cli.compiled_rows import (
    Airflow,
    Environment,
    FromAws,
    NoRuntime,
    NoSql,
    OutputFormat,
    Rows,
    TablePrefix,
    compiled_rows,
    finish,
)
from dagc.cli.diagnostic_listing import Format
from dagc.cli.team import Team
from dagc.compiler import DEFAULT_TARGET


def validate_command(
    team: Team = None,
    rows: Rows = None,
    from_aws: FromAws = False,
    airflow: Airflow = DEFAULT_TARGET,
    env: Environment = "dev",
    no_runtime: NoRuntime = False,
    format_: OutputFormat = Format.TEXT,
    table_prefix: TablePrefix = "mwaa_",
    no_sql: NoSql = False,
) -> None:
    """Check rows and write nothing."""
    options = (team, rows, from_aws, airflow, env, no_runtime, table_prefix)
    finish(compiled_rows(*options, sql=not no_sql), format_, None)
