"""The pure parts of `bench.processor`: /proc's figures, and what is made of them."""

import os
import subprocess
import sys

import pytest

from bench.processor.extrapolation import Span, a_parse, an_hour, expected, loop
from bench.processor.process_tree import Stat, cpu_seconds, parsed, ticks_of


def test_a_program_may_have_any_name() -> None:
    line = "42 (a) b (c) S 7 42 42 0 -1 4194304 1 2 3 4 10 20 300 4000 20 0 1 0 5 6 7"
    assert parsed(line) == Stat(pid=42, parent=7, ticks=4330)


def test_a_process_counts_with_all_below_it_and_no_other() -> None:
    tree = [Stat(1, 0, 1), Stat(2, 1, 10), Stat(3, 2, 100), Stat(4, 2, 1000), Stat(5, 1, 7)]
    assert ticks_of(2, tree) == 1110
    assert ticks_of(2, reversed(tree)) == 1110
    assert ticks_of(9, tree) == 0


def test_children_that_have_ended_count() -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    before = cpu_seconds(os.getpid())
    subprocess.run([sys.executable, "-c", busy], check=True)
    assert cpu_seconds(os.getpid()) - before > 0.25


def test_an_hour_is_the_loop_and_its_parses() -> None:
    calm, busy = Span(60, 1.0, 0), Span(120, 32.0, 100)
    assert loop(calm) == 60
    assert a_parse(busy, calm) == pytest.approx(0.3)
    assert an_hour(calm, 0.3, files=300, interval=600) == pytest.approx(60 + 300 * 6 * 0.3)
    assert expected(calm, 0.3, busy) == pytest.approx(32)


def test_a_loop_with_parses_is_refused() -> None:
    with pytest.raises(ValueError, match="not calm"):
        loop(Span(60, 1.0, 1))
