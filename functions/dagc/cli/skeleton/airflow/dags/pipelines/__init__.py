"""Python functions that rows name as `pipelines.<module>:<function>`."""
