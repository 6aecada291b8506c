"""A canary: sends rows of its own through a deployed stack, to see whether it compiles them."""
