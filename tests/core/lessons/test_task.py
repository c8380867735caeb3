"""How far somebody is with a page: each task, right and wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.cell.steps import Position
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.exercises import derivation
from core.lessons.lesson import read_lesson
from core.lessons.task import Attempt
from core.training.run import Run

PART_2 = PRESETS["part-2"].experiment
CHOICES = """
## Question
Which one?
- [ ] The first | No.
- [x] The second | Yes.
- [x] The third | Yes, too.
"""
Begin = Callable[..., Attempt]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    """An attempt at a page with these keys below its preset."""

    def attempt(*keys: str, below: str = "") -> Attempt:
        done_in = {"derive": "derive", "find": "check", "train": "training"}
        verbs = [key.split()[1] for key in keys if key.startswith("task: ")]
        shown = [f"show: {done_in[verb]}" for verb in verbs if verb in done_in]
        keys = ("preset: part-2", *keys, *shown)
        lines = ["---", "title: A", "about: B", "---", "# C", *keys, "", "Text."]
        path = tmp_path / "lesson.md"
        path.write_text("\n".join(lines) + f"\n{below}", encoding="utf-8")
        return Attempt(read_lesson(path).pages[0])

    return attempt


def at(step: int, epoch: int = 0, experiment: Experiment = PART_2) -> Frame:
    run = Run(experiment)
    run.extend(epoch + 1)
    return frame_at(run, Position(epoch, step))


def test_a_page_without_task(begin: Begin) -> None:
    attempt = begin()
    assert (attempt.done, attempt.answered, attempt.choice, attempt.left) == (True, True, None, "")
    attempt.saw(at(7))
    attempt.predicted(1, right=True)
    attempt.derived(derivation.Task("Wx", 1), right=True)
    attempt.found("sign", right=True)
    assert (attempt.done, attempt.tries, attempt.right) == (True, 0, 0)


def test_a_question_with_a_free_answer_is_no_task(begin: Begin) -> None:
    assert begin(below="\n## Question\nWhy?\n\n## Answer\nSo.\n").left == ""


def test_each_step_is_to_be_predicted_right(begin: Begin) -> None:
    attempt = begin("task: predict S1(In), S1(Out)")
    assert attempt.left == "still to predict: S1(In), S1(Out)"
    attempt.predicted(1, right=False)
    attempt.predicted(3, right=True)  # not asked for
    assert (attempt.done, attempt.tries, attempt.right) == (False, 1, 0)
    attempt.predicted(1, right=True)
    assert attempt.left == "still to predict: S1(Out)"
    attempt.predicted(2, right=True)
    assert (attempt.done, attempt.tries, attempt.right, attempt.left) == (True, 3, 2, "")
    attempt.predicted(2, right=False)
    assert (attempt.done, attempt.tries) == (True, 4)


def test_going_on_to_a_step(begin: Begin) -> None:
    attempt = begin("epoch: 1", "step: S1(In)", "task: step cost")
    for elsewhere in (at(1, 1), at(6, 1), at(7, 0)):
        attempt.saw(elsewhere)
    assert (attempt.done, attempt.left) == (False, "still to go to: the cost")
    attempt.saw(at(7, 1))
    assert (attempt.done, attempt.left) == (True, "")
    attempt.saw(at(0, 1))
    assert attempt.done


@pytest.mark.parametrize(("step", "epoch"), [(8, 1), (17, 1), (7, 2)])
def test_going_past_a_step_is_going_there(begin: Begin, step: int, epoch: int) -> None:
    attempt = begin("epoch: 1", "step: S1(In)", "task: step cost")
    attempt.saw(at(step, epoch))
    assert attempt.done


def test_a_step_that_the_page_has_behind_it_is_the_next_epochs(begin: Begin) -> None:
    for start in ("cost", "end"):
        attempt = begin(f"step: {start}", "task: step cost")
        for here in (at(7), at(17), at(18), at(6, 1)):
            attempt.saw(here)
        assert not attempt.done
        attempt.saw(at(7, 1))
        assert attempt.done


def test_the_same_step_with_other_timestamps(begin: Begin) -> None:
    """With two timestamps the cost is step 5."""
    shorter = PART_2.with_data([[1.0, 0.0]])
    attempt = begin("task: step cost")
    attempt.saw(at(4, 0, shorter))
    assert not attempt.done
    attempt.saw(at(5, 0, shorter))
    assert attempt.done


def test_edits_until_the_conditions_hold(begin: Begin) -> None:
    attempt = begin("task: edit X2 a = 1, y a = 2", "do: Make it so.")
    attempt.saw(at(0))
    assert (attempt.done, attempt.left) == (False, "still to reach: X2 a = 1, y a = 2")
    attempt.saw(at(0, 0, PART_2.with_data([[1.0, 1.0, 1.0]])))  # only one of them
    attempt.saw(at(0, 0, PART_2.with_data([[1.0]])))  # no timestamp 2
    assert not attempt.done
    attempt.saw(at(0, 0, PART_2.with_data([[1.0, 1.0, 0.0]])))
    assert attempt.done
    attempt.saw(at(0))
    assert (attempt.done, attempt.tries) == (True, 0)


def test_training_until_the_conditions_hold(begin: Begin) -> None:
    attempt = begin("task: train cost < 5.8447, epoch >= 1", "do: Train.")
    attempt.saw(at(17))
    attempt.saw(at(6, 2))  # small enough, but not shown
    assert not attempt.done
    attempt.saw(at(7, 2))
    assert attempt.done


def test_the_rule_is_a_condition(begin: Begin) -> None:
    attempt = begin("task: edit rule = rprop", "do: Choose Rprop.")
    attempt.saw(at(0, 0, PART_2.changed(update_rule="momentum")))
    assert not attempt.done
    attempt.saw(at(0, 0, PART_2.changed(update_rule="rprop")))
    assert attempt.done


def test_new_weights_are_reached_by_the_update(begin: Begin) -> None:
    quick = PART_2.changed(learning_rates=1.0)
    attempt = begin("task: train Wx > 1", "do: Train.")
    attempt.saw(at(17, 0, quick))
    assert not attempt.done
    attempt.saw(at(18, 0, quick))
    assert attempt.done


def test_a_formula(begin: Begin) -> None:
    attempt = begin("task: derive dE/dWx at 1")
    assert attempt.left == "still to derive: dE/dWx at timestamp 1"
    attempt.derived(derivation.Task("Wx", 1), right=False)
    attempt.derived(derivation.Task("Wrec", 1), right=True)  # another task
    assert (attempt.done, attempt.tries, attempt.right) == (False, 1, 0)
    attempt.derived(derivation.Task("Wx", 1), right=True)
    attempt.derived(derivation.Task("Wx", 1), right=False)
    assert (attempt.done, attempt.tries, attempt.right, attempt.left) == (True, 3, 1, "")


def test_a_planted_mistake(begin: Begin) -> None:
    attempt = begin("task: find sign")
    assert attempt.left == "still to find: the planted mistake"
    attempt.found("sign", right=False)
    attempt.found("wrec-forgotten", right=True)  # another one was planted
    assert (attempt.done, attempt.tries, attempt.right) == (False, 1, 0)
    attempt.found("sign", right=True)
    assert (attempt.done, attempt.tries, attempt.right, attempt.left) == (True, 2, 1, "")


def test_choices(begin: Begin) -> None:
    attempt = begin(below=CHOICES)
    assert (attempt.done, attempt.answered) == (True, False)
    assert attempt.left == "still to answer: the question"
    assert attempt.chose(0).reply == "No."
    assert (attempt.answered, attempt.choice) == (False, 0)
    assert attempt.chose(2).right
    assert (attempt.answered, attempt.choice, attempt.left) == (True, 2, "")
    attempt.chose(0)
    assert (attempt.answered, attempt.choice) == (True, 0)
    assert (attempt.tries, attempt.right) == (3, 1)


@pytest.mark.parametrize("index", [-1, 3])
def test_a_choice_that_is_not_there(begin: Begin, index: int) -> None:
    attempt = begin(below=CHOICES)
    with pytest.raises(IndexError, match="the page has no choice"):
        attempt.chose(index)
    assert (attempt.tries, attempt.choice) == (0, None)


def test_a_task_and_choices(begin: Begin) -> None:
    attempt = begin("task: step cost", below=CHOICES)
    assert attempt.left == "still to go to: the cost; still to answer: the question"
    attempt.chose(1)
    assert (attempt.answered, attempt.done, attempt.left) == (
        True,
        False,
        "still to go to: the cost",
    )
    attempt.saw(at(7))
    assert attempt.left == ""
