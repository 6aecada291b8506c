"""The steps of `dagc doctor`: looks at a deployed stack, and sends rows of its own through it."""
