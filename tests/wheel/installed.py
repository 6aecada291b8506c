"""The wheel, built and installed where nothing else is."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")


class Installed:
    """A virtual environment with nothing but the wheel, and a team's folder that it has made."""

    def __init__(self, folder: Path) -> None:
        self.venv, self.team = folder / "venv", folder / "warehouse"
        wheels = folder / "wheels"
        _run([UV, "build", "--quiet", "--wheel", "--out-dir", wheels, ROOT], folder)
        [wheel] = wheels.glob("*.whl")
        _run([UV, "venv", "--quiet", "--seed", "--python", sys.executable, self.venv], folder)
        _run([UV, "pip", "install", "--quiet", "--python", self.venv / "bin/python", wheel], folder)
        self.dagc("init", self.team, folder=folder)

    def dagc(
        self,
        *arguments: str | Path,
        folder: Path | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> str:
        """What a command of dagc prints, by default in the team's folder."""
        command = [self.venv / "bin" / "dagc", *arguments]
        return _run(command, folder or self.team, variables)

    def runner_variables(self, folder: Path) -> dict[str, str]:
        """Those of a machine that runs jobs: the wheel is installed, and no index is asked for
        another. What the services call their folders is `folder`.
        """
        return {
            "PATH": f"{self.venv / 'bin'}:/usr/bin:/bin",
            "HOME": str(folder),
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "RUNNER_TEMP": str(folder),
            "CI_PROJECT_DIR": str(folder / "project"),
            "AWS_TOKEN": "a-token",
        }


def _run(
    command: Sequence[str | Path], folder: Path, variables: Mapping[str, str] | None = None
) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, **(variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
