"""How a plan is kept, in which order its rows are written, and what came of it."""
