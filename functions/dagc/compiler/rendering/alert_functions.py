"""The functions of a file that tell of failures: one for each notifier, whoever calls it."""

from functools import cached_property

from dagc.compiler.analysis.models import Notifier
from dagc.compiler.python_source.nodes import RawSource
from dagc.compiler.rendering.dag_file import DagFile
from dagc.compiler.targets import Target

FOLDER = "alerts"
TEXTS = f"{FOLDER}/failure.py.jinja"

_BLANK_LINES = "\n\n\n"


class Alerts:
    """Collects the functions of one file, in the order in which they are asked for.

    Functions, not the notifiers themselves: a notifier renders its texts in place, so that in a
    DAG processor, which runs several callbacks of a file in one process, each after the first
    would tell what the first told. And so no file imports boto3 before something fails.
    """

    def __init__(self, file: DagFile, target: Target) -> None:
        self._file = file
        self._fixed = {"target": target}
        self._functions: dict[str, RawSource] = {}
        self._texts: list[str] = []

    def callback(self, notifiers: tuple[Notifier, ...]) -> RawSource | list[RawSource] | None:
        """What `on_failure_callback` is to be: a function, a list of them, or None."""
        functions = [self._function(notifier) for notifier in notifiers]
        if len(functions) == 1:
            return functions[0]
        return functions or None

    def above(self, dag: str) -> str:
        """The functions, and then the text of the DAG."""
        return "\n" * bool(self._texts) + _BLANK_LINES.join([*self._texts, dag])

    @cached_property
    def _failure(self) -> RawSource:
        """The function that says what failed: the others call it, and it stands above them."""
        name = RawSource(self._file.namespace.variable("failure"))
        self._texts.append(self._file.print(TEXTS, {"failure": name}, {}, self._fixed))
        return name

    def _function(self, notifier: Notifier) -> RawSource:
        key = repr(notifier)
        if key not in self._functions:
            failure = self._failure
            name = self._file.namespace.variable(f"tell_{notifier.kind}")
            self._functions[key] = RawSource(name)
            self._texts.append(
                self._file.print(
                    f"{FOLDER}/{notifier.kind}.py.jinja",
                    {"function": RawSource(name), "failure": failure},
                    notifier.params,
                    self._fixed,
                    owner=name,
                )
            )
        return self._functions[key]
