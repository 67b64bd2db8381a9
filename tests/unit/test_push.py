"""Marks sent to a server: each arrives once, whatever the server does, or is listed as unsent."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from .course_servers import TOKEN, CourseServer, running
from .sent import Student, graded_class, moodle_form, sent

MOODLE, CANVAS = "moodle", "canvas"
BOTH = pytest.mark.parametrize("system", [MOODLE, CANVAS])
USERS = ["911", "912", "913", "914", "915"]
SLOW = {"late", "never", "dripping", "afterwards"}
PARTICIPANTS = {MOODLE: [str(int(u) - 900) for u in USERS], CANVAS: USERS}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CourseServer]:
    for name in ("AUTOGRADE_MOODLE_TOKEN", "AUTOGRADE_CANVAS_TOKEN"):
        monkeypatch.setenv(name, TOKEN)
    with running(USERS) as server:
        yield server


def class_of(folder: Path, system: str, points: str = "7{}.5", **how: str) -> Path:
    students = [
        Student(identifier, points.format(n), **how)
        for n, identifier in enumerate(PARTICIPANTS[system], 1)
    ]
    return graded_class(folder, *students)


def push(server: CourseServer, system: str, results: Path, *more: object, code: int = 0) -> str:
    course = ("--course", 1) if system == CANVAS else ()
    slow = SLOW & {server.reading, *server.trouble.values()}
    quick = ("--seconds", 0.4 if slow else 30, "--pause", 0)
    where = ("--url", server.url, *course, "--to", 5)
    printed = sent("push", system, results, *where, *quick, *more, code=code)
    assert "\x1b" not in printed
    assert TOKEN not in printed
    assert not any("/login" in request for request in server.requests), "followed elsewhere"
    return printed


def all_arrived(server: CourseServer) -> bool:
    right = {user: 70 + n + 0.5 for n, user in enumerate(USERS, 1)}
    return server.marks == right and all(len(said) == 1 for said in server.comments.values())


@BOTH
def test_a_dry_run_changes_nothing(tmp_path: Path, server: CourseServer, system: str) -> None:
    printed = push(server, system, class_of(tmp_path, system))
    assert "0 there already, 5 would be sent; --send does it" in printed
    assert server.saves == 0


@BOTH
def test_marks_arrive_and_a_second_run_changes_nothing(
    tmp_path: Path, server: CourseServer, system: str
) -> None:
    results = class_of(tmp_path, system)
    assert "5 sent and read back" in push(server, system, results, "--send")
    assert all_arrived(server)
    assert "5 there already, 0 to send" in push(server, system, results, "--send")
    assert server.saves == 5
    (comment,) = server.comments["911"]
    assert comment.startswith("Mark: 71.5 of 100 points.")


@BOTH
@pytest.mark.parametrize(
    "trouble",
    ["busy", "lost", "late", "failed", "cut", "dripping", "page", "never", "error in a 200", "no"],
)
def test_one_bad_answer_doubles_nothing_and_the_next_run_finishes(
    tmp_path: Path, server: CourseServer, system: str, trouble: str
) -> None:
    server.trouble = {2: trouble}
    results = class_of(tmp_path, system)
    course = ("--send",)
    unsent = trouble in ("error in a 200", "no") or (
        system == CANVAS and trouble in ("page", "never")
    )
    printed = push(server, system, results, *course, code=1 if unsent else 0)
    assert (f"not sent: {PARTICIPANTS[system][1]}: " in printed) == unsent
    assert printed.count("not sent:") == unsent
    push(server, system, results, *course)
    assert all_arrived(server)


@BOTH
@pytest.mark.parametrize(
    "trouble", ["busy", "denied", "never", "silence", "page", "no", "error in a 200"]
)
def test_every_mark_that_a_bad_server_did_not_take_is_listed(
    tmp_path: Path, server: CourseServer, system: str, trouble: str
) -> None:
    server.trouble = {0: trouble}
    results = class_of(tmp_path, system)
    printed = push(server, system, results, "--send", code=1)
    listed = [line for line in printed.splitlines() if line.startswith("not sent: ")]
    assert [line.split(":")[1].strip() for line in listed] == PARTICIPANTS[system]
    assert "0 sent and read back" in printed
    assert printed.endswith("the same command looks up what has arrived, and sends the rest\n")
    server.trouble = {}
    push(server, system, results, "--send")
    assert all_arrived(server)


@BOTH
@pytest.mark.parametrize("trouble", ["failed", "late", "cut", "lost"])
def test_marks_that_arrived_behind_bad_answers_are_found_by_reading_back(
    tmp_path: Path, server: CourseServer, system: str, trouble: str
) -> None:
    server.trouble = {0: trouble}
    assert "5 sent and read back" in push(server, system, class_of(tmp_path, system), "--send")
    assert server.saves == 5
    assert all_arrived(server)


@BOTH
@pytest.mark.parametrize(
    "reading", ["failed", "page", "never", "elsewhere", "dripping", "nonsense"]
)
def test_what_cannot_be_read_back_does_not_count_as_sent(
    tmp_path: Path, server: CourseServer, system: str, reading: str
) -> None:
    results = class_of(tmp_path, system)
    server.reading = reading
    assert push(server, system, results, "--send", code=2).startswith("autograde: ")
    assert server.saves == 0


@BOTH
def test_a_server_that_stops_half_way_leaves_a_list_and_the_rest_for_later(
    tmp_path: Path, server: CourseServer, system: str
) -> None:
    server.stops_after = 2
    results = class_of(tmp_path, system)
    printed = push(server, system, results, "--send", code=1)
    assert printed.count("not sent: ") == 5
    assert "may have arrived, but reading back failed" in printed
    server.stops_after = 1_000_000
    printed = push(server, system, results, "--send")
    assert all_arrived(server)
    assert server.saves == (5 if system == CANVAS else 7)


def test_a_mark_that_is_saved_long_after_its_request_is_not_sent_twice(
    tmp_path: Path, server: CourseServer
) -> None:
    server.trouble = {2: "afterwards"}
    results = class_of(tmp_path, CANVAS)
    printed = push(server, CANVAS, results, "--send", code=1)
    assert "not sent: 912: may have arrived: no answer within" in printed
    server.go_on.set()
    assert server.went_on.acquire(timeout=30)
    server.trouble = {}
    assert "5 there already" in push(server, CANVAS, results, "--send")
    assert all_arrived(server)


def test_a_run_that_was_killed_between_sending_and_its_journal_doubles_nothing(
    tmp_path: Path, server: CourseServer
) -> None:
    results = class_of(tmp_path, CANVAS)
    push(server, CANVAS, results, "--send")
    (journal,) = (results / "push").iterdir()
    journal.write_text(journal.read_text()[:-30])
    push(server, CANVAS, results, "--send")
    journal.unlink()
    push(server, CANVAS, results, "--send")
    assert server.saves == 5
    assert all_arrived(server)


def test_two_runs_do_not_send_at_once(tmp_path: Path, server: CourseServer) -> None:
    results = class_of(tmp_path, CANVAS)
    push(server, CANVAS, results, "--send")
    (journal,) = (results / "push").iterdir()
    with journal.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another run is sending" in push(server, CANVAS, results, "--send", code=2)


@BOTH
def test_marks_of_somebody_else_are_not_replaced_unless_told(
    tmp_path: Path, server: CourseServer, system: str
) -> None:
    server.marks["912"] = 33.0
    results = class_of(tmp_path, system)
    printed = push(server, system, results, "--send", code=1)
    identifier = PARTICIPANTS[system][1]
    assert f"refused: {identifier}: has 33 there, which is not from here" in printed
    assert "nothing was sent" in printed
    assert server.saves == 0
    assert f"replaces 33: {identifier}: 72.5" in push(server, system, results, "--overwrite")
    push(server, system, results, "--send", "--partial", code=1)
    assert server.marks["912"] == 33
    push(server, system, results, "--send", "--overwrite")
    assert all_arrived(server)


def test_a_comment_that_is_there_is_not_said_again_with_a_mark_that_is_not(
    tmp_path: Path, server: CourseServer
) -> None:
    results = class_of(tmp_path, CANVAS)
    push(server, CANVAS, results, "--send")
    del server.marks["913"]
    push(server, CANVAS, results, "--send")
    assert all_arrived(server)


@BOTH
def test_a_mark_that_changed_here_is_sent_again_once(
    tmp_path: Path, server: CourseServer, system: str
) -> None:
    push(server, system, class_of(tmp_path, system), "--send")
    journals = next((tmp_path / "results" / "push").iterdir())
    kept = journals.read_bytes()
    results = class_of(tmp_path, system, "8{}")
    journals.parent.mkdir()
    journals.write_bytes(kept)
    assert "replaces 71.5" in push(server, system, results, "--send")
    assert server.marks["911"] == 81
    assert "5 there already" in push(server, system, results, "--send")
    assert len(server.comments["911"]) == (2 if system == CANVAS else 1)


@BOTH
def test_marks_that_do_not_fit_are_refused_before_anything_is_sent(
    tmp_path: Path, server: CourseServer, system: str
) -> None:
    first, second, *_ = PARTICIPANTS[system]
    students = [Student(first, "15", possible="20"), Student(second, pending="3"), Student("0077")]
    results = graded_class(tmp_path, *students)
    printed = push(server, system, results, "--send", code=1)
    assert f"refused: {first}: counts out of 20 here and out of 100 there" in printed
    assert f"refused: {second}: people may still move it by 3 points" in printed
    assert "refused: 0077: a submission without a row" in printed
    assert server.saves == 0


def test_canvas_gets_its_rubric_filled_in(tmp_path: Path, server: CourseServer) -> None:
    titles = ["Implementation", "Correctness", "Quality", "Report", "Completeness"]
    rubric = [{"id": f"_{n}", "description": t, "points": 20} for n, t in enumerate(titles)]
    server.assignment["rubric"] = rubric
    results = class_of(tmp_path, CANVAS)
    push(server, CANVAS, results, "--send")
    assert server.assessed["911"]["_3"] == {"points": 14.3, "comments": "Progressing"}
    assert len(server.assessed["911"]) == 5
    rubric[0]["description"] = "Elegance"
    assert "a criterion 'elegance'" in push(server, CANVAS, results, "--send", code=2)


@pytest.mark.parametrize(("method", "points"), [("rubric", "85"), ("guide", "71.5")])
def test_moodle_gets_its_rubric_or_its_marking_guide_filled_in(
    tmp_path: Path, server: CourseServer, method: str, points: str
) -> None:
    form = moodle_form(method)
    (criteria,) = (form["areas"][0]["definitions"][0][method]).values()
    server.moodle_form = {
        str(level["id"]): level["score"] for c in criteria for level in c.get("levels", [])
    }
    results, path = class_of(tmp_path, MOODLE, points), tmp_path / "form.json"
    assert "--rubric fills it in" in push(server, MOODLE, results, "--send", code=1)
    path.write_text(json.dumps(form))
    assert "5 sent and read back" in push(server, MOODLE, results, "--send", "--rubric", path)
    assert server.marks == dict.fromkeys(USERS, float(points))
    assert "5 there already" in push(server, MOODLE, results, "--send", "--rubric", path)
    criteria[0]["description"] = criteria[0]["shortname"] = "Elegance"
    path.write_text(json.dumps(form))
    printed = push(server, MOODLE, results, "--send", "--rubric", path, code=2)
    assert "Moodle has a criterion 'elegance' that is no category here" in printed
    printed = push(server, CANVAS, results, "--rubric", path, code=2)
    assert "Canvas tells its rubric itself" in printed


def test_moodle_assignments_that_take_no_points_are_refused(
    tmp_path: Path, server: CourseServer
) -> None:
    results = class_of(tmp_path, MOODLE)
    server.trouble = {0: "silence"}
    assert "is there a rubric" in push(server, MOODLE, results, "--send", code=1)
    server.moodle_grade = -3
    assert "marked by a scale" in push(server, MOODLE, results, "--send", code=2)
    elsewhere = ("--url", server.url, "--to", 6)
    assert "no assignment 6" in sent("push", MOODLE, results, *elsewhere, code=2)
    assert not server.marks


def with_pages(results: Path, text: str = "<p>") -> Path:
    (results / "pages").mkdir(exist_ok=True)
    for user in USERS:
        (results / "pages" / f"{user}.html").write_text(text + user)
    return results


def test_pages_are_attached_once_and_new_ones_again(tmp_path: Path, server: CourseServer) -> None:
    results = with_pages(class_of(tmp_path, CANVAS))
    push(server, CANVAS, results, "--send", "--pages")
    assert all_arrived(server)
    assert "5 there already" in push(server, CANVAS, results, "--send", "--pages")
    assert [len(names) for names in server.attached.values()] == [1] * 5
    with_pages(results, "<b>")
    push(server, CANVAS, results, "--send", "--pages")
    assert [len(names) for names in server.attached.values()] == [2] * 5
    assert server.comments["911"][1] == "The page that belongs to this mark."


@pytest.mark.parametrize("trouble", ["failed", "no", "page", "cut", "elsewhere", "lost"])
def test_a_page_that_is_not_taken_holds_its_mark_back(
    tmp_path: Path, server: CourseServer, trouble: str
) -> None:
    results = with_pages(class_of(tmp_path, CANVAS))
    server.trouble_with_files = trouble
    printed = push(server, CANVAS, results, "--send", "--pages", code=1)
    assert printed.count("not sent: ") == 5
    assert not server.marks
    server.trouble_with_files = ""
    push(server, CANVAS, results, "--send", "--pages")
    assert all_arrived(server)


def test_pages_go_nowhere_in_the_open(tmp_path: Path, server: CourseServer) -> None:
    results = with_pages(class_of(tmp_path, CANVAS))
    server.upload_url = "http://store.example.edu"
    printed = push(server, CANVAS, results, "--send", "--pages", code=1)
    assert "not sent: 911: only https" in printed
    (results / "pages" / "911.html").unlink()
    printed = push(server, CANVAS, results, "--send", "--pages", code=1)
    assert "refused: 911: its page" in printed
    assert not server.marks


class Vault(KeyringBackend):
    """A keyring with one token in it."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return TOKEN if service == "autograde-moodle" else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


def test_tokens_come_from_environment_or_keyring_and_are_shown_nowhere(
    tmp_path: Path, server: CourseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = class_of(tmp_path, MOODLE)
    monkeypatch.delenv("AUTOGRADE_MOODLE_TOKEN")
    before = keyring.get_keyring()
    try:
        keyring.set_keyring(Vault())
        printed = push(server, MOODLE, results, "--send")
        monkeypatch.delenv("AUTOGRADE_CANVAS_TOKEN")
        assert "AUTOGRADE_CANVAS_TOKEN" in push(server, CANVAS, results, code=2)
    finally:
        keyring.set_keyring(before)
    monkeypatch.setenv("AUTOGRADE_MOODLE_TOKEN", "wrong-0815")
    printed += push(server, MOODLE, results, "--send", code=2)
    assert "Moodle refuses this token" in printed
    files = b"".join(path.read_bytes() for path in results.rglob("*") if path.is_file())
    for token in (TOKEN, "wrong-0815"):
        assert token not in printed
        assert token.encode() not in files
        assert not any(token in request for request in server.requests)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://moodle.example.edu", "only https"),
        ("https://user:secret@moodle.example.edu", "a token never stands in it"),
        ("https://moodle.example.edu?token=1", "a token never stands in it"),
        ("moodle.example.edu", "an address is written as in"),
        ("ftp://moodle.example.edu", "an address is written as in"),
    ],
)
def test_addresses_that_would_give_a_token_away_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.delenv("AUTOGRADE_MOODLE_TOKEN", raising=False)
    results = class_of(tmp_path, MOODLE)
    printed = sent("push", "moodle", results, "--url", url, "--to", 5, "--send", code=2)
    assert said in printed
    assert "secret" not in printed


def test_a_server_that_is_not_there_is_said_to_be_so(
    tmp_path: Path, server: CourseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = class_of(tmp_path, MOODLE)
    nobody = ("--url", "http://127.0.0.1:9", "--to", 5, "--send")
    assert "no connection to this address" in sent("push", "moodle", results, *nobody, code=2)


def test_the_journal_names_nobody(tmp_path: Path, server: CourseServer) -> None:
    results = class_of(tmp_path, CANVAS, name="Ada Lovelace")
    push(server, CANVAS, results, "--send")
    (journal,) = (results / "push").iterdir()
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [line["user"] for line in lines] == USERS
    assert all(line.keys() == {"user", "points", "comment"} for line in lines)
    assert "Mark:" not in journal.read_text()
