"""Times are taken in turns, and what is told of them is right."""

from __future__ import annotations

import gc
import time

import pytest

from benchmarks.measuring import Sample, percentile, seconds_of, side_by_side


def test_median_and_quartiles() -> None:
    sample = Sample((5.0, 1.0, 2.0, 4.0, 3.0))
    assert (sample.median, sample.quartiles) == (3.0, (2.0, 4.0))
    assert Sample((7.0,)).quartiles == (7.0, 7.0)


def test_the_ratio_is_that_of_each_round() -> None:
    slow_round = Sample((2.0, 200.0, 6.0)).over(Sample((1.0, 50.0, 2.0)))
    assert (slow_round.values, slow_round.unit, slow_round.median) == ((2.0, 4.0, 3.0), "×", 3.0)
    with pytest.raises(ValueError, match="zip"):
        Sample((1.0,)).over(Sample((1.0, 2.0)))


def test_a_sample_per_epoch_keeps_its_unit() -> None:
    assert Sample((4.0, 8.0), "MB").per(4) == Sample((1.0, 2.0), "MB")


def test_tasks_warm_up_once_and_then_take_turns_in_both_directions() -> None:
    done: list[str] = []
    tasks = {name: lambda name=name: done.append(name) for name in "abc"}
    seconds = side_by_side(tasks, 3)
    assert "".join(done) == "abc" + "abc" + "cba" + "abc"
    assert {name: len(sample.values) for name, sample in seconds.items()} == dict.fromkeys("abc", 3)


def test_a_task_takes_its_time_without_the_garbage_collector() -> None:
    collecting: list[bool] = []

    def work() -> None:
        time.sleep(0.02)
        collecting.append(gc.isenabled())

    assert 0.02 <= seconds_of(work) < 2
    assert collecting == [False]
    assert gc.isenabled()


def test_the_garbage_collector_comes_back_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError):
        seconds_of(lambda: 1 / 0)
    assert gc.isenabled()


def test_a_percentile_is_the_value_that_so_many_do_not_exceed() -> None:
    values = [float(value) for value in range(101)]
    assert percentile(values, 95) == 95.0
    assert percentile(list(reversed(values)), 50) == 50.0
