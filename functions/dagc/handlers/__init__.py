"""The handlers, which AWS Lambda starts, and how they are put together (`wiring`)."""

from dagc.handlers.collector import look_at_no_start

look_at_no_start()  # here, for it comes before all that a handler imports
