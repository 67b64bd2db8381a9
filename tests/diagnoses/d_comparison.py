"""Part D: what students get wrong when they compare two ways of training."""

import numpy as np
from d_training import distinct

from autograder.diagnosis.declare import behaviour


def compared(student):
    """A comparison in which nothing is learnt."""
    settings = {"n": 48, "longest": 5, "steps": 4, "hidden_size": 4, "learning_rate": 0.0}
    return student.compare_approaches(**settings, batch_size=16, n_test=40, seed=12)


RESULT = {
    "hint": "Two results are due, `fixed` and `random`, each with accuracy and losses.",
    "hint_2": "compare the keys of what you return with the docstring.",
}


@behaviour(
    "comparison-incomplete",
    "compare_approaches",
    title="The comparison lacks one of its results.",
    **RESULT,
    case="wrong/comparison-without-losses",
)
def something_missing(student):
    run = compared(student)
    names = ("fixed", "random")
    if not isinstance(run, dict) or not set(names) <= set(run):
        return True
    return not all({"accuracy", "losses"} <= set(run[name]) for name in names)


@behaviour(
    "comparison-in-percent",
    "compare_approaches",
    title="Accuracies come back in percent.",
    hint="An accuracy is a share from 0 to 1.",
    hint_2="what is the accuracy of a model that is always right?",
    case="wrong/comparison-in-percent",
)
def in_percent(student):
    return max(result["accuracy"] for result in compared(student).values()) > 1


@behaviour(
    "comparison-invented",
    "compare_approaches",
    title="The losses do not depend on any training.",
    hint="The losses are those that train_model returns.",
    hint_2="do two runs with different seeds give different losses?",
    case="wrong/comparison-invented",
)
def constant_losses(student):
    return all(np.ptp(result["losses"]) == 0 for result in compared(student).values())


@behaviour(
    "comparison-of-twice-the-same",
    "compare_approaches",
    title="Both approaches are trained on the same strings.",
    hint="The approaches differ in their training strings, and in nothing else.",
    hint_2="which function draws the strings of each?",
    case="wrong/comparison-of-twice-the-same",
)
def same_strings(student):
    run = compared(student)
    return np.allclose(run["fixed"]["losses"], run["random"]["losses"])


@behaviour(
    "second-training-goes-on",
    "compare_approaches",
    title="One model is trained for both approaches: the second starts where the first ended.",
    hint="Both approaches start from the same untrained model; training changes it in place.",
    hint_2="compare the first losses of `fixed` and `random`: how many models do you build?",
    case="wrong/second-training-goes-on",
)
def starts_where_the_other_ended(student):
    settings = {"n": 128, "longest": 1, "steps": 60, "hidden_size": 8, "learning_rate": 0.05}
    run = student.compare_approaches(**settings, batch_size=64, n_test=10, seed=4)
    first = [float(run[name]["losses"][0]) for name in ("fixed", "random")]
    return min(first) < max(first) / 2


@behaviour(
    "comparison-of-different-models",
    "compare_approaches",
    title="The two approaches do not start from the same model, or meet different tests.",
    hint="Only the training strings may differ, or the comparison says nothing.",
    hint_2="with a learning rate of 0 both accuracies should be equal.",
)
def unequal_without_learning(student):
    run = compared(student)
    return run["fixed"]["accuracy"] != run["random"]["accuracy"]


@behaviour(
    "tested-on-the-training-strings",
    "compare_approaches",
    title="The models are tested on the strings they were trained on.",
    hint="How well a model answers strings that it has seen says nothing about others.",
    hint_2="which seed draws the training strings, and which the test strings?",
    case="wrong/tested-on-the-training-strings",
)
def remembers_its_tests(student):
    settings = {"n": 16, "longest": 12, "steps": 150, "hidden_size": 16, "learning_rate": 0.03}
    run = student.compare_approaches(**settings, batch_size=16, n_test=16, seed=4)
    return max(result["accuracy"] for result in run.values()) > 0.9


@behaviour(
    "comparison-without-seed",
    "compare_approaches",
    title="The same seed gives another result each time.",
    hint="Everything that is drawn depends on the seed: strings, model and batches.",
    hint_2="compare twice with the same seed: which of your draws gets no seed?",
)
def another_result_each_time(student):
    first, again = (compared(student)["random"]["losses"] for _ in "ab")
    return not np.allclose(first, again)


@behaviour(
    "comparison-seeded-alike",
    "compare_approaches",
    title="The seed is ignored: every seed gives the same result.",
    hint="Everything that is drawn depends on the seed: strings, model and batches.",
    hint_2="compare with the seeds 1 and 2.",
)
def same_result_for_all_seeds(student):
    settings = {"n": 48, "longest": 5, "steps": 4, "hidden_size": 4, "learning_rate": 0.0}
    runs = (
        student.compare_approaches(**settings, batch_size=16, n_test=40, seed=seed)
        for seed in (12, 13)
    )
    first, other = (run["random"]["losses"] for run in runs)
    return np.allclose(first, other)


@behaviour(
    "comparison-of-other-losses",
    "compare_approaches",
    title="There is not one loss for each of the steps.",
    hint="`losses` holds what `train_model` returned: one loss an update.",
    hint_2="count the losses of each approach.",
)
def other_number_of_losses(student):
    return any(len(result["losses"]) != 4 for result in compared(student).values())


@behaviour(
    "comparison-on-other-tests",
    "compare_approaches",
    title="The accuracy is a share of another number of strings than n_test.",
    hint="Both models are tested on the same n_test strings.",
    hint_2="with 40 test strings every accuracy is a multiple of 1/40.",
)
def other_number_of_tests(student):
    shares = [40 * float(result["accuracy"]) for result in compared(student).values()]
    return any(abs(share - round(share)) > 1e-6 for share in shares)


@behaviour(
    "comparison-changed-places",
    "compare_approaches",
    title="The results of the two approaches have changed places.",
    hint="`fixed` is trained on strings that are all as long, `random` on random lengths.",
    hint_2="which strings does each model get?",
)
def approaches_changed_places(student):
    """On strings of one bit or two the loss of a model of fixed strings takes four values."""
    settings = {"n": 64, "longest": 2, "steps": 40, "hidden_size": 4, "learning_rate": 0.0}
    run = student.compare_approaches(**settings, batch_size=1, n_test=10, seed=12)
    kinds = {name: len(distinct(np.asarray(run[name]["losses"], float))) for name in run}
    return kinds["random"] == 4 < kinds["fixed"]


@behaviour(
    "tested-on-other-lengths",
    "compare_approaches",
    title="The test strings are not all of the greatest length: the tests are those of `random`.",
    hint="Both models are tested on fresh strings that are all of length `longest`.",
    hint_2="which function draws your test strings, and of which lengths are they?",
)
def fixed_fails_where_random_does_not(student):
    settings = {"n": 64, "longest": 3, "steps": 200, "hidden_size": 12, "learning_rate": 0.05}
    run = student.compare_approaches(**settings, batch_size=32, n_test=60, seed=4)
    return run["fixed"]["accuracy"] < 0.9 and run["random"]["accuracy"] > 0.95
