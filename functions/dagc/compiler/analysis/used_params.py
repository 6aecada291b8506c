"""Which of Airflow's `params` a DAG needs: those that its own row sets, and of the deployment's
defaults those that one of its texts uses.

The defaults are for all jobs, and few use all of them. A text that uses them in a way that does not
show which (`params[name]`, `params | tojson`, a text that includes another) keeps all of them; so
does a task whose code may read them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dagc.compiler.analysis.models import Settings

_USE = re.compile(r"""\bparams\b(?:\s*\.\s*(\w+)|\s*\[\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*\])?""")
_OTHER_TEXT = re.compile(r"\{%[-+]?\s*(?:include|import|from|extends)\b")


def with_used_params(settings: Settings, own: Settings, values: Any) -> Settings:
    """Returns `settings`, with only those `params` that the row's `own` settings set, or that a
    text anywhere in `values` uses.
    """
    params = settings.get("params")
    if not params:
        return settings
    used = _used(params, own.get("params") or {}, values)
    rest = {name: value for name, value in settings.items() if name != "params"}
    return rest | ({"params": used} if used else {})


def _used(params: Settings, own: Settings, values: Any) -> Settings:
    used = set(own)
    for text in _texts(values) if params.keys() - used else ():
        if "{%" in text and _OTHER_TEXT.search(text):
            return params
        for use in _USE.finditer(text) if "params" in text and "{" in text else ():
            name = use[1] or use[2] or use[3]
            if name not in params or hasattr(dict, name):
                return params
            used.add(name)
    return {name: value for name, value in params.items() if name in used}


def _texts(value: Any) -> Iterator[str]:
    """Returns every text in `value`, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from value
        yield from _texts(value.values())
    elif isinstance(value, Iterable):
        for entry in value:
            yield from _texts(entry)
