"""Makes the bucket hold what the rows say: after edits what they touch, in a rebuild everything."""
