"""Code quality: each rule finds what it is for, nothing else costs, and the cap holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.bundle import Bundle
from autograder.corpus import Case, build
from autograder.kit.loader import Manifest
from autograder.reading.linter import LinterFailed, lint
from autograder.reading.quality import quality
from autograder.reading.rules import RULE_OF_CODE, RULES
from autograder.rubric.load import RubricError, load_rubric

from .conftest import ROOT, TINY, Graded, autograde, once

Read = Callable[[dict[str, str]], dict[str, list[list[Any]]]]
DOC = '"""What it gives."""'
SIX = "\n".join(f"    {name} = {name} + 1" for name in "abcdef")
RENAMED = "\n".join(f"    {name} = {name} + 1" for name in "uvwxyz")

# What it shows -> the rule, what breaks it (a body of `f(x)` or a whole module), what does not.
SNIPPETS = {
    "docstring": ("docstring", "def f(x):\n    return x", "return x"),
    "docstring of a class": (
        "docstring",
        f"class Model:\n    size = 1\ndef f(x):\n    {DOC}\n    return Model()",
        f"class Model:\n    {DOC}\n    size = 1\ndef f(x):\n    {DOC}\n    return Model()",
    ),
    "described in Google's form": (
        "docstring-truth",
        'def f(x):\n    """Gives.\n\n    Args:\n        y: old.\n    """\n    return x',
        'def f(a, b, *, c=1):\n    """Gives.\n\n    Args:\n        a, b (int): old.\n'
        "            d: deeper.\n        c: new.\n\n"
        '    Returns:\n        e: a number.\n    """\n    return a + b + c',
    ),
    "described in numpy's form": (
        "docstring-truth",
        'def f(x):\n    """Gives.\n\n    Parameters\n    ----------\n    y : int\n    """\n'
        "    return x",
        'def f(x):\n    """Gives.\n\n    Parameters\n    ----------\n    x : int\n        Old.\n\n'
        '    Returns\n    -------\n    y : int\n    """\n    return x',
    ),
    "described in Sphinx's form": (
        "docstring-truth",
        'def f(x):\n    """Gives.\n\n    :param int y: old\n    """\n    return x',
        'def f(x):\n    """Gives.\n\n    :param int x: new\n    """\n    return x',
    ),
    "promises a result": (
        "docstring-truth",
        'def f(x):\n    """Changes.\n\n    Returns:\n        x.\n    """\n    x += 1',
        'def f(x):\n    """Gives.\n\n    Yields:\n        x.\n    """\n    yield x',
    ),
    "says None and gives None": (
        "docstring-truth",
        'def f(x):\n    """Changes.\n\n    Returns\n    -------\n    int\n    """\n    x += 1',
        'def f(x):\n    """Changes.\n\n    Returns\n    -------\n    None\n    """\n    x += 1',
    ),
    "docstring is a TODO": (
        "docstring-truth",
        'def f(x):\n    """TODO: describe."""\n    return x',
        'def f(x):\n    """To do by all."""\n    return x',
    ),
    "a comment TODO": (
        "todo-left",
        "# TODO (handout B.1): this\n    return x",
        "# todo\n    return x",
    ),
    "a comment FIXME": ("todo-left", "return x  # FIXME this", "return x  # nothing to do"),
    "ERA001": (
        "commented-code",
        "# for n in x:\n    #     x.append(n)\n    return x",
        "# Z = X @ w + b\n    # P = sigmoid(Z)\n    # max(0, P)\n    return x",
    ),
    "a commented return": (
        "commented-code",
        "# return x + 1\n    return x",
        "# return early\n    return x",
    ),
    "E722": (
        "hidden-error",
        "try:\n        return x + 1\n    except:\n        return 0",
        "try:\n        return x + 1\n    except TypeError:\n        return 0",
    ),
    "BLE001": (
        "hidden-error",
        "try:\n        return x + 1\n    except Exception:\n        return 0",
        "try:\n        return x + 1\n    except Exception as e:\n        raise ValueError from e",
    ),
    "B006": (
        "mutable-default",
        f"def f(x, y=[]):\n    {DOC}\n    return y + x",
        f"def f(x, y=()):\n    {DOC}\n    return y + x",
    ),
    "F841": ("unused", "y = x\n    return x", "y, _ = x\n    return y"),
    "F401": ("unused", "import math\n    return x", "import math\n    return math.pi * x"),
    "ARG001": (
        "unused-argument",
        f"def _g(a, b):\n    return a\ndef f(x):\n    {DOC}\n    return _g(x, 1)",
        f"def f(x, seed):\n    {DOC}\n    return x",
    ),
    "unreachable": (
        "dead-code",
        "return x\n    raise NotImplementedError('f')",
        "if x:\n        return x\n    return 0",
    ),
    "nobody calls it": (
        "dead-code",
        f"def f(x):\n    {DOC}\n    return x\ndef g(x):\n    {DOC}\n    return g(x - 1)",
        f"def f(x):\n    {DOC}\n    return x\ndef g(x):\n    {DOC}\nif x:\n    g(1)",
    ),
    "B015": ("no-effect", "x == 1\n    return x", "return x == 1"),
    "B018": ("no-effect", "x\n    return x", "return x"),
    "F541": ("no-effect", "return f'x'", "return f'{x}'"),
    "PLW0127": ("no-effect", "y = x\n    y = y\n    return y", "y = x\n    return y"),
    "E711": ("comparison", "return x == None", "return x is None"),
    "E712": ("comparison", "return 1 if x == True else 0", "return 1 if x else 0"),
    "F632": ("comparison", "return x is 'a'", "return x == 'a'"),
    "A001": ("shadowed-builtin", "sum = x + 1\n    return sum", "total = x + 1\n    return total"),
    "A002": (
        "shadowed-builtin",
        f"def f(input):\n    {DOC}\n    return input",
        f"def f(inputs):\n    {DOC}\n    return inputs",
    ),
    "B020": (
        "loop-variable",
        "for x in x:\n        return x\n    return None",
        "for y in x:\n        return y\n    return None",
    ),
    "an inner loop": (
        "loop-variable",
        "for n in x:\n        for n, m in n:\n            x = m\n    return x",
        "for n in x:\n        for _, m in n:\n            m -= 1\n    return [n for n in x]",
    ),
    "PLW0603": (
        "global-state",
        f"count = 0\ndef f(x):\n    {DOC}\n    global count\n    count += x\n    return count",
        f"COUNT = 1\ndef f(x):\n    {DOC}\n    return COUNT + x",
    ),
    "NPY002": (
        "global-state",
        "import numpy as np\n    return np.random.normal(size=x)",
        "import numpy as np\n    return np.random.default_rng(x).normal()",
    ),
    "S102": ("eval", "exec(x)\n    return x", "return int(x)"),
    "S307": ("eval", "return eval(x)", "import json\n    return json.loads(x)"),
    "print": ("print", "print(x)\n    return x", "return x"),
    "print in a loop": (
        "print",
        "for n in x:\n        print(n)\n    return x",
        "for n in x:\n        if n % 100 == 0:\n            print(n)\n    return x",
    ),
    "SIM114": (
        "repetition",
        "if x == 1:\n        return 7\n    elif x == 2 and x:\n        return 7\n    return 0",
        "if x in {1, 2}:\n        return 7\n    return 0",
    ),
    "the same statements": (
        "repetition",
        f"def f(a, b, c, d, e, f):\n    {DOC}\n{SIX}\n    return _g(a, b, c, d, e, f)\n"
        f"def _g(u, v, w, x, y, z):\n{RENAMED}\n    return u",
        f"def f(a, b, c, d, e, f):\n    {DOC}\n{SIX}\n    return _g(a, b, c, d, e, f)\n"
        f"def _g(u, v, w, x, y, z):\n{RENAMED.replace('+', '-')}\n    return u",
    ),
    "C901": (
        "size",
        "".join(f"if x == {n}:\n        x += {n}\n    " for n in range(16)) + "return x",
        "".join(f"if x == {n}:\n        x += {n}\n    " for n in range(12)) + "return x",
    ),
    "too long": (
        "size",
        "x = [\n" + "        1,\n" * 60 + "    ]\n    return x",
        "x = [\n" + "        1,\n" * 50 + "    ]\n    return x",
    ),
}


def module(snippet: str) -> str:
    """The snippet, as a documented function where it is only a body."""
    if "def f(" in snippet:
        return snippet + "\n"
    return f"def f(x):\n    {DOC}\n    {snippet}\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a submission of these files with the declared functions `f` and `g`."""

    def findings(files: dict[str, str]) -> Any:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        manifest = Manifest(modules=("work", "more"), functions=("f", "declared"))
        return quality(tmp_path, manifest, ())["findings"]

    return findings


def test_every_rule_and_every_code_has_a_snippet() -> None:
    assert {rule for rule, _, _ in SNIPPETS.values()} == set(RULES)
    assert set(RULE_OF_CODE) <= set(SNIPPETS)
    assert all(SNIPPETS[code][0] == rule for code, rule in RULE_OF_CODE.items())


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_rule_finds_what_breaks_it_and_nothing_else(name: str, read: Read) -> None:
    rule, bad, good = SNIPPETS[name]
    assert {row[0] for row in read({"work.py": module(bad)})["f"]} == {rule}
    assert read({"work.py": module(good)})["f"] == []


@pytest.mark.parametrize(
    "text",
    [
        "X, W, A1, Z, b1, H = x, x, x, x, x, x\n    return X @ W + A1 * Z + b1 * H",
        "l = O = I = x\n    return l + O + I",
        f"return '{'long ' * 60}' + x",
        "return {'a':x, \"b\" : ( x ) , }",
        "square = lambda y: y**2\n    return square( x );",
        "for step in range(100):\n        x = x + 1\n    return x",
        "if x > 0: return 1\n    else: return 0",
        "import numpy as np\n    return np.array([v for v in x])",
        "assert x\n    return x",
        "for w, g in x:\n        w -= 0.1 * g\n    return x",
        "for line in x:\n        line = line.strip()\n    return x",
        "if x != x:\n        raise ValueError\n    return x",
        "from scipy.optimize import minimize\n    return [minimize(lambda w: w + n, 0) for n in x]",
        "# calcula Todo\n    return x.eval()",
    ],
)
def test_names_layout_and_taste_cost_nothing(text: str, read: Read) -> None:
    assert read({"work.py": module(text)})["f"] == []


@pytest.mark.parametrize(
    "text",
    [
        f"def f(x):  # noqa\n    {DOC}\n    x == 1  # noqa: B015\n    return x\n",
        f"# ruff: noqa\n# flake8: noqa\ndef f(x):\n    {DOC}\n    x == 1\n    return x\n",
        f"# ruff: disable[B015]\ndef f(x):\n    {DOC}\n    x == 1\n    return x\n",
        f"__all__ = []\ndef f(x):\n    {DOC}\n    x == 1\n    return x\n",
    ],
)
def test_comments_and_settings_of_the_student_do_not_help(text: str, read: Read) -> None:
    settings = {"ruff.toml": "exclude = ['*']\n", "pyproject.toml": "[tool.ruff]\nexclude=['*']\n"}
    assert [row[0] for row in read({"work.py": text, **settings})["f"]] == ["no-effect"]


@pytest.mark.parametrize("root", [ROOT, TINY])
def test_the_reference_has_no_finding(root: Path, tmp_path: Path) -> None:
    bundle = Bundle.open(root)
    for name, data in build(Case(name="", about=""), bundle).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    findings = quality(tmp_path, bundle.manifest, bundle.shipped)["findings"]
    assert findings == {name: [] for name in bundle.function_names}


def test_stubs_and_what_is_missing_are_not_marked(read: Read) -> None:
    stub = "def f(x):\n    # TODO (handout B.1): this\n    raise NotImplementedError('f')\n"
    assert read({"work.py": stub}) == {}


def test_a_helper_counts_with_the_function_that_reaches_it_first(read: Read) -> None:
    files = {
        "work.py": f"import helpers as h\nfrom helpers import deep\nTABLE = {{1: deep}}\n"
        f"def f(x):\n    {DOC}\n    return h.first(x), TABLE\n",
        "more.py": f"from helpers import first\ndef declared(x):\n    {DOC}\n    return first(x)\n",
        "helpers.py": f"def first(x):\n    {DOC}\n    return x == None\n\n\n"
        f"def deep(x):\n    {DOC}\n    print(x)\n\n\n"
        f"def aside(x):\n    {DOC}\n    print(x)\n\n\naside(1)\n",
    }
    found = read(files)
    assert [row[:3] for row in found["f"]] == [
        ["comparison", "helpers.py", 3],
        ["print", "helpers.py", 8],
    ]
    assert found["declared"] == []


def test_a_declared_function_is_nobodys_helper(read: Read) -> None:
    text = f"def f(x):\n    {DOC}\n    return declared(x)\n\n\n"
    text += f"def declared(x):\n    {DOC}\n    print(x)\n    return x\n"
    found = read({"work.py": text})
    assert found["f"] == []
    assert [row[0] for row in found["declared"]] == ["print"]


def test_what_the_template_ships_is_not_the_students(tmp_path: Path) -> None:
    text = f"def given(x):\n    print(x)\n\n\ndef f(x):\n    {DOC}\n    return x\n"
    (tmp_path / "work.py").write_text(text, encoding="utf-8")
    manifest = Manifest(modules=("work",), functions=("f",))
    assert quality(tmp_path, manifest, ["given"])["findings"]["f"] == []
    assert quality(tmp_path, manifest, [])["findings"]["f"] != []


def test_a_helper_that_the_students_tests_or_readme_mention_is_not_dead(read: Read) -> None:
    text = f"def f(x):\n    {DOC}\n    return x\n\n\ndef plot(x):\n    {DOC}\n    return x\n"
    assert [row[0] for row in read({"work.py": text})["f"]] == ["dead-code"]
    assert read({"work.py": text, "README.md": "Call `plot` for a picture."})["f"] == []


def test_in_a_notebook_the_cell_is_named(read: Read) -> None:
    sources = ["x = 1", "%matplotlib inline\ny = 2", f"# why\ndef f(x):\n    {DOC}\n    print(x)"]
    cells = [{"cell_type": "code", "source": [source]} for source in sources]
    found = read({"work.ipynb": json.dumps({"cells": cells})})["f"]
    assert [row[:3] for row in found] == [["print", "work.ipynb cell 3", 4]]


def test_a_helper_that_another_cell_calls_is_not_dead(read: Read) -> None:
    sources = [
        f"def f(x):\n    {DOC}\n    return x",
        f"def plot(x):\n    {DOC}\n",
        "y = 1\nplot(y)",
    ]
    cells = [{"cell_type": "code", "source": source} for source in sources]
    assert read({"work.ipynb": json.dumps({"cells": cells})})["f"] == []
    assert read({"work.ipynb": json.dumps({"cells": cells[:2]})})["f"] != []


def test_a_linter_that_crashes_is_not_taken_for_a_clean_result() -> None:
    with pytest.raises(LinterFailed):
        list(lint(["x = " + "+".join("x" * 50_000)]))


def test_an_unknown_rule_is_an_error_with_its_line(tmp_path: Path) -> None:
    text = (TINY / "rubric.yaml").read_text(encoding="utf-8")
    path = tmp_path / "rubric.yaml"
    path.write_text(text.replace("ignore: [print]", "ignore: [prints]"), encoding="utf-8")
    line = text.split("\n").index("  ignore: [print]") + 1
    with pytest.raises(RubricError, match=rf"rubric\.yaml:{line}: .*no rule is called 'prints'"):
        load_rubric(path)


STYLE_GUIDE = (ROOT / "assignment" / "style-guide.md").read_text(encoding="utf-8")


def test_the_style_guide_names_every_rule_and_no_other() -> None:
    titles = re.findall(r"^- \*\*(.*)\.\*\*", STYLE_GUIDE, re.M)
    assert sorted(titles) == sorted(rule.title for rule in RULES.values())


def test_the_style_guides_first_example_breaks_rules_and_the_second_none(tmp_path: Path) -> None:
    bad, good = re.findall(r"```python\n(.*?)```", STYLE_GUIDE, re.S)[:2]
    (tmp_path / "work.py").write_text(bad + good, encoding="utf-8")
    manifest = Manifest(modules=("work",), functions=("ma", "moving_average"))
    found = quality(tmp_path, manifest, [])["findings"]
    assert {row[0] for row in found["ma"]} == {"docstring", "hidden-error", "print"}
    assert found["moving_average"] == []


# The rest goes through the command.

RIGHT = {
    name: data.decode() for name, data in build(Case(name="", about=""), Bundle.open(TINY)).items()
}
EVERYTHING_WRONG = '''import numpy as np

def value_range(values, list=[]):
    # TODO (handout S.1): this
    # a = min(values)
    # b = max(values)
    # return b - a
    if len(values) == 0:
        raise ValueError("no values")
    try:
        unused = values == None
        values[0]
        print(eval("1"))
    except:
        pass
    return float(np.max(values) - np.min(values))
    raise NotImplementedError("value_range")

def standardise(values):
    """Values in deviations.

    Args:
        sample: all of them.
    """
    values = np.asarray(values, dtype=float)
    print("standardise")
    return (values - values.mean()) / values.std()
'''
# Five megabytes that Python parses at once, and about each line of which ruff has much to say.
SLOW = RIGHT["spread.py"].replace(
    "    if len(values) == 0",
    "    # a = 1\n" * 400_000 + "    if len(values) == 0",
)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Three submissions to the tiny bundle that all work."""

    def make(folder: Path) -> None:
        spreads = {"clean": RIGHT["spread.py"], "messy": EVERYTHING_WRONG, "slow": SLOW}
        for name, text in spreads.items():
            for file, content in {**RIGHT, "spread.py": text}.items():
                path = folder / "class" / name / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
        autograde("class", "--assignment", TINY, "--output", "results", cwd=folder)

    return Graded(once(tmp_path_factory, "quality", make) / "results")


def evidence(report: dict[str, Any]) -> dict[str, Any]:
    return {e["id"]: e for e in _evidence(report)}


def _evidence(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for category in report["categories"]:
        yield from category["evidence"]


def test_clean_work_starts_at_progressing_and_waits_for_a_person(graded: Graded) -> None:
    found = evidence(graded.report("clean"))["quality-spread"]
    assert (found["points"], found["possible"], found["needs_review"]) == (0.85, 1, True)


def test_a_function_loses_three_tenths_at_most_and_a_rule_counts_once(graded: Graded) -> None:
    found = evidence(graded.report("messy"))["quality-spread"]
    # one function of two loses 0.3 by more than three rules, the other 0.1; `print` is ignored
    assert found["points"] == 0.65
    assert evidence(graded.report("messy"))["quality-outliers"]["points"] == 0.85


def test_every_point_lost_names_file_line_rule_and_a_better_way(graded: Graded) -> None:
    message = evidence(graded.report("messy"))["quality-spread"]["message"]
    assert message.startswith("0.20 points are lost.")
    lines = message.split("\n")
    rule = RULES["docstring-truth"]
    at = lines.index(f"{rule.title} [{rule.id}]. {rule.why} {rule.better}")
    assert lines[at + 1].startswith("  spread.py, line 20, for standardise: ")
    for name in ("mutable-default", "todo-left", "commented-code", "hidden-error", "dead-code"):
        assert f"[{name}]" in message
    assert "[print]" not in message


def test_a_reading_that_is_lost_waits_for_a_person_and_costs_nothing_else(graded: Graded) -> None:
    slow, clean = evidence(graded.report("slow")), evidence(graded.report("clean"))
    lost = {"quality-spread", "quality-outliers"}
    for name in lost:
        assert (slow[name]["measured"], slow[name]["needs_review"]) == (None, True)
    assert {n: e for n, e in slow.items() if n not in lost} == {
        n: e for n, e in clean.items() if n not in lost
    }
