"""Names as real tables hold them: long ones too, with dots, dashes and digits first."""

from hypothesis import strategies as st

_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_.-"


def _of_length(parts: tuple[str, int]) -> str:
    word, length = parts
    return (word * length)[:length]


REAL_NAMES = st.one_of(
    st.sampled_from(["load_orders", "class", "print", "None", "load.orders-v2", "7-eleven", "DAG"]),
    st.tuples(st.text(_CHARACTERS, min_size=1, max_size=12), st.integers(1, 200)).map(_of_length),
    # Where a statement no longer fits its line, and where nothing can make it fit.
    st.integers(30, 100)
    .map(lambda length: "load_orders_of_all_shops_" * 4 + "x" * length)
    .map(lambda name: name[-100:]),
    st.integers(30, 100).map(lambda length: "n" * length),
).filter(lambda name: name.strip("_.-") != "")
"""Task, job and scheduler names that Airflow takes as ids."""
