"""Mistakes in a team's folder say what is wrong and where, and never end in a traceback."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dagc.cli.main import app


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"???\n", "requirements.txt: '???' is no requirement"),
        (b"\xff\n", "requirements.txt is not in UTF-8"),
    ],
)
def test_requirements_that_are_none(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "airflow").mkdir()
    (tmp_path / "airflow" / "requirements.txt").write_bytes(content)
    out = str(tmp_path / "out")
    result = _run("runtime", "build", "--team", str(tmp_path), "--out", out)
    assert result.exit_code == 2
    assert said in result.stderr.replace("\n", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('teem = "x"', "unknown key 'teem'"),
        ("team = 5", "team is 5. Write a folder, in quotes"),
        ("team = [", "It is TOML"),
    ],
)
def test_a_marker_that_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    (tmp_path / "dagc.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    result = _run("validate")
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    assert "is a file. Name the folder" in _run("validate", "--team", str(tmp_path / "a")).stderr


def test_defaults_without_the_environment_say_what_to_add(tmp_path: Path) -> None:
    (tmp_path / "defaults.yaml").write_text("default: {}\n")
    (tmp_path / "rows").mkdir()
    result = _run("validate", "--team", str(tmp_path), "--env", "uat")
    assert result.exit_code == 2
    assert "Add it, empty if nothing differs there: `uat: {}`." in result.stderr
