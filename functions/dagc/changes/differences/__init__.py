"""What differs between two rows, and between two texts, line by line."""
