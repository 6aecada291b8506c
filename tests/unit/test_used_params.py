"""Which of the deployment's `params` stand in a job's file."""

from typing import Any

import pytest

from dagc.compiler.analysis.used_params import with_used_params

DEFAULTS = {"lake": "a", "landing": {"b": 1}, "items": [2]}
ALL = set(DEFAULTS)


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("SELECT 1", set()),
        ("the params of it", set()),
        ("{{ ds }}", set()),
        ("{{ params.lake }}", {"lake"}),
        ("{{ params . lake }} {{ params['landing'].b }}", {"lake", "landing"}),
        ('{{ params[ "lake" ] | upper }}', {"lake"}),
        ("{{ dag.params.lake }}", {"lake"}),
        ("{{ task_params.lake }}", set()),
        ("{% if params.lake %}x{% endif %}", {"lake"}),
        # They do not show what they use:
        ("{{ params }}", ALL),
        ("{{ params | tojson }}", ALL),
        ("{{ params[name] }}", ALL),
        ("{{ params['la' ~ 'ke'] }}", ALL),
        ("{{ params['la\\x6be'] }}", ALL),
        ("{{ params.get('lake') }}", ALL),
        ("{{ params.items() }}", ALL),
        ("{{ params.unknown }}", ALL),
        ("{% set p = params %}{{ p.lake }}", ALL),
        ("{{ dag['params'].lake }}", ALL),
        ("{%- include 'part.sql' %}", ALL),
        ("{%+ from 'part.sql' import x %}", ALL),
    ],
)
def test_a_text_uses(text: str, used: set[str]) -> None:
    for values in (text, [{"sql": ["SELECT 1", {"x": text}]}], {text: 1}):
        assert set(_kept({}, values)) == used


def test_what_the_row_sets_stays() -> None:
    assert set(_kept({"params": {"lake": "c"}}, "{{ params.landing }}")) == {"lake", "landing"}


def test_the_order_is_that_of_before() -> None:
    assert list(_kept({}, ["{{ params.landing }}", "{{ params.lake }}"])) == ["lake", "landing"]


def test_where_none_is_used_there_are_none() -> None:
    assert with_used_params({"params": DEFAULTS, "tags": []}, {}, "") == {"tags": []}
    assert with_used_params({"params": {}}, {"params": {}}, "") == {"params": {}}


def _kept(own: dict[str, Any], values: Any) -> dict[str, Any]:
    settings = with_used_params({"params": DEFAULTS}, own, values)
    kept: dict[str, Any] = settings.get("params", {})
    assert all(kept[name] is DEFAULTS[name] for name in kept)
    return kept
