"""That all three sides do the same work: the same text, or at least the same DAG."""

import ast


def check_texts(ours: str, floor: str, naive: str) -> None:
    """Raises AssertionError if the texts of one job are not what they are compared as."""
    if ours != floor:
        raise AssertionError("the floor prints another text than the project: bring it up to date")
    if _statements(ours) != _statements(naive):
        raise AssertionError("Jinja + black prints another DAG: bring its template up to date")


def _statements(text: str) -> list[str]:
    """The DAG and its operators with all arguments, as syntax trees, constants put in place."""
    module = ast.parse(text)
    constants = {
        target.id: statement.value
        for statement in module.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    (dag,) = (statement for statement in module.body if isinstance(statement, ast.With))
    dag = _InPlace(constants).visit(dag)
    operators = [
        statement for statement in dag.body if isinstance(statement, ast.Assign | ast.FunctionDef)
    ]
    return [ast.dump(node) for node in (*dag.items, *operators)]


class _InPlace(ast.NodeTransformer):
    """Puts constants where their names stand."""

    def __init__(self, constants: dict[str, ast.expr]) -> None:
        self._constants = constants

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._constants.get(node.id, node)
