"""What is started cold: the built package of the function, and a package as most would write it."""

import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from rich.console import Console

from demo import deploy
from demo.local_aws import LocalAws

ROOT = Path(__file__).resolve().parent.parent
EMPTY_HANDLER = "bench.functions.empty"
USUAL_HANDLER = "bench.functions.usual"
ONE_FILE = "bench.functions.one_file.handle"

_RUNTIME = ("awslambdaric", "simplejson", "snapshot-restore-py")


def build(aws: LocalAws, console: Console) -> tuple[Path, Path]:
    """`sam build`: the folder of the function's package, and the built template."""
    template = deploy.build(aws, console)
    return template.parent / "DagCompilerFunction", template


def build_usual(folder: Path) -> Path:
    """The usual libraries, installed and compiled as the function's own package is."""
    requirements = ROOT / "requirements" / "bench-naive.txt"
    install = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    install += ["--no-deps", "--no-compile", "--only-binary=:all:"]
    subprocess.run(  # noqa: S603  the command is ours
        [*install, "--target", str(folder), "-r", str(requirements)], check=True
    )
    _compile(folder)
    return folder


def build_runtime(folder: Path) -> Path:
    """What Lambda's image holds beside the function: its runtime interface client; our probes."""
    for name in _RUNTIME:
        installed = distribution(name)
        for file in installed.files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(installed.locate_file(file)), target)
    shutil.copytree(ROOT / "bench" / "functions", folder / "bench" / "functions")
    _compile(folder)
    return folder


def environment(*paths: Path) -> dict[str, str]:
    """The environment of a Python that finds modules in `paths`, and may use .pyc files.

    (With `-S`, so that nothing of this virtual environment can stand in for what a package lacks.)
    """
    return {"HOME": "/", "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(map(str, paths))}


def _compile(folder: Path) -> None:
    command = [sys.executable, "-m", "compileall", "-q", "-f", str(folder)]
    subprocess.run([*command, "--invalidation-mode", "unchecked-hash"], check=True)  # noqa: S603
