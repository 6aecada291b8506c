"""In what the compiler here differs from the deployed one, which would write other files. Pure."""

from collections.abc import Mapping

_WORDS = {
    "python": "Python is another version",
    "libraries": "the libraries that the compiler imports have other versions",
    "compiler": "dagc is another version",
    "templates": "the templates or the task types are others",
    "defaults": "defaults.yaml is another",
    "target": "files are written for another Airflow",
    "environment": "another section of defaults.yaml counts",
    "runtime": "alerts come from another place",
}
"""What differs, by the part of a fingerprint (`catalog/fingerprint.py`)."""

_NO_TEAM = "no team's folder was named or found. Add --team FOLDER, with what it was deployed with"
_TEAM = "plan with the folder that it was deployed with (--team), or deploy this one first"
_VERSION = "plan with the version that was deployed, or deploy this one first"
_STALE = "it has not been rebuilt since that was changed. Call `dagc rebuild`"
_WHAT_TO_DO = {"templates": _TEAM, "defaults": _TEAM, "compiler": _VERSION}
"""By the part of a fingerprint; the others are the stack's own parameters: _STALE."""

_HARMLESS = {"python", "libraries"}
"""These hardly ever change a file: they lay out a team's own templates, and read cron texts."""


def toolchain_difference(here: str, deployed: str, *, has_team: bool) -> tuple[str, ...]:
    """A sentence for each part in which the fingerprint `here`, with a team's folder or without,
    differs from the `deployed` one; one where that is not known ("").
    """
    if not deployed:
        unknown = (
            "It is not known with which templates the stack compiles: it was deployed by an older "
            "dagc, or has not been rebuilt since. Deploy it, or call `dagc rebuild`."
        )
        return (unknown,)
    ours, theirs = _parts(here), _parts(deployed)
    names = [name for name in ours | theirs if ours.get(name) != theirs.get(name)]
    return tuple(_sentence(name, ours, theirs, has_team=has_team) for name in names)


def is_of_this_compiler(deployed: str, here: str) -> bool:
    """Whether the toolchain of the `deployed` fingerprint has the compiler of the one `here`."""
    return _parts(deployed).get("compiler") == _parts(here).get("compiler")


def _sentence(
    name: str, ours: Mapping[str, str], theirs: Mapping[str, str], *, has_team: bool
) -> str:
    what = _WORDS.get(name, f"{name} is another")
    if name in {"python", "target", "environment", "runtime"}:
        what += f" ({ours.get(name, 'unknown')} here, {theirs.get(name, 'unknown')} deployed)"
    if name in _HARMLESS:
        return f"Here {what}: files hardly ever depend on it."
    what_to_do = _WHAT_TO_DO.get(name, _STALE)
    if what_to_do is _TEAM and not has_team:
        what_to_do = _NO_TEAM
    return f"Here {what} than in the stack: {what_to_do}."


def _parts(fingerprint: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in fingerprint.split())
