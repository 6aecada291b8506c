"""A plan as a report of tests, in JUnit's form: a case for each DAG; one in error fails."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from dagc.changes.dag_change import DagChange
from dagc.cli.diagnostic_listing import visible
from dagc.cli.plan_formats.plan_report import PlanReport, what_becomes_of
from dagc.compiler import Diagnostic, Severity, has_errors


def as_junit(report: PlanReport) -> str:
    """One suite; mistakes that affect no DAG of the plan are a case of their own, `rows`."""
    suite = ET.Element("testsuite", name=f"dagc plan {visible(report.name)}")
    found: dict[str, list[Diagnostic]] = {}
    for diagnostic, dag_ids in report.plan.diagnostics.items():
        for dag_id in dag_ids:
            found.setdefault(dag_id, []).append(diagnostic)
    known = {dag.change.dag_id for dag in report.dags}
    for dag in report.dags:
        change = dag.change
        of_dag = found.get(change.dag_id, [])
        case = _case(suite, change.dag_id, _file(change, of_dag, report))
        _fill(case, of_dag, report, otherwise=what_becomes_of(dag))
    others = [d for d, ids in report.plan.diagnostics.items() if known.isdisjoint(ids)]
    if others:
        _fill(_case(suite, "rows", ""), others, report, otherwise="")
    failures = len(suite.findall("testcase/failure"))
    counts = {"tests": str(len(suite)), "failures": str(failures), "errors": "0", "skipped": "0"}
    suite.attrib |= counts
    suites = ET.Element("testsuites", {"name": "dagc", **counts})
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=False)


def _case(suite: ET.Element, name: str, file: str) -> ET.Element:
    kind = name.partition("-")[0] if name.startswith(("job-", "schedule-")) else "rows"
    described = {"name": visible(name), "classname": f"dagc.{kind}"}
    if file:
        described["file"] = visible(file)
    return ET.SubElement(suite, "testcase", described)


def _file(change: DagChange, found: Iterable[Diagnostic], report: PlanReport) -> str:
    """The file of the first mistake, or of the row that claims the DAG."""
    places = [report.place_of(diagnostic) for diagnostic in found]
    places += [report.place_of_row(row) for row in (change.after.rows or change.before.rows)]
    return next((report.file_of(place) for place in places if place), "")


def _fill(
    case: ET.Element, found: Iterable[Diagnostic], report: PlanReport, *, otherwise: str
) -> None:
    """Errors are a failure, what else there is to say is output."""
    errors = [diagnostic for diagnostic in found if has_errors([diagnostic])]
    if errors:
        first = f"{errors[0].code}: {errors[0].message}"
        failure = ET.SubElement(case, "failure", type=str(errors[0].code), message=visible(first))
        failure.text = "\n".join(_lines(errors, report))
    others = [it for it in found if it.severity is not Severity.ERROR]
    said = [*([otherwise] if otherwise else []), *_lines(others, report)]
    if said:
        ET.SubElement(case, "system-out").text = "\n".join(said)


def _lines(found: Iterable[Diagnostic], report: PlanReport) -> list[str]:
    return [line for diagnostic in found for line in report.lines_of(diagnostic, visible)]
