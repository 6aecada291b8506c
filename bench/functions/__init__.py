"""Handlers that are measured in the Lambda runtime. They import nothing else of the benchmark."""
