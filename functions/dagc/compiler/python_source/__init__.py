"""Python source text in black's layout: literals, names, imports, dependencies."""
