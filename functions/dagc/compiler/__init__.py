"""The compiler: rows in, DAG files or diagnostics out. Pure: no AWS, no clock, no environment."""
