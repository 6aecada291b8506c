"""The handlers, which AWS Lambda starts, and how they are put together (`wiring`)."""
