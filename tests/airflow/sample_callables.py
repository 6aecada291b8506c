"""What a row's `callable` may name: functions of every signature, and what else can be called."""

# Rows name functions as teams write them: without a type or a word.
# ruff: noqa: ANN001, ANN002, ANN003, ANN201, ANN204, D101, D102
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from functools import partial
from importlib import import_module


def nothing():
    return "called"


def by_position(ti, ds):
    return [ti.task_id, ds]


def by_keyword(*, ds, table="orders"):
    return [ds, table]


def defaults(ds="never", table="orders", nosuch="nothing"):
    return [ds, table, nosuch]


def everything(**context):
    return [context["ds"], context["ti"].task_id, sorted(context)]


def some_and_everything(ti, ds, table="orders", **context):
    return [ti.task_id, ds, table, context["run_id"], "ds" in context]


def by_position_only(ds, /):
    return ds


def needs_more(table, colour):
    return [table, colour]


def any_positional(*words, ds):
    return [words, ds]


def fails(ds):
    raise LookupError(ds)


def generator(ds, table="orders"):
    yield from ()
    return [ds, table]


def generator_of_metadata(ds):
    if import_module("airflow").__version__.startswith("2."):
        asset = import_module("airflow.datasets").Dataset("s3://lake/orders")
        yield import_module("airflow.datasets.metadata").Metadata(asset, {"day": ds})
    else:
        sdk = import_module("airflow.sdk")
        yield sdk.Metadata(sdk.Asset("s3://lake/orders"), {"day": ds})
    return ds


async def asynchronous(ds, table="orders"):
    return [ds, table]


async def asynchronous_failure(ds):
    raise LookupError(ds)


class OfClass:
    def __init__(self, ds, table="orders"):
        self.made_of = [ds, table]

    def __repr__(self):
        return f"OfClass{self.made_of}"

    def __call__(self, ds, table="orders"):
        return [*self.made_of, ds, table]

    def method(self, ds):
        return ds


instance = OfClass("made")
bound_method = instance.method
in_part = partial(some_and_everything, table="sales")
in_part_by_position = partial(by_position, "first")
anonymous = lambda ds, **context: [ds, context["run_id"]]  # noqa: E731
