"""Which of Airflow's `params` a DAG needs: those that its own row sets, and of the deployment's
defaults those that one of its texts uses.

The defaults are for all jobs, and few use all of them. A text that uses them in a way that does not
show which (`params[name]`, `params | tojson`, a text that includes another) keeps all of them; so
does a task whose code may read them.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from dagc.compiler.analysis.models import Settings

_USE = re.compile(r"""\bparams\b(?:\s*\.\s*(\w+)|\s*\[\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*\])?""")
_PARAMS = ("params", "param_schemas")
_OTHER_TEXT = re.compile(r"\{%[-+]?\s*(?:include|import|from|extends)\b")


def with_used_params(settings: Settings, own: Settings, values: Any) -> Settings:
    """Returns `settings`, with only those `params` and their schemas that the row's `own` settings
    set, or that a text anywhere in `values` uses.
    """
    names = {name for key in _PARAMS for name in settings.get(key) or {}}
    if not names:
        return settings
    used = _used(names, {name for key in _PARAMS for name in own.get(key) or {}}, values)
    kept = {key: _only(settings.get(key) or {}, used) for key in _PARAMS}
    rest = {name: value for name, value in settings.items() if name not in _PARAMS}
    return rest | {key: params for key, params in kept.items() if params}


def _only(params: Settings, names: Collection[str]) -> Settings:
    return {name: value for name, value in params.items() if name in names}


def _used(names: set[str], own: Collection[str], values: Any) -> set[str]:
    used = set(own)
    for text in _texts(values) if names - used else ():
        if "{%" in text and _OTHER_TEXT.search(text):
            return names
        for use in _USE.finditer(text) if "params" in text and "{" in text else ():
            name = use[1] or use[2] or use[3]
            if name not in names or hasattr(dict, name):
                return names
            used.add(name)
    return used


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
