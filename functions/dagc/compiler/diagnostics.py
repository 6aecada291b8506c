"""What is wrong in a row, where exactly, and what to do about it.

A mistake that a user can make is a value of this module, returned and collected; exceptions are
left to bugs and infrastructure. `docs/diagnostics.md` explains every code.
"""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

JsonPath = tuple[str | int, ...]
"""The keys and indices that lead to a value inside the JSON of an attribute."""


class Severity(StrEnum):
    """An error keeps its DAG from being written; a warning does not. A suggestion is what the SQL
    makes look likely: no command fails for it, and the functions know none.
    """

    ERROR = "error"
    WARNING = "warning"
    SUGGESTION = "suggestion"


class Code(StrEnum):
    """The stable name of each kind of mistake."""

    AMBIGUOUS_JOB = "ambiguous-job"
    BAD_DEFAULTS = "bad-defaults"
    BAD_JINJA = "bad-jinja"
    BAD_JSON = "bad-json"
    BAD_NAME = "bad-name"
    BAD_NUMBER = "bad-number"
    BAD_SCHEDULE = "bad-schedule"
    BAD_SQL = "bad-sql"
    BAD_TEMPLATE = "bad-template"
    BAD_TEXT = "bad-text"
    BAD_TYPE = "bad-type"
    BAD_VALUE = "bad-value"
    CLOCK_CHANGE = "clock-change"
    COMPILER_BUG = "compiler-bug"
    CONTRADICTION = "contradiction"
    CYCLE = "cycle"
    DISABLED_JOB = "disabled-job"
    DISABLED_TASK = "disabled-task"
    DUPLICATE_KEY = "duplicate-key"
    DUPLICATE_NAME = "duplicate-name"
    DUPLICATE_ROW = "duplicate-row"
    DUPLICATE_TASK_NAME = "duplicate-task-name"
    EITHER_DAY = "either-day"
    EMPTY_DAG = "empty-dag"
    EXTERNAL_WAIT = "external-wait"
    FOREIGN_OBJECT = "foreign-object"
    MISREAD_CRON = "misread-cron"
    MISSING_ATTRIBUTE = "missing-attribute"
    MISSING_DEPENDENCY = "missing-dependency"
    MISSING_JOB = "missing-job"
    MISSING_PARAMETER = "missing-parameter"
    MISSING_TASK = "missing-task"
    NEVER_RUNS = "never-runs"
    NO_EFFECT = "no-effect"
    NO_SCHEDULE = "no-schedule"
    PADDED_ID = "padded-id"
    SELF_DEPENDENCY = "self-dependency"
    SHARED_DATE = "shared-date"
    SHARED_JOB = "shared-job"
    SHORT_MONTHS = "short-months"
    STALE_READ = "stale-read"
    STARTS_BEFORE_JOB = "starts-before-job"
    TOO_LARGE = "too-large"
    TYPED_PARAM = "typed-param"
    UNEVEN_STEPS = "uneven-steps"
    UNKNOWN_KEY = "unknown-key"
    UNKNOWN_NAME = "unknown-name"
    UNKNOWN_TASK_TYPE = "unknown-task-type"
    UNLISTED_MEMBER = "unlisted-member"
    UNPARSED_SQL = "unparsed-sql"
    UNPUBLISHED_JOB = "unpublished-job"
    UNSET_PARAM = "unset-param"
    UNSUPPORTED = "unsupported"


class RowKey(NamedTuple):
    """A row: its table and its key attributes, such as `(("task_id", "7"),)`, as text."""

    table: str
    key: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str:
        """Returns the key attribute `name`."""
        return dict(self.key)[name]

    def __str__(self) -> str:
        return f"{self.table}[{', '.join(f'{name}={value!r}' for name, value in self.key)}]"


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake inside one attribute; `at` makes a diagnostic of it."""

    code: Code
    message: str
    hint: str
    path: JsonPath = ()
    severity: Severity = Severity.ERROR
    proposal: str = ""

    def proposing(self, value: Any) -> "Problem":
        """Returns the same problem, its hint the proposal of `value` in the place of what is at the
        path.

        The caller has seen that `value` is accepted there.
        """
        hint = f"Did you mean {_as_written(value)}?"
        return replace(self, hint=hint, proposal=json.dumps({"value": value}))

    def proposing_key(self, key: str) -> "Problem":
        """Returns the same problem, its hint the proposal of `key` for the last key of the path."""
        return replace(self, hint=f"Did you mean {key!r}?", proposal=json.dumps({"key": key}))

    def inside(self, *path: str | int) -> "Problem":
        """Returns the same problem at `path`."""
        return replace(self, path=path)

    def at(self, row: RowKey, attribute: str) -> "Diagnostic":
        """Returns the diagnostic of this problem in `attribute` of `row`."""
        return Diagnostic(
            row.table,
            row.key,
            attribute,
            json_path(self.path),
            self.code,
            self.severity,
            self.message,
            self.hint,
            self.proposal,
        )


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """A mistake and its place: table, key, attribute, and path inside the attribute's JSON.

    In a file of the deployment (defaults, templates) `table` is the file's name and `key` is empty.
    `proposal` is what the hint proposes, as JSON, or "": {"value": …} replaces what is at the path,
    {"key": …} the last key of the path.
    """

    table: str
    key: tuple[tuple[str, str], ...]
    attribute: str
    path: str
    code: Code
    severity: Severity
    message: str
    hint: str
    proposal: str = ""

    @property
    def place(self) -> str:
        """The place in one line: `mwaa_job[job_type='etl', job_id='7'].job_params $.retries`."""
        row = str(RowKey(self.table, self.key)) if self.key else self.table
        attribute = f".{self.attribute}" if self.attribute else ""
        return f"{row}{attribute}" + (f" {self.path}" if self.path else "")

    def as_dict(self) -> dict[str, object]:
        """Returns the diagnostic as JSON-able data, for logs, status rows and `--format json`."""
        return {
            "code": str(self.code),
            "severity": str(self.severity),
            "table": self.table,
            "key": dict(self.key),
            "attribute": self.attribute,
            "path": self.path,
            "message": self.message,
            "hint": self.hint,
        }


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Says whether one of `diagnostics` keeps the DAG from being written."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def json_path(path: JsonPath) -> str:
    """Returns the normalized JSONPath (RFC 9535) of `path`; empty for the whole attribute."""
    steps = "".join(
        f"[{step}]"
        if isinstance(step, int)
        else f".{step}"
        if step.isidentifier()
        else f"[{step!r}]"
        for step in path
    )
    return f"${steps}" if steps else ""


def json_steps(path: str) -> JsonPath:
    """Returns the keys and indices of a path that `json_path` wrote."""
    from ast import literal_eval

    steps = _STEP.finditer(path)
    return tuple(step["key"] or literal_eval(step["index"] or step["quoted"]) for step in steps)


_QUOTED = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*["]"""
_STEP = re.compile(rf"\.(?P<key>[^.\[]+)|\[(?P<index>\d+)\]|\[(?P<quoted>{_QUOTED})\]")


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Returns the known word that is most like `word`, or None where none reaches `likeness` (0 to
    1).
    """
    from difflib import get_close_matches

    choices = {choice.lower(): choice for choice in sorted(known)}
    near = get_close_matches(word.lower(), choices, n=1, cutoff=likeness)
    return choices[near[0]] if near else None


def slip(word: str, known: Collection[str], likeness: float) -> str | None:
    """Returns the known word that `word` is probably a slip of the pen for, if there is one.

    It is none where all its parts are words of their own: "none_done" says something else than
    "one_done".
    """
    parts = {part for text in known for part in text.lower().split("_")}
    spelled = word.lower().split("_")
    if len(spelled) > 1 and word.lower() not in map(str.lower, known) and parts.issuperset(spelled):
        return None
    return nearest(word, known, likeness)


def known_words(known: Iterable[str]) -> str:
    """Returns a hint that lists what is known."""
    everything = ", ".join(sorted(known))
    return f"Known here: {everything}." if everything else "Remove it: nothing can be set here."


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Returns a hint that names the known word nearest to `word`, or else all of them."""
    near = nearest(word, known)
    return f"Did you mean {near!r}?" if near else known_words(known)


def _as_written(value: Any) -> str:
    """Returns `value` as a row has it: a text in quotes, the rest as in JSON."""
    return repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
