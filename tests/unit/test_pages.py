"""The students' pages and the page of the class, as they are read: parsed, and in a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from autograder.bundle import Bundle
from autograder.contract import Kind, Report
from autograder.corpus import load_case, materialise
from autograder.model import Verdict
from autograder.pages.advice import advise
from autograder.pages.drawing import Undrawable, draw
from autograder.pages.figures import Album
from autograder.pages.student import student_page
from autograder.pages.visible import visible

from .browser import open_browser, open_page
from .conftest import ROOT, TINY, Graded, autograde

VOID = {"meta", "rect", "path", "polyline", "circle", "br", "input"}
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
REVERSED = "wrong-order-reversed"


@dataclass
class Parsed(HTMLParser):
    """A page as a parser sees it: balanced elements, their attributes, headings and text."""

    open: list[str] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"style", "script"}:
            return
        self.text += data
        if any(re.fullmatch("h[1-6]", tag) for tag in self.open):
            level, text = self.headings.pop()
            self.headings.append((level, text + data))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def parsed(path: Path) -> Parsed:
    page = Parsed()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    assert page.open == []
    return page


def page_of(graded: Graded, identifier: str) -> Path:
    return graded.output / "pages" / f"{identifier}.html"


def parsed_page(folder: Path, identifier: str) -> Parsed:
    return parsed(folder / "results" / "pages" / f"{identifier}.html")


def every_page(graded: Graded) -> list[Path]:
    return [graded.output / "index.html", *sorted((graded.output / "pages").iterdir())]


def test_every_submission_has_a_page_that_asks_for_nothing(tiny_class: Graded) -> None:
    reports = {path.stem for path in (tiny_class.output / "reports").iterdir()}
    assert {path.stem for path in (tiny_class.output / "pages").iterdir()} == reports
    for path in every_page(tiny_class):
        page = parsed(path)
        policy = next(m for m in page.named("meta") if "http-equiv" in m)["content"]
        assert policy is not None and policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        addresses = [value for _, a in page.elements for k, value in a.items() if k == "src"]
        links = [str(a["href"]) for a in page.named("a")]
        assert addresses == [] and not page.named("link") and not page.named("img")
        assert all(re.fullmatch(r"#text|pages/[\w.-]+\.html", link) for link in links)
        assert path.stat().st_size < 1_000_000


def test_headings_come_in_the_order_in_which_they_help(tiny_class: Graded) -> None:
    for path in every_page(tiny_class):
        levels = [level for level, _ in parsed(path).headings]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(later - level <= 1 for level, later in pairwise(levels))
    page = parsed(page_of(tiny_class, REVERSED))
    assert [text for level, text in page.headings if level <= 2] == [
        *("Your mark", "Fix this first", "Two values, standardised"),
        *("What was done well", "Everything in detail"),
    ]


def test_what_to_mend_first_is_named_with_what_hangs_on_it(tiny_class: Graded) -> None:
    report = tiny_class.report(REVERSED)
    text = parsed(page_of(tiny_class, REVERSED)).text
    (diagnosis,) = report["diagnoses"]
    assert text.index(diagnosis["title"]) < text.index("What was done well")
    assert "0.5 points hang on it (1 check); handout S.2." in text
    assert diagnosis["counterexample"] in text
    right = parsed(page_of(tiny_class, "accepted-reference"))
    assert "Fix this first" not in right.text


def test_the_lines_to_try_show_on_a_laptop_what_the_page_says(
    tiny_class: Graded, tmp_path: Path
) -> None:
    bundle = Bundle.open(TINY)
    materialise(load_case(bundle, "wrong/order-reversed"), bundle, tmp_path, "work")
    page = page_of(tiny_class, REVERSED).read_text(encoding="utf-8")
    code = re.search(r'aria-label="Lines for Python">(.*?)</pre>', page, re.S)
    assert code is not None
    *imports, call = code[1].split("\n")
    program = "\n".join([*imports, f"print(repr({call}))"])
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=tmp_path / "work", capture_output=True, text=True, check=True
    )
    given = re.search(r"gives +np\.(.*)", page)
    assert given is not None
    assert eval(f"np.{done.stdout}", {"np": __import__("numpy")}).tolist() == [1.0, -1.0]
    assert given[1] == "array([1.0, -1.0])"
    (check,) = re.findall(r"pytest -k (\w+)", page)
    assert f"def test_{check}(" in (TINY / "tests/public/test_statistics.py").read_text()


def test_a_gate_that_fails_is_what_to_mend_first(tiny_class: Graded) -> None:
    text = parsed(page_of(tiny_class, "wrong-template")).text
    first = text[text.index("Fix this first") : text.index("Everything in detail")]
    assert "The range of other samples." in first
    assert "Nothing else of this task counts before this is right." in first
    assert "pytest -k range_of_three_values" in first


def test_what_is_beyond_the_mark_is_mended_too_and_last(main_class: Graded) -> None:
    rubric = Bundle.open(ROOT).rubric
    report = Report.model_validate(main_class.report("wrong-games-cleared-a-move-late"))
    advice = advise(visible(report, published=False), rubric, {})
    assert advice is not None
    assert advice.title == "A complete line is noticed one move late."
    assert advice.points == 1

    evidence = report.categories[0].evidence
    lost = {"verdict": Verdict.FAIL, "points": Decimal(0), "possible": Decimal("0.1")}
    place = next(i for i, e in enumerate(evidence) if e.kind is Kind.CHECK)
    evidence[place] = evidence[place].model_copy(update=lost)
    first = advise(visible(report, published=False), rubric, {})
    assert first is not None
    assert (first.task, first.points) == (evidence[place].task, Decimal("0.1"))


def test_the_own_picture_stands_beside_the_expected_one(tiny_class: Graded) -> None:
    page = parsed(page_of(tiny_class, REVERSED))
    shown = [svg["aria-label"] for svg in page.named("svg") if "aria-label" in svg]
    assert shown == [
        "Yours: Two values, standardised; from 1 to -1; lowest -1, highest 1",
        "Expected: Two values, standardised; from -1 to 1; lowest -1, highest 1",
        "Yours: Three values before and after; as given first: 1, second: 2, third: 6; "
        "standardised first: 0.93, second: 0.46, third: -1.4",
        "Expected: Three values before and after; as given first: 1, second: 2, third: 6; "
        "standardised first: -0.93, second: -0.46, third: 1.4",
    ]
    assert "The first lies one deviation below the mean" in page.text


def test_lines_and_places_of_a_picture_are_named(tiny_class: Graded) -> None:
    page = page_of(tiny_class, REVERSED).read_text(encoding="utf-8")
    legend = re.search(r'<ul class="legend small">(.*?)</ul>', page, re.S)
    assert legend is not None
    named = re.findall(r'class="(line-\d)".*?</svg> (.*?)</li>', legend[1], re.S)
    assert named == [("line-1", "as given"), ("line-2", "standardised")]
    own = page[page.index('aria-label="Yours: Three values') :].partition("</svg>")[0]
    lines = re.findall(r'<g class="(line-\d)">\n<polyline class="curve" points="(.*?)"/>', own)
    assert [(name, len(points.split())) for name, points in lines] == [("line-1", 3), ("line-2", 3)]
    labels = re.findall(r">(\w+)</text>", own)
    assert [label for label in labels if label in {"first", "second", "third"}] == labels[:3]


def test_where_code_is_not_ready_for_a_picture_the_check_goes_on(
    tiny_submission: Any, tmp_path: Path
) -> None:
    fails = "    if len(values) == 3:\n        raise NotImplementedError\n    values = np.asarray"
    head, _, rest = work()["spread.py"].partition("def standardise")
    code = f"{head}def standardise{rest.replace('    values = np.asarray', fails, 1)}"
    tiny_submission(ada=work(spread_py=code))
    autograde("class", "--assignment", TINY, cwd=tmp_path)
    artifact = json.loads((tmp_path / "results" / "artifacts" / "ada.json").read_text())
    assert artifact["figures"] == {"range": [5.0], "two_values": [-1.0, 1.0]}
    shown = [svg.get("aria-label", "") for svg in parsed_page(tmp_path, "ada").named("svg")]
    assert not [label for label in shown if label and "Three values" in label]


def test_levels_are_shown_as_distance(tiny_class: Graded) -> None:
    text = parsed(page_of(tiny_class, REVERSED)).text
    assert "62.5%: 0.9 points short of Progressing" in text


def test_findings_stand_at_the_lines_of_the_code(tiny_class: Graded, tmp_path: Path) -> None:
    found = []
    marked = {f.name for task in Bundle.open(TINY).rubric.required for f in task.functions}
    for path in sorted((tiny_class.output / "artifacts").iterdir()):
        functions = json.loads(path.read_text(encoding="utf-8"))["functions"]
        named = [name for name in functions if functions[name]["findings"]]
        found += [(path.stem, name) for name in named if name in marked]
    name, function = found[0]
    page = page_of(tiny_class, name).read_text(encoding="utf-8")
    code = page[page.index(f'aria-label="Code of {function}"') :].partition("</pre>")[0]
    assert re.search(r'</span><span class="note">.+?</span>', code)


def test_nothing_that_is_for_instructors_stands_on_a_page(tiny_class: Graded) -> None:
    looked = 0
    for path in (tiny_class.output / "artifacts").iterdir():
        artifact = json.loads(path.read_text(encoding="utf-8"))
        kept = artifact["instructor"]
        own = "".join(about["source"] for about in artifact["functions"].values())
        page = (tiny_class.output / "pages" / f"{path.stem}.html").read_text(encoding="utf-8")
        secrets = [*kept.get("details", {}).values(), kept.get("printed", "")]
        lines = [line for secret in secrets for line in secret.split("\n") if len(line) > 30]
        looked += len(lines)
        assert not [line for line in lines if line in page and line.strip() not in own]
    assert looked


def test_only_what_is_released_is_shown_once_anything_is(
    tiny_class: Graded, tmp_path: Path
) -> None:
    results = tmp_path / "results"
    shutil.copytree(tiny_class.output, results)
    arguments = ("--category", "implementation", "--assignment", TINY)
    autograde("publish", results, REVERSED, *arguments, cwd=tmp_path)
    shown = parsed(results / "pages" / f"{REVERSED}.html").text
    assert "6 of 6 points released so far" in re.sub(r"\s+", " ", shown)
    assert "Not released yet: Correctness, Quality, Report, Completeness." in shown
    for hidden in ("Standardising keeps the order", "Fix this first", "wait for a person"):
        assert hidden not in shown
    other = parsed(results / "pages" / "accepted-reference.html").text
    assert "Nothing is released yet." in other
    assert "14.7" not in other and "The range of" not in other


def work(**changes: str) -> dict[str, str]:
    """A right submission, with changes to its files."""
    names = ("spread", "outliers")
    files = {f"{n}.py": (TINY / "reference" / f"{n}.py").read_text() for n in names}
    return {**files, **{name.replace("_py", ".py"): text for name, text in changes.items()}}


def test_a_later_attempt_says_what_changed(tiny_submission: Any, tmp_path: Path) -> None:
    right = work()["spread.py"]
    wrong = right.replace("(values - values.mean())", "(values.mean() - values)")
    run = ("class", "--assignment", TINY, "--jobs", 1)
    tiny_submission(ada=work(spread_py=wrong), ben=work())
    autograde(*run, cwd=tmp_path)
    tiny_submission(ada=work(spread_py=right))
    autograde(*run, cwd=tmp_path)
    results = tmp_path / "results"
    report = json.loads((results / "reports" / "ada.json").read_text())
    since = report["since_last"]
    assert since["fixed"] == ["order_of_a_standardised_sample"]
    assert since["points"] == report["score"]["points"] - 0.5
    text = re.sub(r"\s+", " ", parsed(results / "pages" / "ada.html").text)
    assert "Since attempt 1 It had" in text
    assert "Mended Standardising keeps the order of a sample." in text
    assert "since_last" not in json.loads((results / "reports" / "ben.json").read_text())

    pages = {path: path.stat().st_mtime_ns for path in (results / "pages").iterdir()}
    gone = results / "pages" / "ben.html"
    said = gone.read_bytes()
    gone.unlink()
    autograde(*run, cwd=tmp_path)
    assert gone.read_bytes() == said
    assert (results / "pages" / "ada.html").stat().st_mtime_ns == pages[gone.with_name("ada.html")]
    assert json.loads((results / "reports" / "ada.json").read_text()) == report


def test_hostile_text_is_text(tiny_submission: Any, tmp_path: Path) -> None:
    """Markup, direction marks and template language in names, code and answers."""
    bad = '</pre></style><script>alert(1)</script><img src=x onerror="x">{{ 7 * 7 }}\u202e'
    code = work()["spread.py"].replace('"no values"', f"{bad + chr(7)!r}")
    code = code.replace("    values = np.asarray", f"    # {bad}\n    values = np.asarray")
    files = {
        **work(spread_py=code),
        "report.md": f"# Report\n\n## Summary\n\n{bad}\n\n| range {bad} | 7 |\n",
        "<b>notes<!--.md": "x",
    }
    tiny_submission(**{"<b>Zoë \u202e& 'x'=1": files})
    done = autograde("class", "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = (tmp_path / "results" / "pages").iterdir()
    page = parsed(path)
    assert not page.named("script") and not page.named("img") and not page.named("b")
    assert "<script>alert(1)</script>" in page.text
    assert "<b>notes<!--.md" in page.text
    assert "{{ 7 * 7 }}\\u202e" in page.text
    index = parsed(tmp_path / "results" / "index.html")
    assert len(index.named("script")) == 1
    for text in (page.text, index.text):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u0007]", text)


def test_who_has_no_mark_is_told_so(tiny_submission: Any, tmp_path: Path) -> None:
    tiny_submission(ada=work())
    (tmp_path / "class" / "ben.zip").write_bytes(b"no archive")
    (tmp_path / "roster.csv").write_text("id\nada\nben\nzoe\n")
    run = ("class", "--assignment", TINY, "--roster", "roster.csv")
    assert autograde(*run, cwd=tmp_path).returncode == 1
    results = tmp_path / "results"
    page = parsed(results / "pages" / "ben.html")
    assert "Not graded. There is no mark, and that is no zero." in page.text
    index = parsed(results / "index.html")
    assert {a["href"] for a in index.named("a")} == {"#text", "pages/ada.html", "pages/ben.html"}
    everybody = sections(index)["Everybody"]
    assert "bennot graded" in everybody and "zoemissing" in everybody


def page_after(tiny_class: Graded, changed: str, **changes: object) -> str:
    """The page of a report in which one piece of evidence is another."""
    document, bundle = tiny_class.report(REVERSED), Bundle.open(TINY)
    for category in document["categories"]:
        for evidence in category["evidence"]:
            evidence.update(changes if evidence["id"] == changed else {})
    report, album = Report.model_validate(document), Album.of(bundle)
    return student_page(report, {}, bundle.rubric, album, published=False, made_from="")


def test_evidence_for_instructors_stays_with_them(tiny_class: Graded) -> None:
    page = page_after(tiny_class, "order_of_a_standardised_sample", visibility="instructor")
    assert "Standardising keeps the order" not in page
    assert "subtracted from their mean" not in page
    assert "The range of other samples" in page


def test_a_reviewers_comment_is_shown_and_not_who_wrote_it(tiny_class: Graded) -> None:
    note = {"reviewer": "prof-rose", "at": "2026-01-01", "points": 1, "comment": "Sound <idea>."}
    page = page_after(tiny_class, "Q-S1", reviews=[{**note, "stale": False}])
    assert "Sound &lt;idea&gt;." in page
    assert "prof-rose" not in page
    page = page_after(tiny_class, "Q-S1", reviews=[{**note, "stale": True}])
    assert "Sound" not in page


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    kind=st.sampled_from(["curve", "surface"]),
    own=st.recursive(
        st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, 1.0]),
        lambda inner: st.lists(inner, max_size=4),
    ),
    lines=st.sampled_from([(), ("a",), ("a", "b")]),
    ticks=st.sampled_from([(), ("x", "y", "z")]),
)
def test_whatever_numbers_are_kept_they_are_a_picture_or_none(
    kind: Any, own: object, lines: Any, ticks: Any
) -> None:
    """What student code returned must not end the run in which its page is written."""
    curve = [[1.0, 2.0, 3.0], *([[0.5, 0.2, 0.1]] * max(1, len(lines)))]
    right = curve if kind == "curve" else [[0.0, 1.0], [1.0, 0.0]]
    try:
        drawn = draw(kind, own, right, lines=lines, ticks=ticks)
    except Undrawable:
        return
    numbers = re.findall(r"-?[\d.]+(?:e[+-]\d+)?|nan|inf", f"{drawn[0].lines} {drawn[0].shades}")
    assert all(abs(float(number)) <= 400 for number in numbers)


def test_no_name_stands_on_a_page(tiny_submission: Any, tmp_path: Path) -> None:
    tiny_submission(**{f"Ada Lovelace_{n}_assignsubmission_file": work() for n in (17, 18)})
    autograde("class", "--assignment", TINY, cwd=tmp_path)
    results = tmp_path / "results"
    assert "Lovelace" in (results / "identities.csv").read_text()
    pages = [results / "index.html", *(results / "pages").iterdir()]
    assert len(pages) == 3
    assert not [path for path in pages if "Lovelace" in path.read_text(encoding="utf-8")]


def sections(page: Parsed) -> dict[str, str]:
    """Text of the class page below each heading of the second level."""
    titles = [text for level, text in page.headings if level == 2]
    found = {}
    rest = page.text
    for title in titles:
        rest = rest[rest.index(title) + len(title) :]
        following = titles[titles.index(title) + 1 :]
        found[title] = rest[: rest.index(following[0])] if following else rest
    return found


def test_the_class_page_says_what_a_teacher_asks_first(tiny_class: Graded) -> None:
    page = parsed(tiny_class.output / "index.html")
    found = {title: re.sub(r"\s+", " ", text) for title, text in sections(page).items()}
    assert list(found) == [
        *("Whom to see first", "Marks by category", "Marks by task", "Commonest misconceptions"),
        *("Hardest checks", "Failed alike", "Out of time", "Everybody"),
    ]
    assert "hostile-hangs-at-import" in found["Out of time"]
    common = found["Commonest misconceptions"]
    assert f"The values are subtracted from their mean.1{REVERSED}" in common
    assert "wrong-templatestuck at the gate of every task" in found["Whom to see first"]
    assert re.search(r"wrong-inside-for-outside.*wrong-only-above", found["Failed alike"])
    grades = (tiny_class.output / "grades.csv").read_text().splitlines()[1:]
    assert len(page.named("tr")) > len(grades)
    for row in grades:
        assert row.split(",")[0] in found["Everybody"]


def test_a_figure_that_cannot_be_drawn_is_refused_before_anything_is_graded(
    tiny_submission: Any, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(TINY, bundle)
    figures = bundle / "tests" / "figures.py"
    right = figures.read_text(encoding="utf-8")
    picture = "reference.standardise(np.array([1.0, 3.0]))"
    figures.write_text(right.replace(picture, "[[[1.0]]]"))
    tiny_submission(ada=work())
    done = autograde("class", "--assignment", bundle, cwd=tmp_path)
    assert done.returncode == 2
    assert "figures.py: two_values_standardised(): no curve" in done.stderr
    figures.write_text(right.replace("return [(1, 2, 3)", "return [(1, 2)"))
    done = autograde("class", "--assignment", bundle, cwd=tmp_path)
    assert "figures.py: before_and_after(): " in done.stderr
    figures.write_text("")
    done = autograde("class", "--assignment", bundle, cwd=tmp_path)
    assert "tests/figures.py has no two_values_standardised()" in done.stderr
    assert not list(tmp_path.glob("results/reports/*"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def table(browser: Browser, tiny_class: Graded) -> Iterator[Page]:
    with open_page(browser, tiny_class.output / "index.html", viewport=LAPTOP) as page:
        yield page


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"#class tbody tr:visible > :nth-child({number})").all_inner_texts()


def test_the_table_is_sorted_by_keyboard(table: Page) -> None:
    ids = column(table, 1)
    header = table.get_by_role("columnheader", name="Points")
    header.get_by_role("button").focus()
    table.keyboard.press("Enter")
    points = [float(text) for text in column(table, 3)]
    assert points == sorted(points)
    assert header.get_attribute("aria-sort") == "ascending"
    table.keyboard.press("Space")
    assert [float(text) for text in column(table, 3)] == sorted(points, reverse=True)
    assert header.get_attribute("aria-sort") == "descending"
    table.get_by_role("button", name="Id").click()
    assert column(table, 1) == sorted(ids)
    assert header.get_attribute("aria-sort") is None


def test_the_table_is_searched(table: Page) -> None:
    everybody = len(column(table, 1))
    search = table.get_by_label("Search")
    search.fill("WRONG mean")
    assert column(table, 1) == [REVERSED]
    expect(table.get_by_role("status")).to_have_text("1 shown")
    search.fill("nobody like that")
    assert column(table, 1) == []
    search.fill("")
    expect(table.get_by_role("status")).to_have_text(f"{everybody} shown")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("name", ["index.html", f"pages/{REVERSED}.html"])
def test_pages_keep_nobody_out(
    browser: Browser, tiny_class: Graded, name: str, size: Any, scheme: Any
) -> None:
    """Axe finds nothing serious, and nothing has to be scrolled sideways."""
    window = {"viewport": size, "color_scheme": scheme}
    with open_page(browser, tiny_class.output / name, **window) as page:
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run()")
        serious = [v for v in found["violations"] if v["impact"] in {"serious", "critical"}]
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in serious] == []
        assert len(found["passes"]) > 10
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
