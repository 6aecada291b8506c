"""How far an edit was followed that concerns more DAGs than there was time for."""

from random import Random

import pytest

from dagc.apply.compile_dags import CHUNK
from dagc.plan.fan_out import MAX_AGAIN, Progress, Readers

IDS = frozenset("abcdef")


@pytest.mark.parametrize(
    ("failed", "unreached", "expected"),
    [
        ("", "ef", Progress("7", "d")),
        ("b", "ef", Progress("7", "d", frozenset("b"))),
        ("bf", "def", Progress("7", "c", frozenset("b"))),
        ("", "bf", Progress("7", "a")),
        ("", "abcdef", None),
        ("", "x", Progress("7", "f")),
    ],
)
def test_after(failed: str, unreached: str, expected: Progress | None) -> None:
    assert Readers(IDS).after("7", set(failed), set(unreached)) == expected


def test_left() -> None:
    noted = Progress("7", "c", frozenset("b"))
    assert Readers(IDS).left("7") == IDS
    assert Readers(IDS, noted).left("8") == IDS
    assert Readers(IDS, noted).left("7") == frozenset("bdef")
    assert Readers(IDS - {"b"}, noted).left("7") == frozenset("def")


def test_what_fails_leaves_room_for_others_in_a_chunk() -> None:
    assert MAX_AGAIN <= CHUNK // 2


def test_no_more_is_noted_than_an_item_holds() -> None:
    ids = [f"{number:04}" for number in range(1000)]
    progress = Readers(frozenset(ids)).after("7", ids[::2], ids[900:])
    assert progress is not None
    assert sorted(progress.again) == ids[: 2 * MAX_AGAIN : 2]
    assert progress.last == ids[2 * MAX_AGAIN - 1]


@pytest.mark.parametrize("seed", range(20))
def test_each_is_done_at_last_and_none_that_was_done_is_left(seed: int) -> None:
    random = Random(seed)
    ids = frozenset(f"{number:03}" for number in range(random.randrange(1, 60)))
    done: set[str] = set()
    readers = Readers(ids)
    while left := sorted(readers.left("7")):
        assert done | set(left) == ids
        reached = left[: random.randrange(1, 9)]
        failed = {dag_id for dag_id in reached if random.random() < 0.2}
        done |= set(reached) - failed
        unreached = set(left) - set(reached)
        readers = Readers(ids, readers.after("7", failed, unreached) or readers.progress)
    assert done == ids
