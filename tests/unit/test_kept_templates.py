"""What a command keeps of templates for the next one is used while nothing changes."""

from pathlib import Path

import jinja2
import pytest

from dagc.cli.kept_folder import kept_folder
from dagc.compiler import Target, load_toolchain
from dagc.compiler.compilation import compile_rows, read_rows

TASK = {
    "task_id": "1",
    "task_name": "a",
    "task_type": "BASH",
    "task_params": '{"bash_command": "ls"}',
}
JOB = {"job_type": "t", "job_id": "1", "job_name": "j", "task_list": "1"}


def _compiled(team: Path, kept: Path | None) -> str:
    load_toolchain.cache_clear()
    toolchain, diagnostics = load_toolchain(Target(3, 0), "", team, kept=kept)
    assert toolchain, diagnostics
    [dag] = compile_rows(read_rows([TASK], [JOB], [], toolchain), toolchain)
    assert dag.text, dag.diagnostics
    return dag.text


@pytest.fixture
def team(tmp_path: Path) -> Path:
    folder = tmp_path / "team"
    (folder / "templates" / "tasks").mkdir(parents=True)
    (folder / "defaults.yaml").write_text("default: {job_params: {owner: me}}\n")
    return folder


def test_the_second_command_reads_no_yaml_and_compiles_no_template(
    team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _compiled(team, tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read or compiled once more")

    monkeypatch.setattr(jinja2.Environment, "compile", refuse)
    monkeypatch.setattr("dagc.compiler.catalog.sources._read_yaml", refuse)
    assert _compiled(team, tmp_path) == first
    monkeypatch.undo()
    assert _compiled(team, None) == first


def test_what_a_team_changes_counts_at_once(team: Path, tmp_path: Path) -> None:
    assert 'owner": "me"' in _compiled(team, tmp_path)
    (team / "defaults.yaml").write_text("default: {job_params: {owner: you}}\n")
    assert 'owner": "you"' in _compiled(team, tmp_path)
    template = Path("dag_templates/tasks/bash.py.jinja").read_text()
    (team / "templates" / "tasks" / "bash.py.jinja").write_text(f"# Ours\n{template}")
    assert "# Ours" in _compiled(team, tmp_path)


def test_what_is_kept_may_be_broken(team: Path, tmp_path: Path) -> None:
    first = _compiled(team, tmp_path)
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {path.suffix for path in files} == {".json", ".cache"}
    for path in files:
        path.write_bytes(path.read_bytes()[:40])
    assert _compiled(team, tmp_path) == first
    assert _compiled(team, tmp_path / "is" / "not" / "there") == first


def test_the_folder_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept_folder() == tmp_path / "dagc" / "templates"
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert kept_folder() is None
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert kept_folder() is None
