"""Writes live rows as files, and leaves what people wrote in them."""
