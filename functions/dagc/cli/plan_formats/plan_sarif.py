"""What is wrong in a plan as SARIF 2.1.0, which code scanning shows at the lines of the rows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dagc import __version__
from dagc.cli.plan_formats.diagnostic_help import first_paragraph, first_sentence, sections
from dagc.cli.plan_formats.plan_report import PlanReport
from dagc.compiler import Diagnostic, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
"""What GitHub and others put the folder of the repository for."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def as_sarif(report: PlanReport) -> str:
    """A log of one run: a rule for each code that is there, a result for each diagnostic."""
    codes = sorted({str(diagnostic.code) for diagnostic in report.plan.diagnostics})
    run = {
        "tool": {
            "driver": {"name": "dagc", "version": __version__, "rules": [_rule(it) for it in codes]}
        },
        "automationDetails": {"id": f"dagc plan/{report.name}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder of the repository."}}},
        "results": [
            _result(diagnostic, dag_ids, codes, report)
            for diagnostic, dag_ids in report.plan.diagnostics.items()
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str) -> dict[str, Any]:
    """A rule, with all that GitHub wants of one."""
    section = sections().get(code, code)
    return {
        "id": code,
        "name": "".join(word.title() for word in code.split("-")),
        "shortDescription": {"text": first_sentence(section)},
        "fullDescription": {"text": first_paragraph(section)},
        "help": {"text": section, "markdown": section},
    }


def _result(
    diagnostic: Diagnostic, dag_ids: Sequence[str], codes: Sequence[str], report: PlanReport
) -> dict[str, Any]:
    affects = f" Affects: {', '.join(dag_ids)}." if dag_ids else ""
    place = f"{diagnostic.code} {diagnostic.place}"
    return {
        "ruleId": str(diagnostic.code),
        "ruleIndex": codes.index(diagnostic.code),
        "level": _LEVELS.get(diagnostic.severity, "note"),
        "message": {"text": f"{diagnostic.message}. {diagnostic.hint}{affects}"},
        "locations": [
            {
                "physicalLocation": _physical(diagnostic, report),
                "logicalLocations": [{"fullyQualifiedName": diagnostic.place}],
            }
        ],
        "partialFingerprints": {"dagcPlace/v1": hashlib.sha256(place.encode()).hexdigest()},
    }


def _physical(diagnostic: Diagnostic, report: PlanReport) -> Mapping[str, Any]:
    """The place in a file; the root itself where there is none, for GitHub wants one."""
    place = report.place_of(diagnostic)
    if place is None:
        return {"artifactLocation": {"uri": ".", "uriBaseId": ROOT}}
    file = report.file_of(place)
    if file.startswith("/"):
        return {"artifactLocation": {"uri": place.file.resolve().as_uri()}, **_region(place)}
    return {"artifactLocation": {"uri": quote(file), "uriBaseId": ROOT}, **_region(place)}


def _region(place: Any) -> dict[str, Any]:
    return {"region": {"startLine": place.line, "startColumn": place.column}}
