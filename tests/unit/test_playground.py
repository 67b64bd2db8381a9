"""The playground, as a student uses it: in a browser, as a file, without a network."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread
from playwright.sync_api import Browser, Page, expect

from autograder.bundle import Bundle
from autograder.corpus import load_cases

from .browser import open_browser, open_page
from .conftest import ROOT

BUNDLE = Bundle.open(ROOT)
FILE = BUNDLE.pages["playground"]
SCRIPTS = sorted((ROOT / "tests" / "playground").glob("*.test.js"))
SQUARE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = [0, 1, 1, 0]
LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


def node(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("node")), *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_what_the_page_computes(script: Path) -> None:
    done = node("--test", script)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_is_what_its_source_makes_and_is_small() -> None:
    done = node("assignment/playground/source/build.js", "--check")
    assert done.returncode == 0, done.stderr
    assert FILE.stat().st_size < 100_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with open_page(browser, FILE, viewport=LAPTOP) as page:
        yield page


def play_to_the_end(page: Page) -> str:
    """Press Play, wait until the page pauses by itself; what it says then."""
    page.get_by_label("Epochs a frame").select_option("100")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("#message")).not_to_have_text("Training.")
    return page.locator("#message").inner_text()


def recorded(page: Page) -> dict[str, Any]:
    """The file as it is shown."""
    return dict(json.loads(page.locator("#file").input_value()))


def download(page: Page) -> str:
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").click()
    assert saved.value.suggested_filename == "playground_weights.json"
    return Path(saved.value.path()).read_text(encoding="utf-8")


def set_number(page: Page, label: str, value: object) -> None:
    page.get_by_label(label).fill(str(value))
    page.keyboard.press("Enter")


@pytest.mark.parametrize("preset", ["tutorial", "sketch"])
def test_a_preset_played_to_its_end_is_xor_for_the_reference(page: Page, preset: str) -> None:
    reference = BUNDLE.reference()
    page.locator(f"#preset-{preset}").click()
    assert play_to_the_end(page).startswith("Solved after ")
    expect(page.locator("#right")).to_have_text("4 of 4")
    parameters = reference.read_parameters(download(page))
    assert reference.predict_bit(parameters, SQUARE).tolist() == XOR
    shown = [float(cell) for cell in page.locator("#rows tbody td:nth-child(4)").all_inner_texts()]
    assert shown == pytest.approx(reference.probability(parameters, SQUARE), abs=1e-3)
    assert page.locator("#formula").inner_text() == reference.formula_text(parameters)


def test_the_sketch_is_the_published_one(page: Page) -> None:
    page.locator("#preset-sketch").click()
    settings = page.locator("#settings").evaluate("form => Object.fromEntries(new FormData(form))")
    assert settings == {
        "seed": "1",
        "hidden": "16",
        "activation": "sigmoid",
        "loss": "mse",
        "optimiser": "adam",
        "rate": "0.2",
        "pace": "1",
        "cells": "20",
    }
    # 20 cells of 20 pixels, and the axes
    assert page.locator("#surface").evaluate("canvas => canvas.clientWidth") == 20 * 20 + 24


def test_the_grader_takes_the_file_that_the_page_exports(page: Page) -> None:
    """The corpus holds such a file, and what a report must say of it."""
    play_to_the_end(page)
    exported = json.loads(download(page))
    case = load_cases(BUNDLE)["accepted/weights-from-our-page"]
    known = json.loads(case.files["playground_weights.json"])
    assert exported.keys() == known.keys()
    for key, value in known.items():
        wanted = (
            value if isinstance(value, str | dict) else pytest.approx(np.array(value), abs=0.01)
        )
        assert exported[key] == wanted, key


def picture(page: Page) -> np.ndarray:
    """What the surface looks like, shape (height, width, 3)."""
    return imread(io.BytesIO(page.locator("#surface").screenshot()))[..., :3]


def test_a_unit_shows_its_numbers_and_its_own_half_plane(page: Page) -> None:
    play_to_the_end(page)
    before = picture(page)
    file = recorded(page)
    for index, (weights, bias) in enumerate(
        zip(file["hidden_weights"], file["hidden_biases"], strict=True)
    ):
        page.locator(".unit").nth(index).hover()
        expect(page.locator("#unit-title")).to_have_text(f"Hidden unit {index + 1}")
        numbers = [page.locator(f"#unit-{name}").inner_text() for name in ("w1", "w2", "b", "v")]
        wanted = [*weights, bias, file["output_weights"][index]]
        assert [float(text.replace("−", "-")) for text in numbers] == pytest.approx(wanted)
        # Ten cells of 40 pixels, 24 to the right of the axis: which of them have changed?
        changed = np.abs(picture(page) - before).max(axis=2)[:400, 24:424] > 0.05
        cells = changed.reshape(10, 40, 10, 40).mean(axis=(1, 3))[::-1].T
        a1, a2 = np.meshgrid(np.arange(10) / 9, np.arange(10) / 9, indexing="ij")
        sums = weights[0] * a1 + weights[1] * a2 + bias
        reach = 0.8 * np.hypot(*weights)  # the arrow and the line lie on other cells too
        assert np.all(cells[sums > 0.12 * np.hypot(*weights)] > 0.03)
        assert np.all(cells[sums < -reach / 8] == 0)
    page.mouse.move(0, 0)
    expect(page.locator("#unit-title")).to_have_text("No unit chosen")
    assert np.array_equal(picture(page), before)


def test_the_output_shows_where_it_answers_one(page: Page) -> None:
    play_to_the_end(page)
    page.locator(".unit").last.click()
    expect(page.locator("#unit-side")).to_contain_text("the corners 01, 10")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until that element has the focus."""
    for _ in range(40):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def test_the_keyboard_suffices(page: Page) -> None:
    tab_to(page, "#preset-tutorial")
    page.keyboard.press("Enter")
    tab_to(page, "#step")
    page.keyboard.press("Space")
    expect(page.locator("#message")).to_contain_text("Epoch 1, loss")
    page.keyboard.press("Shift+Tab")  # back to Play
    page.keyboard.press("Space")
    expect(page.locator("#message")).to_contain_text("Solved after")
    tab_to(page, "#surface")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#cell")).to_contain_text("A1 = 0.00, A2 = 0.11: 0.")
    tab_to(page, ".unit")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#unit-title")).to_have_text("Hidden unit 2")
    expect(page.locator(".unit:focus")).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#unit-title")).to_have_text("No unit chosen")
    page.keyboard.press("Space")
    expect(page.locator("#unit-title")).to_have_text("Hidden unit 2")
    tab_to(page, "#settings [name=hidden]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(page.locator("#message")).to_contain_text("A fresh network")
    assert len(recorded(page)["hidden_biases"]) == 5
    tab_to(page, "#download")
    with page.expect_download():
        page.keyboard.press("Enter")


def test_the_same_seed_and_epochs_give_the_same_file(page: Page) -> None:
    def five_epochs_with(seed: int) -> dict[str, Any]:
        set_number(page, "Seed", seed)
        for _ in range(5):
            page.get_by_role("button", name="Step").click()
        return recorded(page)

    first = five_epochs_with(7)
    assert five_epochs_with(8) != first
    page.reload()
    assert five_epochs_with(7) == first


@pytest.mark.parametrize("context", [{"reduced_motion": "reduce"}, {"color_scheme": "dark"}])
def test_nothing_is_lost_when_the_page_is_resized_or_frozen(
    browser: Browser, page: Page, context: dict[str, Any]
) -> None:
    play_to_the_end(page)
    with open_page(browser, FILE, viewport=LAPTOP, **context) as other:
        other.get_by_role("button", name="Play", exact=True).click()
        other.set_viewport_size(PHONE)  # type: ignore[arg-type]
        protocol = other.context.new_cdp_session(other)
        for state in ("frozen", "active"):  # as a browser does with a page out of sight
            protocol.send("Page.setWebLifecycleState", {"state": state})
        expect(other.locator("#message")).to_contain_text("Solved after")
        assert other.locator("#surface").evaluate("canvas => canvas.clientWidth") < 330
        assert recorded(other) == recorded(page)


@pytest.mark.parametrize("label", ["Seed", "Hidden units", "Learning rate"])
def test_what_is_no_number_is_named_and_the_run_stays(page: Page, label: str) -> None:
    play_to_the_end(page)
    before = recorded(page)
    set_number(page, label, "1e9")
    expect(page.locator("#message")).to_contain_text("number from")
    expect(page.get_by_label(label)).to_have_attribute("aria-invalid", "true")
    assert recorded(page) == before


def test_a_network_that_is_not_xor_says_so_beside_the_file(page: Page) -> None:
    page.locator("#preset-luck").click()
    assert play_to_the_end(page).startswith("Stuck: after 4000 epochs 2 of 4 are right")
    expect(page.locator("#take-hint")).to_contain_text("Not yet: 2 of 4")
    parameters = BUNDLE.reference().read_parameters(download(page))
    assert BUNDLE.reference().predict_bit(parameters, SQUARE).tolist() != XOR


def test_a_browser_without_a_clipboard_says_what_to_do(page: Page) -> None:
    page.get_by_role("button", name="Copy it").click()
    expect(page.locator("#message")).to_contain_text("press Ctrl+C")
    expect(page.locator("#file")).to_be_focused()
    assert page.evaluate("getSelection().toString()") == page.locator("#file").input_value()


def test_copied_is_what_would_be_saved(browser: Browser) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with open_page(browser, FILE, permissions=allowed) as page:
        page.get_by_role("button", name="Copy it").click()
        expect(page.locator("#message")).to_contain_text("The file is in the clipboard")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == download(page)


@pytest.mark.parametrize("viewport", [PHONE, {"width": 768, "height": 1024}, LAPTOP])
@pytest.mark.parametrize("preset", ["tutorial", "sketch"])
def test_no_width_scrolls_sideways(browser: Browser, viewport: Any, preset: str) -> None:
    with open_page(browser, FILE, viewport=viewport) as page:
        page.locator(f"#preset-{preset}").click()
        page.locator(".unit").first.click()
        page.locator("summary").click()
        width = page.locator("html").evaluate("html => html.scrollWidth")
        assert width <= viewport["width"]
        wide = "panels => panels.filter(p => p.scrollWidth > p.clientWidth).map(p => p.innerText)"
        assert page.locator(".panel").evaluate_all(wide) == []
