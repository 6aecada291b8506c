"""The callbacks of a file that report events: one for each alert, whoever fails."""

from collections.abc import Iterable, Mapping
from typing import Any

from dagc.compiler.analysis.models import Alert, AlertsBySetting
from dagc.compiler.python_source.functions import with_used
from dagc.compiler.python_source.nodes import Keywords, RawSource
from dagc.compiler.rendering.dag_file import DagFile
from dagc.compiler.rows.on_failure import ALERT_KINDS, FAILURE, OWN_FUNCTION
from dagc.compiler.toolchain import Toolchain

FAILURE_MODULE = "dagc_alerts_v1"
EVENT_MODULE = "dagc_alerts_v2"
_SEND = {FAILURE_MODULE: "send_", EVENT_MODULE: "notify_"}
"""The modules that callbacks import a function from, or that the file has copies of: of failures,
and of other events. By module, how the names of the functions for each kind of alert begin.
"""
ALERT_FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    module: tuple(f"{send}{kind.name}" for kind in ALERT_KINDS if kind.name != OWN_FUNCTION)
    for module, send in _SEND.items()
}
"""By module, the functions that callbacks call."""

RUN_CALLBACKS = ("on_failure", "on_success")
"""The settings of a DAG that are about its runs."""
TASK_CALLBACKS = ("on_failure", "on_retry", "on_skipped")
"""Those of a job that are about its tasks."""
CALLBACK_TEMPLATE = "alerts/callback.py.jinja"

_BLANK_LINES = "\n\n\n"


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

    def callbacks(self, alerts: AlertsBySetting, settings: Iterable[str]) -> dict[str, Any]:
        """The arguments that report what `settings` ask for, where they ask for something."""
        found = {name: self.callback(alerts.get(name, ())) for name in settings}
        return {argument(name): it for name, it in found.items() if it is not None}

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
        if alert.kind == OWN_FUNCTION:  # it is called alike, whatever it reports
            alert = alert._replace(event=FAILURE)
        key = repr(alert)
        if key not in self._callbacks:
            module, send, settings = _call(alert)
            is_imported = self._copied is None or alert.kind == OWN_FUNCTION
            event = "" if alert.event == FAILURE else f"_{alert.event}"
            what = send if alert.kind == OWN_FUNCTION else alert.kind
            name = self._file.namespace.variable(f"{what}{event}_alert")
            self._callbacks[key] = RawSource(name)
            values = {
                "callback": RawSource(name),
                "module": RawSource(module),
                "send": RawSource(send),
                "settings": Keywords(settings),
            }
            fixed = {"published": is_imported, "has_settings": bool(settings)}
            self._texts.append(self._file.print(CALLBACK_TEMPLATE, values, {}, fixed, owner=name))
            self._called += [] if is_imported else [send]
        return self._callbacks[key]


def argument(setting: str) -> str:
    """What Airflow calls the callbacks that a setting asks for."""
    return f"{setting}_callback"


def _call(alert: Alert) -> tuple[str, str, dict[str, Any]]:
    """The module and the name of the function that a callback calls, and with which settings."""
    if alert.kind == OWN_FUNCTION:
        module, function = alert.settings[OWN_FUNCTION].split(":")
        return module, function, {}
    if alert.event == FAILURE:
        return FAILURE_MODULE, f"{_SEND[FAILURE_MODULE]}{alert.kind}", {**alert.settings}
    settings = {"event": alert.event, **alert.settings}
    return EVENT_MODULE, f"{_SEND[EVENT_MODULE]}{alert.kind}", settings
