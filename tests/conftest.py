"""Hypothesis profiles: `check` (few examples, the same each time) and `long` (many, anew).

`DAGC_PROPERTIES=long pytest tests/properties` runs the long one.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from dagc.compiler.catalog import load_toolchain as load
from dagc.compiler.catalog.sources import built_in_templates

gc.freeze()
gc.set_threshold(50_000, 20, 20)  # toolchains are large and live long: collecting finds nothing

PROFILE = os.environ.get("DAGC_PROPERTIES", "check")

settings.register_profile(
    "check",
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
settings.register_profile(
    "long", max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile(PROFILE)
EXAMPLES = settings.get_profile(PROFILE).max_examples


@pytest.fixture(autouse=True, scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Commands keep nothing in the home of who runs the tests."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("caches"))


@pytest.fixture
def lean_catalog(tmp_path: Path) -> Iterator[None]:
    """The built-in templates without all task types but EMPTY: their YAML takes long to read."""
    built_in = built_in_templates()
    lean = tmp_path / "lean_catalog"
    shutil.copytree(built_in, lean, ignore=shutil.ignore_patterns("tasks", "precompiled"))
    (lean / "defaults.yaml").write_text("default: {}\ndev: {}\n", encoding="utf-8")
    (lean / "tasks").mkdir()
    for path in (built_in / "tasks").glob("empty*"):
        shutil.copy(path, lean / "tasks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "built_in_templates", lambda: lean)
        load.load_toolchain.cache_clear()
        yield
    load.load_toolchain.cache_clear()
