"""A plan for people, in the terminal. `plan_as_text` is its door."""
