"""Reads YAML as people write it: a mistake says in which line it is, and what to do.

PyYAML is imported where a file is read: the deployed functions read none.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

Tags = Mapping[str | None, Callable[[Any, Any], Any]]
"""Makes the value of a tag: PyYAML's loader and node in, the value or UnreadableTextError out. None
stands for all tags that are not named.
"""


class UnreadableTextError(ValueError):
    """A text cannot be read, from `line` (counted from 1) on. Its `hint` says what to do."""

    def __init__(self, line: int, message: str, hint: str) -> None:
        super().__init__(f"line {line}: {message}. {hint}")
        self.line = line
        self.message = message
        self.hint = hint


class YamlError(NamedTuple):
    """What PyYAML says of a mistake: while it read what (`context`, from `context_line` on), it met
    which `problem` in `line`, at `column`. Lines and columns count from 0.
    """

    context: str
    context_line: int
    problem: str
    line: int
    column: int


def load_plain(content: bytes) -> Any:
    """Returns the content of a YAML file, its values as DynamoDB would hold them."""
    return _loaded(content, lambda yaml, text, loader: yaml.load(text, loader))


def load_plain_documents(content: bytes, tags: Tags | None = None) -> list[Any]:
    """Returns the documents of a YAML file, between lines of `---`, as `load_plain` does one; with
    `tags` of the caller's own.
    """

    def load(yaml: Any, text: str, loader: Any) -> list[Any]:
        def tagged(stream: str) -> Any:
            made = loader(stream)
            made.yaml_constructors = {**made.yaml_constructors, **(tags or {})}
            return made

        return list(yaml.load_all(text, tagged))

    documents: list[Any] = _loaded(content, load)
    return documents


def _loaded(content: bytes, load: Callable[[Any, str, Any], Any]) -> Any:
    text = decoded(content)
    import yaml

    from dagc.compiler.catalog.yaml_loader import FastLoader, PlainLoader, is_fast
    from dagc.compiler.catalog.yaml_slips import explained

    try:
        with suppress(yaml.YAMLError):
            if is_fast(text):
                return load(yaml, text, FastLoader)
        return load(yaml, text, PlainLoader)
    except yaml.MarkedYAMLError as error:
        line, column = _place(error.problem_mark or error.context_mark)
        context_line, _ = _place(error.context_mark or error.problem_mark)
        found = YamlError(error.context or "", context_line, error.problem or "", line, column)
        raise UnreadableTextError(*explained(found, text.splitlines())) from error
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        message = f"the control character U+{ord(text[error.position]):04X}"
        raise UnreadableTextError(line, message, "Remove it.") from error
    except RecursionError as error:
        raise UnreadableTextError(1, "nested too deeply", "Flatten the values.") from error


def decoded(content: bytes) -> str:
    """Returns the text of a file, which is UTF-8, a byte order mark before it or not."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"the byte 0x{content[error.start]:02X} is not UTF-8"
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            message = "the file is UTF-16, not UTF-8"
        raise UnreadableTextError(line, message, "Save the file as UTF-8.") from error


def _place(mark: Any) -> tuple[int, int]:
    return (mark.line, mark.column) if mark else (0, 0)
