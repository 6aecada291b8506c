"""What a template printed is Python: checked once for each skeleton.

Whatever fills the marks of one skeleton, its structure is the same; and each literal that fills
them is read back by itself (`syntax/strings.py`). So the first filling of a skeleton is compiled,
and no other: that would be half of the time that a file takes.
"""

from dagc.templating.skeleton import Skeleton


class NotPythonError(Exception):
    """A template printed what Python cannot read."""


def verify(skeleton: Skeleton, source: str) -> None:
    """Raises NotPythonError if `source`, the first filling of `skeleton`, cannot be compiled."""
    if skeleton.checked:
        return
    if source.startswith(" "):
        source = f"if x:\n{source}"
    if source.endswith(":"):
        source += " pass"
    try:
        compile(source, "<template>", "exec", dont_inherit=True)
    except SyntaxError as error:
        line = (error.text or "").strip()
        raise NotPythonError(f"it prints no Python: {error.msg}: {line!r}") from error
    except ValueError as error:
        raise NotPythonError(f"it prints no Python: {error}") from error
    skeleton.checked = True
