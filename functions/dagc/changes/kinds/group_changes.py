"""What task groups are given otherwise. (Which tasks stand in them is an argument of the tasks.)"""

from collections.abc import Iterator

from dagc.changes.kinds.argument_changes import argument_changes
from dagc.changes.kinds.file_reading import FileReading


def group_sentences(before: FileReading, after: FileReading) -> Iterator[str]:
    """`group load: tooltip "a" → "b"`, for the groups that are in both files."""
    for group_id, arguments in after.groups.items():
        if group_id in before.groups:
            for change in argument_changes(before.groups[group_id], arguments):
                yield f"group {group_id}: {change.path} {change.words}"
