"""What code quality is measured by: an explained selection, the same for every assignment.

Each rule has a few of ruff's codes, or a reading of our own (`own`), or both.
What is a matter of taste is left out on purpose: names such as `X`, `W` or
`A1`, the length of lines, annotations, quotes. So is what often is right in
numerical code: `weight -= rate * gradient` on a loop variable, `x != x` for
NaN, a function made in a loop for an optimiser that calls it at once, a formula
in a comment, a line of progress every hundred steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One thing that is looked for.

    Attributes:
        id: the word for it in reports, and in a bundle's `quality: ignore:`.
        title: what is demanded; it stands in the report and in the students' style guide.
        why: what goes wrong where it is broken.
        better: what to do instead.
        codes: ruff's codes that show it.
    """

    id: str
    title: str
    why: str
    better: str
    codes: tuple[str, ...] = ()


RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule(
            "docstring",
            "Every public function has a docstring",
            "Without one, a reader has to work out from the code what goes in and comes out.",
            "Say in one line what it gives, then its arguments and its result with their shapes.",
        ),
        Rule(
            "docstring-truth",
            "Docstrings tell the truth",
            "A docstring that describes another function misleads more than none.",
            "Name the parameters as the function does, and describe what it returns today.",
        ),
        Rule(
            "todo-left",
            "No TODO is left",
            "A reader takes what is marked as unfinished for unfinished.",
            "Remove a TODO once it is done; what you leave open belongs into the report.",
        ),
        Rule(
            "commented-code",
            "No code is commented out",
            "Nobody knows whether it still works, or why it is there.",
            "Delete it; an old version is what version control is for.",
            ("ERA001",),
        ),
        Rule(
            "hidden-error",
            "No error is hidden",
            "A handler for everything covers up mistyped names and wrong shapes as well.",
            "Name the exception you expect, keep the `try` short, and let every other one pass.",
            ("E722", "BLE001"),
        ),
        Rule(
            "mutable-default",
            "No default value is a list or dict",
            "It is made once, so one call changes what the next one starts with.",
            "Write `=None` and make the list or dict inside the function.",
            ("B006",),
        ),
        Rule(
            "unused",
            "Nothing is computed or imported in vain",
            "A reader looks for the place where it is used, and a mistyped name hides there.",
            "Delete it, or use it; of a tuple, call the part you do not need `_`.",
            ("F841", "F401"),
        ),
        Rule(
            "unused-argument",
            "A helper uses all its arguments",
            "A caller believes that what is passed makes a difference.",
            "Remove it; where a library decides on the arguments, begin its name with `_`.",
            ("ARG001",),
        ),
        Rule(
            "dead-code",
            "All code can be reached",
            "What never runs is never tested, and has to be read all the same.",
            "Delete what stands behind a `return`, and helpers that nobody calls.",
        ),
        Rule(
            "no-effect",
            "Every statement has an effect",
            "A comparison or an expression alone usually was to be an assignment or a `return`.",
            "Assign, return or delete it; an f-string without braces needs no `f`.",
            ("B015", "B018", "F541", "PLW0127"),
        ),
        Rule(
            "comparison",
            "None, True and literals are compared as they should be",
            "`==` asks an array for each of its elements, and `is` asks for the same object.",
            "Write `is None`, use a truth value as it is, and compare numbers and texts by `==`.",
            ("E711", "E712", "F632"),
        ),
        Rule(
            "shadowed-builtin",
            "No name hides one of Python's own",
            "After `sum = 0`, calling `sum(...)` fails far from where the mistake was made.",
            "Choose a word of your own: `total` for `sum`, `longest` for `max`, `text` for `str`.",
            ("A001", "A002"),
        ),
        Rule(
            "loop-variable",
            "Every loop has a variable of its own",
            "After an inner loop, the outer one goes on with a value that its `for` does not say.",
            "Give each loop a new name, and none of them the name of what it runs over.",
            ("B020",),
        ),
        Rule(
            "global-state",
            "No global state is changed",
            "The same call gives another result, depending on what ran before it.",
            "Pass values in and return them; draw from `rng = np.random.default_rng(seed)`.",
            ("PLW0603", "NPY002"),
        ),
        Rule(
            "eval",
            "No text is run as code",
            "`eval` and `exec` run whatever stands in the text, and hide it from every tool.",
            "Use `json.loads`, `float`, a dict of functions, or the code itself.",
            ("S102", "S307"),
        ),
        Rule(
            "print",
            "A function returns, it does not print",
            "Who calls it a thousand times in a test gets a thousand lines.",
            "Return the value, and print it where the function is called.",
        ),
        Rule(
            "repetition",
            "Nothing is written twice",
            "A mistake that is mended in one copy stays in the other.",
            "Give what is the same a name: a helper that both places call, or one condition.",
            ("SIM114",),
        ),
        Rule(
            "size",
            "A function fits on a screen",
            "What is long or branches much does several things, and none of them can be tested.",
            "Split it by what it does, and give each part a name.",
            ("C901",),
        ),
    )
}
"""By id, in the order in which they are told."""

RULE_OF_CODE: Mapping[str, str] = {code: rule.id for rule in RULES.values() for code in rule.codes}
MAX_COMPLEXITY = 15
"""Ways through a function, in ruff's count; generous, for ruff's own limit is 10."""
