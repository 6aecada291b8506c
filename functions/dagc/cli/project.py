"""Where the project's own files are, which the command line deploys and publishes."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def project_folder() -> Path:
    """The folder of `template.yaml`, `functions/`, `dag_templates/` and `airflow_runtime/`.

    A wheel has them beside this package's modules (`pyproject.toml`, force-include); a checkout has
    the package in its `functions/`.
    """
    packaged = PACKAGE / "project"
    return packaged if packaged.is_dir() else PACKAGE.parents[1]
