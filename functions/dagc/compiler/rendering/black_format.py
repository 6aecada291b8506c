"""Formats what a team's own template printed.

The project's templates print black's layout by themselves. black is imported only here, and only
when it is needed; it formats one statement at a time and remembers it by its content, because it
takes longer than all the rest of a compile.
"""

from functools import lru_cache

from dagc.compiler.python_source.layout import INDENT


@lru_cache(maxsize=4096)
def blackened(statement: str, depth: int = 0) -> str:
    """`statement`, the text of a task inside `with DAG(…):` and `depth` task groups, as black would
    leave it there.
    """
    import black

    opening = "".join(f"{' ' * INDENT * level}if x:\n" for level in range(depth + 1))
    text = black.format_str(opening + statement, mode=black.Mode())
    return text.removeprefix(opening).rstrip("\n")
