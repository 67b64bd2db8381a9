"""Loading student code: by definitions first, whatever its shape."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.kit.calls import StudentCode
from autograder.kit.failures import LoadError, NotAttempted, StudentError
from autograder.kit.loader import Manifest
from autograder.kit.module import StudentModule

MANIFEST = Manifest(
    modules=("work",), functions=("f", "g"), data={"DATA": "data.json"}, packages=("numpy",)
)
Open = Callable[..., StudentCode]


@pytest.fixture
def open_code(tmp_path: Path) -> Iterator[Open]:
    """Writes files and opens them as a submission: path -> text."""
    opened = []

    def write(files: dict[str, str]) -> StudentCode:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        code = StudentCode(tmp_path, MANIFEST)
        context = code.loader.installed()
        context.__enter__()
        opened.append(context)
        return code

    yield write
    for context in opened:
        context.__exit__(None, None, None)


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


def call(code: StudentCode, name: str, *args: Any) -> Any:
    return code.call(name, list(args), {})


def test_top_level_code_does_not_run_when_nothing_needs_it(open_code: Open) -> None:
    code = open_code({"work.py": "def f():\n    return 1\nraise SystemExit('ran')\n"})
    assert call(code, "f") == 1
    assert code.loader.problems == []


@pytest.mark.parametrize(
    ("top_level", "value"),
    [
        ("x = 0\nfor k in range(4):\n    x += k\n", 6),
        ("x = {}\nx['a'] = 1\n", {"a": 1}),
        ("x = [1]\nx.append(2)\n", [1, 2]),
        ("def make():\n    return 3\n\nx = make()\n", 3),
        ("x = None\ndef fill():\n    global x\n    x = 4\n\nfill()\n", 4),
        ("x = 1\ny = x + 1\nx = y * 2\n", 4),
        ("x = {}\ndef register(k, v):\n    x[k] = v\n\nregister('a', 1)\n", {"a": 1}),
        ("x = []\ndef fill(target):\n    target.append(1)\n\nfill(x)\n", [1]),
        ("x = []\ndef b():\n    x.append(2)\ndef a():\n    b()\n\na()\n", [2]),
        ("import bisect\nx = [1, 3]\nbisect.insort(x, 2)\n", [1, 2, 3]),
        ("x = {'a': 1, 'b': 2}\ndel x['a']\n", {"b": 2}),
        ("match [7]:\n    case [x]:\n        pass\n", 7),
        ("with open(__file__) as file:\n    x = len(file.read()) > 0\n", True),
    ],
)
def test_what_a_function_depends_on_has_run(top_level: str, value: Any, open_code: Open) -> None:
    code = open_code({"work.py": top_level + "def f():\n    return x\n"})
    assert call(code, "f") == value


def test_functions_and_classes_may_be_changed_after_their_definition(open_code: Open) -> None:
    text = "class Settings:\n    scale = 1\n\nSettings.scale = 5\n"
    text += "def twice(function):\n    return lambda: 2 * function()\n"
    text += "def f():\n    return Settings.scale\n\nf = twice(f)\n"
    assert call(open_code({"work.py": text}), "f") == 10


def test_of_two_definitions_the_last_wins_even_if_the_first_has_to_wait(open_code: Open) -> None:
    early = "@lru_cache\ndef f():\n    return 'draft'"
    cells = [early, "from functools import lru_cache", "def f():\n    return 'final'"]
    assert call(open_code({"work.ipynb": notebook(*cells)}), "f") == "final"


def test_a_notebook_is_its_own_main_program(open_code: Open) -> None:
    guarded = "if __name__ == '__main__':\n    LIMIT = 3"
    code = open_code({"nb.ipynb": notebook("LIMIT = 1", guarded, "def f():\n    return LIMIT")})
    assert call(code, "f") == 3


def test_a_table_of_a_graded_module_that_another_module_reads(open_code: Open) -> None:
    work = "LIMITS = {}\nfor k in range(2):\n    LIMITS[str(k)] = k\n\ndef f():\n    return 1\n"
    other = "from work import LIMITS\n\ndef g():\n    return LIMITS\n"
    assert call(open_code({"work.py": work, "other.py": other}), "g") == {"0": 0, "1": 1}


def test_a_chain_of_hundreds_of_branches_is_no_end(open_code: Open) -> None:
    chain = "if 1 == 2:\n    pass\n" + "elif 1 == 3:\n    pass\n" * 450
    assert call(open_code({"work.py": chain + "def f():\n    return 1\n"}), "f") == 1


def test_training_that_no_function_reads_waits_for_ever(open_code: Open) -> None:
    text = "def train():\n    raise RuntimeError('ran')\n\nmodel = train()\nlosses = [model]\n"
    text += "while losses:\n    losses.append(train())\nprint(losses)\ndef f():\n    return 1\n"
    code = open_code({"work.py": text})
    assert call(code, "f") == 1
    assert code.loader.problems == []


def test_each_cell_fails_alone(open_code: Open) -> None:
    cells = ["boom()\nx = compute_nothing", "y = [k for k in (5,)]\nz = y.pop()"]
    code = open_code({"work.ipynb": notebook("def f():\n    return z", *cells)})
    assert call(code, "f") == 5


def test_a_filled_in_notebook_wins_over_an_untouched_module(open_code: Open) -> None:
    stub = 'def f():\n    """Doc."""\n    # TODO\n    raise NotImplementedError("f")\n'
    code = open_code({"work.py": stub, "work.ipynb": notebook("def f():\n    return 2")})
    assert call(code, "f") == 2


def test_the_declared_module_wins_over_others(open_code: Open) -> None:
    code = open_code(
        {"a.py": "def f():\n    return 'a'\n", "deep/work.py": "def f():\n    return 'work'\n"}
    )
    assert call(code, "f") == "work"


def test_relative_imports_and_circles_work_in_a_package(open_code: Open) -> None:
    code = open_code(
        {
            "src/pkg/__init__.py": "",
            "src/pkg/work.py": "from .other import h\n\ndef f():\n    return h() + 1\n",
            "src/pkg/other.py": "from . import work\nfrom pkg import work as w\n\ndef h():\n"
            "    return 1\n",
        }
    )
    assert call(code, "f") == 2


def test_a_table_that_another_module_fills_in_a_loop(open_code: Open) -> None:
    tables = (
        "TABLE = []\nfor k in range(3):\n    TABLE.append(k)\n\ndef size():\n    return TABLE\n"
    )
    code = open_code(
        {
            "work.py": "import tables\nfrom tables import TABLE\n\ndef f():\n    return TABLE\n"
            "\ndef g():\n    return tables.size()\n",
            "tables.py": tables,
        }
    )
    assert call(code, "f") == call(code, "g") == [0, 1, 2]


def test_a_package_of_the_modules_name(open_code: Open) -> None:
    code = open_code(
        {
            "work/__init__.py": "from .core import *\n",
            "work/core.py": "from work.deep import two\n\ndef f():\n    return two()\n",
            "work/deep.py": "def two():\n    return 2\n",
        }
    )
    assert call(code, "f") == 2


def test_relative_imports_without_an_init_file(open_code: Open) -> None:
    code = open_code(
        {
            "hw/work.py": "from .core import two\n\ndef f():\n    return two()\n",
            "hw/core.py": "def two():\n    return 2\n",
        }
    )
    assert call(code, "f") == 2


def test_the_list_of_packages_holds_inside_functions_and_try_blocks(open_code: Open) -> None:
    text = "try:\n    import pydantic\nexcept ImportError:\n    pydantic = None\n"
    text += "def f():\n    return pydantic\n\ndef g():\n    import sympy\n    return 1\n"
    code = open_code({"work.py": text})
    assert call(code, "f") is None
    with pytest.raises(StudentError, match="'sympy' is neither on the list"):
        call(code, "g")


def test_a_file_nobody_needs_may_be_anything(open_code: Open) -> None:
    deep = "x = " + " + ".join(["'a'"] * 3000) + "\n"
    code = open_code({"work.py": "def f():\n    return 1\n", "scratch.py": deep + "def g(:\n"})
    assert call(code, "f") == 1


def test_a_module_that_imports_what_a_loop_made(open_code: Open) -> None:
    code = open_code(
        {
            "work.py": "from tables import LAST\n\ndef f():\n    return LAST\n",
            "tables.py": "for LAST in range(3):\n    pass\n",
        }
    )
    assert call(code, "f") == 2


def test_files_named_like_libraries_do_not_replace_them(open_code: Open) -> None:
    code = open_code(
        {
            "work.py": "import json\nimport numpy as np\n\ndef f():\n    return json.dumps(1)\n"
            "\ndef g():\n    return np.arange(2)\n",
            "json.py": "def dumps(x):\n    return 'mine'\n",
            "numpy/__init__.py": "def arange(n):\n    return 'mine'\n",
        }
    )
    assert call(code, "f") == "1"
    assert call(code, "g").tolist() == [0, 1]


def test_a_package_off_the_list_hurts_only_who_uses_it(open_code: Open) -> None:
    text = "import pandas as pd\nfrom google.colab import drive\ndef f():\n    return 1\n"
    code = open_code({"work.py": text + "def g():\n    return pd.DataFrame()\n"})
    assert call(code, "f") == 1
    with pytest.raises(StudentError, match="pandas") as raised:
        call(code, "g")
    assert raised.value.name == "ImportError"
    assert raised.value.where == "work.py, line 6 (g)"


def test_a_syntax_error_names_file_and_line(open_code: Open) -> None:
    code = open_code({"work.py": "x = 1\ndef f(:\n    pass\n"})
    with pytest.raises(LoadError, match=r"work\.py, line 2: SyntaxError"):
        call(code, "f")


def test_nothing_found_lists_what_was_searched(open_code: Open) -> None:
    code = open_code({"homework.py": "x = 1\n"})
    with pytest.raises(NotAttempted, match=r"no function f was found in homework\.py"):
        call(code, "f")


def test_magics_are_blanked_reported_and_never_run(open_code: Open, tmp_path: Path) -> None:
    code = open_code(
        {
            "nb.ipynb": notebook(
                f"!touch {tmp_path}/ran\nfiles = !ls\nif True:\n    %matplotlib inline\nx = 3",
                f"%%bash\ntouch {tmp_path}/ran",
                "%%time\ndef f():\n    return x\nf?",
            )
        }
    )
    assert call(code, "f") == 3
    assert not (tmp_path / "ran").exists()
    reported = [str(problem) for problem in code.loader.problems]
    assert len(reported) == 6
    assert reported[0].startswith("nb.ipynb cell 1, line 1: not run: !touch")


def test_data_may_be_a_constant_or_a_file(open_code: Open) -> None:
    in_code = open_code({"work.py": "DATA = {'a': (1, 2)}\n", "data.json": '{"a": 3}'})
    assert in_code.data("DATA") == {"a": (1, 2)}


def test_data_from_the_file(open_code: Open) -> None:
    assert open_code({"data.json": '{"a": 3}'}).data("DATA") == {"a": 3}


def test_malformed_data_is_named(open_code: Open) -> None:
    with pytest.raises(LoadError, match=r"data\.json is not valid JSON"):
        open_code({"data.json": "{a}"}).data("DATA")


def test_exceptions_become_the_nearest_builtin(open_code: Open) -> None:
    text = "class Odd(KeyError):\n    def __str__(self):\n        raise RuntimeError\n"
    code = open_code({"work.py": text + "def f():\n    raise Odd\n"})
    with pytest.raises(StudentError) as raised:
        call(code, "f")
    assert (raised.value.name, raised.value.text) == ("KeyError", "")


def test_nothing_of_a_submission_stays_imported(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text("import other\n\ndef f():\n    return 1\n")
    (tmp_path / "other.py").write_text("")
    code = StudentCode(tmp_path, MANIFEST)
    with code.loader.installed():
        assert call(code, "f") == 1
        assert isinstance(sys.modules["other"], StudentModule)
    assert not [name for name, module in sys.modules.items() if isinstance(module, StudentModule)]


def test_what_was_changed_in_place_is_seen_afterwards(open_code: Open) -> None:
    code = open_code(
        {
            "work.py": "KEPT = [[1, 2]]\n\ndef f(values, more=None):\n    values.append(0)\n"
            "    return KEPT[0]\n\ndef g():\n    KEPT[0].append(3)\n"
        }
    )
    given = [5]
    assert code.call("f", [given], {"more": "x"}) == [1, 2]
    assert code.afterwards("f") == [[[5, 0]], {"more": "x"}, [1, 2]]
    call(code, "g")
    assert code.afterwards("f") == [[[5, 0]], {"more": "x"}, [1, 2, 3]]
    assert given == [5]
    code.forget()
    with pytest.raises(StudentError, match="was not called"):
        code.afterwards("f")
