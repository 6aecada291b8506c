"""Which kind of change it is from one text of a DAG file to another, and when it runs next."""
