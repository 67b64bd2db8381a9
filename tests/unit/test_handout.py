"""The handout's pages: complete, offline, and with the places that checks and reports cite."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from autograder.bundle import Bundle
from autograder.checks.collect import with_checks
from autograder.handout import HandoutError, build_handout

from .conftest import ROOT, TINY, autograde

SECTION = re.compile(r"[A-Z]\.\d+$")
FIGURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
INDEX = """# The course

Hand in as [the last page](hand-in.md) says, after [the second](part-b.md#B.2)
and [the first part](part-a.md).
"""
PART_A = """# Part A: `means` & more

![Two *curves*, \\*a* & $b$](figures/curves.svg)

## A.1 Mean

The mean of $N$ numbers: <!-- for whom? -->

$$\\bar x = \\frac{1}{N} \\sum_{n=1}^{N} x_n$$

**Checkpoint Q-1.** Why divide
by $N$?

## Hints

## Hints

See [above](#A.1), [B.2](part-b.md#B.2), [a site](https://example.org/) and <b>no tag</b>.

<!-- nobody

reads this -->

| a | b |
|---|--:|
| 1 | `$$` |
"""
PART_B = "# Part B\n\n## B.2 Go on\n\nBack to [A](./part-a.md#hints-2).\n"
PAGES = {
    "index.md": INDEX,
    "part-a.md": PART_A,
    "part-b.md": PART_B,
    "hand-in.md": "# Hand in\n",
    "appendix.md": "# Appendix\n",
}


class Html(HTMLParser):
    """What a test asks of a page: its tags, its text, and the text under each section."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: dict[str, str] = {}
        self._section = ""
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag in {"h1", "h2", "h3"} and (tag != "h3" or SECTION.match(attributes["id"])):
            self._section = attributes["id"]

    def handle_data(self, data: str) -> None:
        self.text[self._section] = self.text.get(self._section, "") + data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


def words(text: str) -> str:
    return " ".join(text.split())


Author = Callable[..., Bundle]


@pytest.fixture
def author(tmp_path: Path) -> Author:
    """Writes the pages of a small bundle; those given replace or join the usual ones."""

    def write(**changed: str) -> Bundle:
        root = tmp_path / "bundle"
        shutil.copytree(TINY, root)
        (root / "assignment" / "figures").mkdir(parents=True)
        (root / "assignment" / "figures" / "curves.svg").write_text(FIGURE)
        pages = PAGES | {f"{name.replace('_', '-')}.md": text for name, text in changed.items()}
        for name, text in pages.items():
            (root / "assignment" / name).write_text(text, encoding="utf-8")
        return Bundle.open(root)

    return write


@pytest.fixture
def site(author: Author, tmp_path: Path) -> Path:
    assert build_handout(author(), tmp_path / "site") == len(PAGES) + 1  # and the declared one
    return tmp_path / "site"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Html]:
    """The pages of the repository's own bundle."""
    site = tmp_path_factory.mktemp("real") / "site"
    assert build_handout(Bundle.open(ROOT), site)
    return {path.name: Html(path) for path in sorted(site.glob("*.html"))}


def contents(page: Html) -> dict[str, str]:
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(page.rglob("*")) if p.is_file()}


def test_sections_keep_their_ids_and_others_get_unique_ones(site: Path) -> None:
    page = Html(site / "part-a.html")
    assert [i for i in page.ids if not i.startswith("_")] == [
        "part-a-means-more",
        "A.1",
        "hints",
        "hints-2",
    ]
    own_links = [a["href"] for a in page.all("a") if a.get("class") == "self"]
    assert own_links == ["#part-a-means-more", "#A.1", "#hints", "#hints-2"]


def test_links_between_pages_lead_to_the_pages_made_of_them(site: Path) -> None:
    links = {a["href"] for a in Html(site / "part-a.html").all("a")}
    assert {"#A.1", "part-b.html#B.2", "https://example.org/"} <= links
    assert "part-a.html#hints-2" in {a["href"] for a in Html(site / "part-b.html").all("a")}
    for path in site.glob("*.html"):
        for link in Html(path).all("a"):
            name, _, place = link["href"].partition("#")
            if not name.startswith("https:"):
                assert place in ["", *Html(site / (name or path.name)).ids], link


def test_pages_stand_in_the_order_of_the_index_with_parts_first(site: Path) -> None:
    links = [a["href"] for a in Html(site / "appendix.html").all("a") if "class" not in a]
    order = [f"{name}.html" for name in ("index", "part-b", "part-a", "hand-in", "appendix")]
    assert [name for name in links if name in order][1:6] == order
    turns = {a["rel"]: a["href"] for a in Html(site / "part-a.html").all("a") if "rel" in a}
    assert turns == {"prev": "part-b.html", "next": "hand-in.html"}


def test_a_page_has_title_language_viewport_and_its_sections_as_contents(site: Path) -> None:
    page = Html(site / "part-a.html")
    assert "<title>Part A: means &amp; more</title>" in page.source
    assert page.all("html") == [{"lang": "en"}]
    assert "viewport" in [meta.get("name") for meta in page.all("meta")]
    menu = page.source.partition("<main")[0]
    assert '<a href="#A.1">A.1 Mean</a>' in menu
    assert '<a href="#hints-2">Hints</a>' in menu


def test_formulas_are_mathml_and_no_dollar_is_left(site: Path) -> None:
    page = Html(site / "part-a.html")
    assert [math["display"] for math in page.all("math")] == ["inline", "block", "inline"]
    assert {"mfrac", "munderover", "mover"} & {tag for tag, _ in page.tags}
    assert "$" not in page.source.replace("<code>$$</code>", "")


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"y \log p", 'lspace="0.167em" rspace="0.167em">log<'),
        (r"\log(p)", 'lspace="0" rspace="0">log<'),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "<mtable"),
        (r"a < b", "<mo>&lt;</mo>"),
    ],
)
def test_a_formula_is_set_well(latex: str, shown: str, author: Author, tmp_path: Path) -> None:
    build_handout(author(part_c=f"# C\n\n${latex}$\n"), tmp_path / "site")
    assert shown in (tmp_path / "site" / "part-c.html").read_text(encoding="utf-8")


def test_checkpoints_stand_out_and_figures_keep_their_description(site: Path) -> None:
    page = Html(site / "part-a.html")
    assert [p.get("class") for p in page.all("p")].count("checkpoint") == 1
    assert page.all("img") == [{"src": "figures/curves.svg", "alt": "Two curves, *a* & b"}]
    assert (site / "figures" / "curves.svg").read_text() == FIGURE


def test_comments_are_dropped_and_html_is_shown_as_text(site: Path) -> None:
    page = Html(site / "part-a.html")
    for secret in ("for whom", "nobody", "reads this", "<!--", "&lt;!--"):
        assert secret not in page.source
    assert "<b>no tag</b>" in page.text["hints-2"]
    assert not page.all("b")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a [link](nowhere.md)", "nowhere.md leads nowhere"),
        ("a [link](part-a.md#A.7)", "part-a.md#A.7 leads nowhere"),
        ("a [link](#B.3)", "#B.3 leads nowhere"),
        ("a [link]()", "() leads nowhere"),
        ("a [link](../rubric.yaml)", "../rubric.yaml leads nowhere"),
        ("![alt](figures/none.svg)", "figures/none.svg leads nowhere"),
        ("![alt](https://example.org/a.svg)", "https://example.org/a.svg leads nowhere"),
        ("| ![alt](figures/none.svg) | b |\n|---|---|", "figures/none.svg leads nowhere"),
        (r"a $\frob x$", r"unknown command \frob"),
        (r"a $\frac{1}{2$", "braces do not match"),
        (r"a $\frac{1}$", "something is missing (mfrac)"),
        ("a $x^$", "MissingSuperScriptOrSubscript"),
        ("$$a & b$$", "an & outside a table"),
        (r"$$\begin{tikz}x\end{tikz}$$", "unknown environment tikz"),
        ("a $x and no end", "a $ that belongs to no formula"),
        ("a <!-- b", "a comment that is never closed"),
        ("## B.2 Again", "section B.2 stands in assignment/part-b.md too"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(
    line: str, message: str, author: Author, tmp_path: Path
) -> None:
    bundle = author(part_c=f"# Part C\n\nFirst line\nsecond line\n{line}\n\nLast one.\n")
    with pytest.raises(HandoutError) as error:
        build_handout(bundle, tmp_path / "site")
    assert str(error.value).startswith("assignment/part-c.md:5: ")
    assert message in str(error.value)
    assert not (tmp_path / "site").exists()


def test_every_mistake_is_named_at_once(author: Author, tmp_path: Path) -> None:
    bundle = author(part_c="text\n\n[a](b.md)\n[b](c.md)\n", part_d="# D\n\n$\\frob$\n")
    with pytest.raises(HandoutError) as error:
        build_handout(bundle, tmp_path / "site")
    places = [text.partition(": ")[0] for text in str(error.value).splitlines()]
    assert sorted(places) == [
        *(f"assignment/part-c.md:{n}" for n in (1, 3, 4)),
        "assignment/part-d.md:3",
    ]


def test_two_builds_are_the_same_and_the_second_replaces_the_first(
    author: Author, tmp_path: Path
) -> None:
    bundle = author()
    build_handout(bundle, tmp_path / "site")
    first = contents(tmp_path / "site")
    (tmp_path / "site" / "stale.html").write_text("")
    build_handout(bundle, tmp_path / "site")
    assert contents(tmp_path / "site") == first


def test_a_folder_with_other_work_is_not_overwritten(author: Author, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("years of work")
    with pytest.raises(HandoutError, match="no handout and not empty"):
        build_handout(author(), tmp_path / "site")
    assert (tmp_path / "site" / "index.html").read_text() == "years of work"


def test_a_bundle_without_pages_has_no_handout(tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "bundle"))
    rubric = (root / "rubric.yaml").read_text(encoding="utf-8")
    (root / "rubric.yaml").write_text(rubric.replace("pages:\n  dots: ", "# "))
    assert build_handout(Bundle.open(root), tmp_path / "site") == 0
    assert not (tmp_path / "site").exists()


def test_a_declared_page_lies_beside_the_others_word_for_word(
    author: Author, tmp_path: Path
) -> None:
    linking = author(part_c="# C\n\nOpen [the dots](dots/index.html).\n")
    build_handout(linking, tmp_path / "site")
    page = linking.pages["dots"].read_bytes()
    assert (tmp_path / "site" / "dots" / "index.html").read_bytes() == page
    links = [a["href"] for a in Html(tmp_path / "site" / "part-c.html").all("a")]
    assert "dots/index.html" in links


def test_release_builds_the_handout_too(author: Author, tmp_path: Path) -> None:
    root = author().root
    done = autograde("release", "--assignment", root, "--output", "template", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"6 pages of the handout in {root / 'build' / 'handout'}" in done.stdout
    assert (tmp_path / "template" / "spread.py").exists()
    assert (root / "build" / "handout" / "index.html").exists()
    (root / "assignment" / "part-b.md").write_text("# B\n\n[a](b.md)\n")
    broken = autograde("release", "--assignment", root, "--handout", "site", cwd=tmp_path)
    assert broken.returncode == 2
    assert "assignment/part-b.md:3: b.md leads nowhere" in broken.stderr


def loaded(page: Html) -> Iterator[str]:
    """Every address that a browser fetches by itself."""
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "data", "poster", "action"):
            yield attributes.get(name, "")
        if tag != "a":
            yield attributes.get("href", "")


def assert_offline(pages: Iterable[Html]) -> None:
    for page in pages:
        assert not any("//" in address for address in loaded(page))
        assert not page.all("script") + page.all("iframe") + page.all("link")
        assert "@import" not in page.source
        assert "url(" not in page.source


def test_a_page_loads_nothing_from_elsewhere(site: Path) -> None:
    assert_offline(map(Html, site.glob("*.html")))


def test_the_real_pages_load_nothing_from_elsewhere(real: dict[str, Html]) -> None:
    assert_offline(real.values())


def test_figures_load_nothing_either() -> None:
    for path in (ROOT / "assignment").rglob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|@import|(href|src)=.https?:|url\(.?https?:", text), path.name


def cited(node: object) -> Iterator[str]:
    """Every section of the handout that the rubric names, wherever it does."""
    if isinstance(node, list | dict):
        for value in node.values() if isinstance(node, dict) else node:
            yield from cited(value)
    if isinstance(node, dict) and SECTION.match(str(node.get("section"))):
        yield node["section"]


def test_every_cited_section_stands_on_a_page(real: dict[str, Html]) -> None:
    wanted = set(cited(yaml.safe_load((ROOT / "rubric.yaml").read_text(encoding="utf-8"))))
    with_checks(
        Bundle.open(ROOT), lambda found: wanted.update(c.section for c in found.checks.values())
    )
    there = {i for page in real.values() for i in page.ids}
    assert sorted(wanted - there) == []


def test_every_question_stands_word_for_word_in_its_section(real: dict[str, Html]) -> None:
    text = {place: words(text) for page in real.values() for place, text in page.text.items()}
    for task in Bundle.open(ROOT).rubric.tasks:
        for question in task.questions:
            assert words(question.text) in text.get(question.section, ""), question.id


def test_the_real_pages_have_no_dollar_left(real: dict[str, Html]) -> None:
    for name, page in real.items():
        assert "$" not in re.sub(r"<code.*?</code>", "", page.source, flags=re.S), name
