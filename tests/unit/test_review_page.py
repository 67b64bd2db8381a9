"""The review page: marking by keyboard in a browser, and who is kept out."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from .browser import SECONDS, open_browser
from .conftest import COMMAND
from .test_pages import AXE, LAPTOP, PHONE
from .test_review import Course, answer, graded_once

ANSWERS = {"ada": "It only grows.", "ben": "Outliers.", "cleo": "it  only grows."}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def course(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Course:
    """Three students; two of them gave the same answer."""
    shutil.copytree(graded_once(tmp_path_factory), tmp_path / "course")
    course = Course(tmp_path / "course")
    answer(course, **ANSWERS)
    return course


@contextmanager
def served(course: Course, *options: str) -> Iterator[str]:
    """The page's address meanwhile; at the end Ctrl-C, and the marks stand in the reports."""
    command = [
        COMMAND,
        "review",
        "results",
        "--page",
        "--reviewer",
        "ana",
        "--no-browser",
        *options,
    ]
    with subprocess.Popen(
        [*command, "--assignment", str(course.bundle)],
        cwd=course.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout
        assert running.stderr
        name, _, address = running.stdout.readline().strip().partition(": ")
        assert name == "review", running.stderr.read()
        try:
            yield address
        finally:
            running.send_signal(signal.SIGINT)
            said, errors = running.communicate(timeout=SECONDS)
    assert errors == ""
    assert f"reviews written to {course.folder / 'reviews'}: " in said
    assert running.returncode == 0


@contextmanager
def window(browser: Browser, address: str, *, fine: bool = True, **context: Any) -> Iterator[Page]:
    """The page in a window of its own, which asks nobody but its server.

    Args:
        fine: whether the server refuses nothing, so that the browser complains of nothing.
    """
    complaints: list[str] = []
    asked: list[str] = []
    opened = browser.new_context(**context)
    opened.set_default_timeout(1000 * SECONDS)
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("weberror", lambda error: complaints.append(str(error.error)))
    opened.on("request", lambda request: asked.append(request.url))
    page = opened.new_page()
    page.goto(address)
    shows(page, " left")
    yield page
    opened.close()
    assert not fine or complaints == []
    assert all(url.startswith(address.partition("#")[0]) for url in asked)


def shows(page: Page, progress: str) -> None:
    """Wait until the page says how much is left."""
    expect(page.locator("#progress")).to_contain_text(progress)


def written(course: Course) -> dict[str, dict[str, Any]]:
    """The review files by submission and subject."""
    paths = (course.folder / "reviews").rglob("*.json")
    found = [json.loads(path.read_text()) for path in paths]
    return {f"{r['id']} {r.get('evidence') or r['category']}": r for r in found}


def test_a_queue_is_marked_by_keyboard_alone(browser: Browser, course: Course) -> None:
    with served(course) as address, window(browser, address) as page:
        shows(page, "24 of 24 left")
        assert "#" not in page.url
        body = page.locator("body")
        expect(body).to_contain_text("Why is the range a poor summary of a large sample?")
        assert not {"ada", "ben", "cleo"} & set(body.inner_text().split())
        if "2 alike" not in page.locator("#place").inner_text():
            page.keyboard.press("j")
        expect(page.locator("#place")).to_contain_text("2 alike")
        page.keyboard.press("c")
        page.keyboard.type("Say why. 1 j u")
        page.keyboard.press("Escape")
        page.keyboard.press("2")
        shows(page, "22 of 24 left")
        expect(page.get_by_role("status")).to_contain_text("Marked half for 2 alike.")
        page.keyboard.press("p")
        page.keyboard.type("0.25")
        page.keyboard.press("Enter")
        shows(page, "21 of 24 left")
        for _ in range(21):
            before = page.locator("#progress").inner_text()
            page.keyboard.press("m" if page.locator("[data-key=m]").count() else "3")
            expect(page.locator("#progress")).not_to_have_text(before)
            if page.locator("#progress").inner_text().startswith("0 of"):
                break
        expect(page.locator("#nothing")).to_contain_text("Nothing waits any more.")
    reviews = written(course)
    assert len(reviews) == 24
    marks = {name: (r["points"], r["comment"]) for name, r in reviews.items() if "Q-S1" in name}
    said = (0.5, "Say why. 1 j u")
    assert marks == {"ada Q-S1": said, "ben Q-S1": (0.25, ""), "cleo Q-S1": said}
    assert {r["reviewer"] for r in reviews.values()} == {"ana"}
    assert course.report("ada")["review"]["pending"] == []
    assert course.evidence("ben", "Q-S1")["points"] == 0.25


def test_a_section_of_the_report_stands_beside_the_levels(browser: Browser, course: Course) -> None:
    words = "<img src=x onerror=alert(1)> and <b>so</b> on,\n\n| a | b |"
    path = course.folder / "results" / "artifacts" / "ada.json"
    document = json.loads(path.read_text())
    document["writing"]["report.md"]["text"] = f"# R\n\n## Summary\n\n{words}\n\n## Rest\n\nNo."
    path.write_text(json.dumps(document))
    with (
        served(course, "--question", "report-summary") as address,
        window(browser, address) as page,
    ):
        shows(page, "left")
        expect(page.locator("#levels")).to_contain_text("convincing")
        if "2 alike" in page.locator("#place").inner_text():
            page.keyboard.press("j")
        expect(page.locator("#shown .prose")).to_have_text(words)
        assert page.locator("#shown :is(img, b)").count() == 0


def test_a_mark_is_taken_back_and_a_comment_used_again(browser: Browser, course: Course) -> None:
    earlier = course.says("ben", "ana", evidence="Q-S1", points=1, comment="Well said.")
    earlier.write_text(earlier.read_text().replace('"sha256": "', '"sha256": "0'))
    said = earlier.read_bytes()
    options = ("--question", "Q-S1")
    with served(course, *options) as address, window(browser, address) as page:
        shows(page, "24 of 24 left")
        page.keyboard.press("r")
        expect(page.get_by_label("Comment, for the student")).to_have_value("Well said.")
        for _ in range(2):
            before = page.locator("#progress").inner_text()
            page.keyboard.press("1")
            expect(page.locator("#progress")).not_to_have_text(before)
        shows(page, "21 of 24 left")
        assert len(written(course)) == 3
        expect(page.get_by_label("Question")).to_have_value("quality-spread")
        page.keyboard.press("u")
        expect(page.get_by_role("status")).to_contain_text("Taken back.")
        before = page.locator("#progress").inner_text()
        page.keyboard.press("u")
        shows(page, "24 of 24 left")
        assert before != page.locator("#progress").inner_text()
        expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    assert earlier.read_bytes() == said
    assert len(written(course)) == 1


def test_alike_ones_are_looked_at_and_marked_one_by_one(browser: Browser, course: Course) -> None:
    with served(course) as address, window(browser, address) as page:
        if "2 alike" not in page.locator("#place").inner_text():
            page.keyboard.press("j")
        expect(page.locator("#place")).to_contain_text("2 alike")
        expect(page.locator(".prose")).to_have_text(ANSWERS["ada"])
        page.keyboard.press("]")
        expect(page.locator("#member")).to_have_text("2 of 2 alike")
        page.keyboard.press("e")
        page.keyboard.press("3")
        shows(page, "23 of 24 left")
    assert [(name, r["points"]) for name, r in written(course).items()] == [("cleo Q-S1", 1)]


def test_of_two_windows_the_later_one_is_told_and_shows_what_is_left(
    browser: Browser, course: Course
) -> None:
    with (
        served(course) as address,
        window(browser, address, fine=False) as first,
        window(browser, address, fine=False) as second,
    ):
        second.keyboard.press("c")
        second.keyboard.type("Mine.")
        second.keyboard.press("Escape")
        first.keyboard.press("3")
        expect(first.get_by_role("status")).to_contain_text("Marked full")
        second.keyboard.press("3")
        expect(second.get_by_role("alert")).to_contain_text("Nothing was written")
        expect(second.locator("#progress")).to_have_text(first.locator("#progress").inner_text())
        expect(second.get_by_label("Comment, for the student")).to_have_value("Mine.")
        second.keyboard.press("u")
        shows(second, "24 of 24 left")
        first.keyboard.press("u")
        expect(first.get_by_role("alert")).to_contain_text("nothing was taken back")
        shows(first, "24 of 24 left")
    assert written(course) == {}


def test_what_the_terminal_wrote_meanwhile_is_not_overwritten(
    browser: Browser, course: Course
) -> None:
    with served(course) as address, window(browser, address, fine=False) as page:
        mark = ("--set", "full", "--question", "Q-S1", "--reviewer", "ana")
        course.run("review", "results", *mark, "ada", "ben", "cleo")
        page.keyboard.press("1")
        expect(page.get_by_role("alert")).to_contain_text("Nothing was written")
        shows(page, "21 of 21 left")
    assert {r["points"] for r in written(course).values()} == {1}


def test_a_disk_that_refuses_is_told_and_loses_nothing(browser: Browser, course: Course) -> None:
    with served(course) as address, window(browser, address, fine=False) as page:
        (course.folder / "reviews").write_text("no folder")
        page.keyboard.press("c")
        page.keyboard.type("Kept.")
        page.keyboard.press("Escape")
        page.keyboard.press("3")
        expect(page.get_by_role("alert")).to_contain_text("cannot write")
        expect(page.get_by_label("Comment, for the student")).to_have_value("Kept.")
        (course.folder / "reviews").unlink()
        page.keyboard.press("3")
        expect(page.get_by_role("status")).to_contain_text("Marked full")
    assert {r["comment"] for r in written(course).values()} == {"Kept."}


def test_disagreements_are_settled_with_what_others_said_in_view(
    browser: Browser, course: Course
) -> None:
    course.says("ada", "eve", evidence="Q-S1", points=1, comment="Good.")
    course.says("ada", "bob", evidence="Q-S1", points=0, comment="Says nothing.")
    with served(course, "--decide") as address, window(browser, address) as page:
        shows(page, "1 disagreements left")
        expect(page.locator("#noted")).to_contain_text("bob: 0 Says nothing.")
        page.keyboard.press("2")
        shows(page, "0 disagreements left")
    assert course.evidence("ada", "Q-S1")["points"] == 0.5


def test_results_of_another_version_are_said_in_the_page(browser: Browser, course: Course) -> None:
    with served(course) as address, window(browser, address, fine=False) as page:
        path = course.folder / "results" / "reports" / "ada.json"
        said = path.read_text()
        report = json.loads(said)
        report["grader"]["version"] = "0"
        path.write_text(json.dumps(report))
        page.keyboard.press("3")
        expect(page.get_by_role("alert")).to_contain_text("of another version")
        path.write_text(said)
    assert written(course) == {}


def test_the_page_keeps_nobody_out(browser: Browser, course: Course) -> None:
    """Axe finds nothing serious, and nothing has to be scrolled sideways."""
    with served(course) as address:
        for size, scheme in product([LAPTOP, PHONE], ["light", "dark"]):
            looks: Any = {"viewport": size, "color_scheme": scheme}
            with window(browser, address, **looks) as page:
                page.evaluate(AXE.read_text(encoding="utf-8"))
                for question in ("quality-spread", "Q-S1"):
                    page.get_by_label("Question").select_option(question)
                    expect(page.locator("pre.code")).to_have_count(2 * (question != "Q-S1"))
                    assert serious(page) == []
                    width = page.evaluate("document.documentElement.scrollWidth")
                    assert width <= size["width"]
                page.locator("#place").focus()
                page.keyboard.press("?")
                expect(page.get_by_role("dialog")).to_be_visible()
                assert serious(page) == []


def serious(page: Page) -> list[Any]:
    """What axe finds that keeps somebody out."""
    found = page.evaluate("axe.run()")["violations"]
    grave = [v for v in found if v["impact"] in {"serious", "critical"}]
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in grave]


def request(
    address: str, method: str, path: str, body: object = None, **headers: str | None
) -> tuple[int, str]:
    """What the server answers to somebody who may not be the page; None leaves a header out."""
    parts = urlsplit(address)
    origin = f"http://{parts.netloc}"
    usual: dict[str, str | None] = {
        "Authorization": f"Bearer {parts.fragment}",
        "Content-Type": "application/json",
        "Origin": origin if method == "POST" else None,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=SECONDS)
    data = body if isinstance(body, str) else json.dumps(body)
    sent = {name: value for name, value in usual.items() if value is not None}
    connection.request(method, path, data if method == "POST" else None, sent)
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.headers["Access-Control-Allow-Origin"] is None
    connection.close()
    return answer.status, text


STRANGERS: list[tuple[dict[str, str | None], int]] = [
    ({"Authorization": None}, 403),
    ({"Authorization": "Bearer guess"}, 403),
    ({"Authorization": "Bearer \u00fc"}, 403),
    ({"Host": "marks.example"}, 403),
    ({"Host": "localhost"}, 403),
    ({"Origin": "https://marks.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": None}, 403),
    ({"Sec_Fetch_Site": "cross-site"}, 403),
    ({"Content_Type": "text/plain"}, 415),
    ({"Content_Length": "9999999999"}, 413),
]


def test_strangers_are_kept_out(course: Course) -> None:
    with served(course) as address:
        status, text = request(address, "GET", f"/state?{urlencode({'question': 'Q-S1'})}")
        assert status == 200
        (member,) = next(group for group in json.loads(text)["groups"] if len(group) == 1)
        seen = {member["id"]: member["seen"]}
        mark = {"question": "Q-S1", "seen": seen, "mark": "full", "comment": ""}
        for headers, status in STRANGERS:
            assert request(address, "POST", "/mark", mark, **headers)[0] == status, headers
        for headers, _ in STRANGERS[:5]:
            assert request(address, "GET", "/state", **headers)[0] == 403, headers
        for body in ("{", "[" * 100_000, [], {**mark, "seen": {}}, {**mark, "seen": {"ada": 1}}):
            assert request(address, "POST", "/mark", body)[0] == 400
        status, text = request(address, "POST", "/mark", {**mark, "mark": "7"})
        assert (status, json.loads(text)["error"]) == (400, "Q-S1 has from 0 to 1 points")
        gone = {**mark, "seen": {"nobody": "0"}}
        assert request(address, "POST", "/mark", gone)[0] == 409
        for path in ("/reports/ada.json", "/../rubric.yaml", "/mark"):
            assert request(address, "GET", path)[0] == 404
        assert request(address, "OPTIONS", "/mark")[0] == 501
        assert written(course) == {}
        assert request(address, "POST", "/mark", mark)[0] == 200
        assert request(address, "POST", "/mark", mark)[0] == 409
    assert len(written(course)) == 1


SEND = """async ([address, token, body]) => {
    const json = {Authorization: `Bearer ${token}`, "Content-Type": "application/json"};
    const tries = [
        {method: "POST", headers: json, body},
        {method: "POST", mode: "no-cors", credentials: "include", body},
    ];
    return Promise.all(tries.map((each) => fetch(address, each).then((a) => a.type, () => "no")));
}"""


def test_a_page_from_elsewhere_cannot_mark_even_with_the_token(
    browser: Browser, course: Course
) -> None:
    with served(course) as address:
        elsewhere = browser.new_context()
        elsewhere.route("http://marks.example/", lambda route: route.fulfill(body="<p>Marks</p>"))
        page = elsewhere.new_page()
        page.goto("http://marks.example/")
        members = json.loads(request(address, "GET", "/state?question=Q-S1")[1])["groups"][0]
        seen = {member["id"]: member["seen"] for member in members}
        body = json.dumps({"question": "Q-S1", "seen": seen, "mark": "full", "comment": ""})
        origin, _, token = address.partition("#")
        first, second = page.evaluate(SEND, [f"{origin}mark", token, body])
        assert first == "no"  # the browser asks first, and gets no leave
        assert second in {"no", "opaque"}
        elsewhere.close()
    assert written(course) == {}


def test_the_page_itself_tells_nothing(course: Course) -> None:
    with served(course) as address:
        status, text = request(address, "GET", "/", Authorization=None)
    assert status == 200
    for secret in (urlsplit(address).fragment, "ada", "Q-S1", "It only grows"):
        assert secret not in text
