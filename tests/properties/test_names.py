"""Names are legal, unique, and hide nothing of Python's or of the file's imports."""

import builtins
import keyword

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.python_source.identifiers import Namespace, is_identifier
from tests.properties.hostile import TEXTS
from tests.properties.real_names import REAL_NAMES

NAMES = st.one_of(
    TEXTS,
    REAL_NAMES,
    st.text(st.sampled_from("aA1_.-"), max_size=6),
    st.sampled_from([*keyword.kwlist, *keyword.softkwlist, "print", "DAG", "chain", "a_2", "a"]),
)


@given(st.lists(NAMES, max_size=12))
def test_names(texts: list[str]) -> None:
    taken = ["DAG", "chain", "pendulum"]
    namespace = Namespace(taken)
    names = [namespace.variable(text) for text in texts]
    names += [namespace.constant(name, "sql") for name in names]
    for name in names:
        assert name.isascii()
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert not keyword.issoftkeyword(name)
        assert not hasattr(builtins, name)
        assert not name.startswith("_")
    assert len({*names, *taken}) == len(names) + len(taken)


@given(NAMES)
def test_what_is_called_an_identifier_can_be_assigned(text: str) -> None:
    if is_identifier(text):
        compile(f"def f({text}): {text} = 1", "", "exec")


def test_what_python_keeps_for_itself_is_no_identifier() -> None:
    special = ("__debug__", "__future__", "None", "ＤＡＧ", "")
    assert not any(map(is_identifier, special))
