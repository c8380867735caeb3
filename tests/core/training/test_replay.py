from core.cell.steps import Position
from core.training.replay import epochs_needed, train_for, why_not_reached
from core.training.run import Run
from tests.core.experiments import DIVERGING, PART_2


def test_slices_end_at_the_goal_and_give_the_same_run() -> None:
    sliced, whole = Run(PART_2), Run(PART_2)
    while train_for(sliced, 3000, seconds=0.001):
        pass
    whole.reach(3000)
    assert sliced.last == 3000
    assert sliced.costs.tobytes() == whole.costs.tobytes()


def test_no_time_is_no_training() -> None:
    run = Run(PART_2)
    assert train_for(run, 10, seconds=0.0)
    assert run.last == 0


def test_a_run_that_ends_has_nothing_more_to_do() -> None:
    run = Run(DIVERGING, "lesson")
    assert not train_for(run, 1000, seconds=10)
    assert run.last < 10
    said = why_not_reached(run, Position(1000, 3))
    assert said.startswith("lesson stands at epoch 1,000, which its run does not reach: ")


def test_the_update_needs_the_next_epoch() -> None:
    run = Run(PART_2)
    assert epochs_needed(run, Position(4, 17)) == 4
    assert epochs_needed(run, Position(4, 18)) == 5
