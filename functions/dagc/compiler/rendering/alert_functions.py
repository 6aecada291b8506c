"""The callbacks of a file that report failures: one for each alert, whoever fails."""

from dagc.compiler.analysis.models import Alert
from dagc.compiler.python_source.functions import with_used
from dagc.compiler.python_source.nodes import Keywords, RawSource
from dagc.compiler.rendering.dag_file import DagFile
from dagc.compiler.toolchain import Toolchain

ALERT_MODULE = "dagc_alerts_v1"
"""The module that the callbacks import a function from, or that the file has copies of."""
CALLBACK_TEMPLATE = "alerts/callback.py.jinja"

_BLANK_LINES = "\n\n\n"


def send_function(kind: str) -> str:
    """The function of the alert module that sends alerts of this kind."""
    return f"send_{kind}"


class Alerts:
    """Collects the callbacks of one file, in the order in which they are asked for.

    Functions, and not Airflow's notifiers themselves: a notifier renders its texts in place, so
    that in a DAG processor, which runs several callbacks of a file in one process, each after the
    first would send the first one's message. A callback imports what it needs when it is called: a
    DAG whose Airflow lacks the module loads all the same, and no file imports boto3 to be parsed.
    """

    def __init__(self, file: DagFile, toolchain: Toolchain) -> None:
        self._file = file
        self._copied = toolchain.alert_functions
        self._called: list[str] = []
        self._callbacks: dict[str, RawSource] = {}
        self._texts: list[str] = []

    def callback(self, alerts: tuple[Alert, ...]) -> RawSource | list[RawSource] | None:
        """What `on_failure_callback` is to be: a function, a list of them, or None."""
        callbacks = [self._callback(alert) for alert in alerts]
        if len(callbacks) == 1:
            return callbacks[0]
        return callbacks or None

    def above(self, dag: str) -> str:
        """The copied functions, the callbacks, and then the text of the DAG, which may begin with a
        function of its own.
        """
        copied = self._copied or {}
        copies = [copied[name].text for name in with_used(copied, self._called)]
        parts = [*copies, *self._texts, dag]
        return "\n" * parts[0].startswith("def ") + _BLANK_LINES.join(parts)

    def _callback(self, alert: Alert) -> RawSource:
        key = repr(alert)
        if key not in self._callbacks:
            name = self._file.namespace.variable(f"{alert.kind}_alert")
            self._callbacks[key] = RawSource(name)
            send = send_function(alert.kind)
            values = {
                "callback": RawSource(name),
                "module": RawSource(ALERT_MODULE),
                "send": RawSource(send),
                "settings": Keywords(alert.settings),
            }
            fixed = {"published": self._copied is None}
            self._texts.append(self._file.print(CALLBACK_TEMPLATE, values, {}, fixed, owner=name))
            self._called += [] if self._copied is None else [send]
        return self._callbacks[key]
