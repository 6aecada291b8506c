"""No text that shapes a DAG becomes code: groups, branches, forms, assets, what people see."""

import ast
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dagc.compiler.diagnostics import has_errors
from dagc.compiler.targets import Target
from tests.conftest import EXAMPLES
from tests.properties.black_oracle import assert_black_stable
from tests.properties.compiling import ALL_TARGETS, compile_items, toolchain
from tests.properties.generated_file import GeneratedFile, read_file
from tests.properties.hostile import LEGAL_TEXTS, NUMBERS, PHRASES, TEXTS, json_values

FEW = settings(max_examples=EXAMPLES // 2)
SHOWN = LEGAL_TEXTS.map(lambda text: text[:200]).filter(str.strip)
GROUPS = st.lists(
    st.one_of(
        st.sampled_from(["load", "eu", "DAG", "TaskGroup", "None", "-", "_", "7", "class"]),
        st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True),
    ),
    min_size=1,
    max_size=5,
)
SCALARS = st.one_of(LEGAL_TEXTS, NUMBERS, st.booleans(), st.none())
WHEN = st.dictionaries(
    LEGAL_TEXTS, SCALARS | st.lists(SCALARS, min_size=1, max_size=3), min_size=1, max_size=3
)
URIS = st.one_of(
    st.sampled_from(["s3://lake/orders", 'x://");import-os#', "x://'''\\", "x://{{ds}}", "x://#"]),
    st.from_regex(r"x://[!-~]{1,40}", fullmatch=True),
)
CRONS = st.lists(
    st.sampled_from(["0 6 * * 1-5", "30 12 1 * *", "@daily"]), min_size=2, max_size=3, unique=True
)
FORMS = st.fixed_dictionaries(
    {},
    optional={
        "title": SHOWN,
        "description": SHOWN,
        "section": SHOWN,
        "description_md": SHOWN,
        "examples": st.lists(LEGAL_TEXTS, min_size=1, max_size=2),
        "values_display": st.dictionaries(LEGAL_TEXTS, LEGAL_TEXTS, min_size=1, max_size=2),
    },
)


def _job(when: Any, path: Any, said: Any, **more: Any) -> tuple[list[Any], dict[str, Any]]:
    """A job whose branch leads to a task in a group or to one beside, and that tears down."""
    kinds: dict[str, Any] = {
        "set_up": ("EMPTY", {}),
        "choose": ("BRANCH", {"when": when, "if_true": "yes", "if_false": "no"}),
        "yes": ("EMPTY", {}),
        "no": ("EMPTY", {}),
        "tear_down": ("EMPTY", {}),
    }
    tasks = [
        {"task_id": name, "task_name": name, "task_type": kind, "task_params": params}
        for name, (kind, params) in kinds.items()
    ]
    follows = {"choose": ["set_up"], "yes": ["choose"], "no": ["choose"]}
    follows["tear_down"] = ["yes", "no"]
    job = {
        "job_type": "a",
        "job_id": "1",
        "job_name": "j",
        "task_list": list(kinds),
        "job_task_dependencies": [{"task_id": it, "pid": pid} for it, pid in follows.items()],
        "job_task_configs": {
            "yes": {"group": path, **more.pop("shown", {})},
            "tear_down": {"teardown": ["set_up"]},
        },
        "job_params": {"groups": {path: said} if isinstance(path, str) else said, **more},
    }
    return tasks, job


def _read(text: str | None) -> GeneratedFile:
    assert text is not None
    assert_black_stable(text)
    return read_file(text)


@FEW
@given(
    when=WHEN,
    path=GROUPS,
    texts=st.tuples(SHOWN, SHOWN, SHOWN),
    prefix=st.booleans(),
    form=st.tuples(LEGAL_TEXTS, FORMS),
    target=st.sampled_from(ALL_TARGETS),
)
def test_texts_of_a_job_s_shapes(
    when: dict[str, Any],
    path: list[str],
    texts: tuple[str, str, str],
    form: tuple[str, dict[str, Any]],
    target: Target,
    *,
    prefix: bool,
) -> None:
    tooltip, shown, owner = texts
    owner = owner.replace(",", "").strip() or "x"
    value, words = form
    schema = {"type": "string", **words}
    names = target >= Target(3, 0)
    said = {"tooltip": tooltip, "prefix": prefix, **({"display_name": shown} if names else {})}
    params = {
        name: wanted[0] if isinstance(wanted, list) else wanted for name, wanted in when.items()
    }
    described = {"of the form": value, **params}
    tasks, job = _job(
        when,
        "/".join(path),
        said,
        shown={"display_name": shown},
        display_name=shown,
        owner=owner,
        owner_links={owner: "https://example.com/'\"#"},
        params=described,
        param_schemas={"of the form": schema},
    )
    [dag] = compile_items(tasks, [job], tools=toolchain(target))
    if has_errors(dag.diagnostics):
        # A group may be called as a task is, or as a group around it.
        assert {str(it.code) for it in dag.diagnostics} <= {"duplicate-task-name", "no-effect"}
        return
    file = _read(dag.text)
    task_id = f"{path[-1]}.yes" if prefix else "yes"
    group_id = path[-1]
    assert file.groups[group_id] == {
        "tooltip": tooltip,
        **({"group_display_name": shown} if names else {}),
    }
    assert file.tasks[task_id][1]["task_display_name"] == shown
    assert file.dag["dag_display_name"] == shown
    assert file.dag["owner_links"] == {owner: "https://example.com/'\"#"}
    assert file.dag["params"]["of the form"] == ("Param", [value], schema)
    assert ("set_up", "tear_down") in file.edges
    [condition] = file.conditions
    assert _called(condition, params) == [task_id]
    assert _called(condition, dict.fromkeys(params, object())) == ["no"]


def _called(function: ast.FunctionDef, params: dict[str, Any]) -> Any:
    """What a condition returns that has been read, and so does no more than compare."""
    there: dict[str, Any] = {}
    exec(compile(ast.unparse(function), "condition", "exec"), there)
    return there[function.name](params)


@FEW
@given(
    uris=st.lists(URIS, min_size=1, max_size=3, unique=True),
    crons=CRONS,
    shown=SHOWN,
    is_any=st.booleans(),
    target=st.sampled_from([it for it in ALL_TARGETS if it >= Target(3, 0)]),
)
def test_texts_of_a_scheduler_s_starts(
    uris: list[str], crons: list[str], shown: str, target: Target, *, is_any: bool
) -> None:
    tasks, job = _job({"a": True}, "load", {}, params={"a": True})
    job["job_task_configs"]["no"] = {"outlets": uris}
    scheduler = {
        "schedule_id": "1",
        "schedule_name": "s",
        "job_list": ["1"],
        "schedule_params": {
            "assets": {"any": uris} if is_any else uris,
            "schedule_interval": crons,
            "display_name": shown,
        },
    }
    dags = compile_items(tasks, [job], [scheduler], toolchain(target))
    assert not has_errors([it for dag in dags for it in dag.diagnostics]), dags
    of_job, of_scheduler = (_read(dag.text) for dag in dags)
    assets: list[Any] = [("Asset", [uri], {}) for uri in uris]
    assert of_job.tasks["no"][1]["outlets"] == assets
    name, _, arguments = of_scheduler.dag["schedule"]
    assert name == "AssetOrTimeSchedule"
    several = is_any and len(uris) > 1
    assert arguments["assets"] == (("AssetAny", assets, {}) if several else assets)
    assert of_scheduler.dag["dag_display_name"] == shown


HOSTILE = st.one_of(TEXTS, st.sampled_from(PHRASES), json_values(TEXTS))


@FEW
@given(data=st.data(), target=st.sampled_from(ALL_TARGETS))
def test_anything_in_the_place_of_a_shape(data: st.DataObject, target: Target) -> None:
    def hostile(usual: Any = None) -> Any:
        return data.draw(st.one_of(st.just(usual), HOSTILE))

    tasks, job = _job(
        hostile({"a": True}),
        hostile("load/eu"),
        hostile({data.draw(TEXTS): data.draw(HOSTILE), "tooltip": data.draw(TEXTS)}),
        display_name=hostile("x"),
        owner_links=hostile({data.draw(TEXTS): data.draw(TEXTS)}),
        params=hostile({"a": True, data.draw(TEXTS): data.draw(HOSTILE)}),
        param_schemas=hostile({data.draw(TEXTS): {data.draw(TEXTS): data.draw(HOSTILE)}}),
        on_success=hostile({data.draw(TEXTS): data.draw(HOSTILE)}),
        on_retry=hostile({"callable": data.draw(TEXTS)}),
    )
    tasks[1]["task_params"]["if_true"] = hostile("yes")
    job["job_task_configs"]["tear_down"] = hostile({"teardown": hostile(["set_up"])})
    job["job_task_configs"]["no"] = {
        "outlets": hostile(["s3://lake"]),
        "display_name": hostile("x"),
    }
    scheduler = {
        "schedule_id": "1",
        "schedule_name": "s",
        "job_list": ["1"],
        "schedule_params": {
            "assets": hostile({"any": hostile(["s3://lake"])}),
            "schedule_interval": hostile([data.draw(TEXTS), "@daily"]),
            "owner_links": hostile(),
        },
        "schedule_job_configs": {"1": {"wait_for_completion": hostile(usual=False)}},
    }
    for dag in compile_items(tasks, [job], [scheduler], toolchain(target)):
        assert (dag.text is None) is has_errors(dag.diagnostics)
        if dag.text is not None:
            _read(dag.text)
