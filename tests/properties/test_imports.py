"""Import blocks are in isort's order (ruff's rule I is the oracle) and in black's layout."""

import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagc.compiler.python_source.imports import MODULE, import_block
from dagc.compiler.rendering.import_paths import core_imports
from dagc.compiler.targets import TARGETS
from tests.properties.black_oracle import assert_black_stable

NAMES = st.builds(
    str.__add__, st.sampled_from("aAbBzZ"), st.text(st.sampled_from("aAbB_"), max_size=12)
)
NAMES |= NAMES.map(lambda name: f"{name} as {name}_2")
MODULES = st.sampled_from(
    [
        "airflow", "airflow.sdk", "airflow.models.baseoperator", "datetime", "json",
        "airflow.providers.amazon.aws.operators.redshift_data", "acme.operators", "zlib", "Acme",
    ]
)  # fmt: skip
IMPORTS = st.one_of(
    st.dictionaries(NAMES, MODULES, max_size=8),
    st.sampled_from([dict(core_imports(target)) for target in TARGETS]),
).map(lambda names: {**names, "pendulum": MODULE})


def _legal(names: dict[str, str]) -> bool:
    text = import_block(names)
    try:
        compile(text, "", "exec")
    except SyntaxError:  # a keyword
        return False
    return True


@given(IMPORTS.filter(_legal))
def test_black_keeps_them(names: dict[str, str]) -> None:
    assert_black_stable(import_block(names) + "\n")


def test_isort_keeps_them(tmp_path: Path) -> None:
    blocks: list[str] = []

    @settings(suppress_health_check=list(HealthCheck))
    @given(IMPORTS.filter(_legal))
    def collect(names: dict[str, str]) -> None:
        blocks.append(import_block(names) + "\n")

    collect()
    for index, block in enumerate(blocks):
        (tmp_path / f"dag_{index}.py").write_text(block, encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    command = [str(ruff), "check", "--isolated", "--no-cache", "--select", "I", "--diff", "."]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-3000:]
