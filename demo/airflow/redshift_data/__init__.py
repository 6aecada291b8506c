"""A small Redshift Data API on this machine, which runs the SQL in a real PostgreSQL.

`server` speaks the protocol and checks each request and answer against botocore's own model,
`api` holds the operations, `statements` runs what they ask for, `dialect` puts Redshift's SQL into
PostgreSQL's, `transfer` is COPY and UNLOAD. What cannot be put into PostgreSQL's SQL comes back as
a failed statement. Events (`WithEvent`) are not sent, and of results there is one page.
"""

from demo.airflow.redshift_data.server import redshift_data

__all__ = ["redshift_data"]
