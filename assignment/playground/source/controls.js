/** The controls: presets, seed and settings, and how they show what is in force. */

import { element } from "./page.js";
import { BOUNDS, PRESETS, readNumber } from "./presets.js";

/** @typedef {import("./training.js").Settings} Settings */
/** @typedef {import("./presets.js").View} View */

/** @type {Record<string, import("./measure.js").Measured>} put in place when the page is built */
const MEASURED_PRESETS = MEASURED;

/** @param {import("./presets.js").Preset} preset */
function hint({ id, about }) {
  const { solved, seeds, median } = MEASURED_PRESETS[id];
  return `${about} Solved with ${solved} of ${seeds} seeds, in ${median} epochs (median).`;
}

export class Controls {
  /**
   * @param {(settings: Settings, view: View) => void} onStart a run is to start
   * @param {(view: View) => void} onView only what is shown is to change
   * @param {(problem: string) => void} onProblem something was typed that cannot be meant
   */
  constructor(onStart, onView, onProblem) {
    this.onStart = onStart;
    this.onView = onView;
    this.onProblem = onProblem;
    /** @type {HTMLFormElement} */
    this.form = element("settings");
    this.settings = PRESETS[0].settings;
    this.view = PRESETS[0].view;
    this.buttons = PRESETS.map((preset) => this.#button(preset));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", (event) => this.#changed(event));
    element("next").addEventListener("click", () => {
      this.start({ ...this.settings, seed: this.settings.seed + 1 }, this.view);
    });
  }

  /**
   * Put settings in force and show them.
   *
   * @param {Settings} settings
   * @param {View} view
   */
  start(settings, view) {
    this.settings = settings;
    this.#show(view);
    this.onStart(settings, view);
  }

  /** @param {View} view */
  #show(view) {
    this.view = view;
    for (const [name, value] of Object.entries({ ...this.settings, ...view })) {
      const field = this.form.elements.namedItem(name);
      if (field) /** @type {HTMLInputElement} */ (field).value = `${value}`;
    }
    for (const field of this.form.elements) field.removeAttribute("aria-invalid");
    PRESETS.forEach((preset, index) => {
      const same = Object.entries(preset.settings).every(
        ([name, value]) =>
          name === "seed" || this.settings[/** @type {keyof Settings} */ (name)] === value,
      );
      this.buttons[index].setAttribute("aria-pressed", `${same}`);
    });
  }

  /** @param {import("./presets.js").Preset} preset */
  #button(preset) {
    const button = document.createElement("button");
    button.type = "button";
    button.id = `preset-${preset.id}`;
    for (const [tag, text] of [
      ["strong", preset.title],
      ["span", hint(preset)],
    ]) {
      button.append(Object.assign(document.createElement(tag), { textContent: text }));
    }
    button.addEventListener("click", () => this.start(preset.settings, preset.view));
    element("presets").append(button);
    return button;
  }

  /** @param {Event} event */
  #changed({ target }) {
    const field = /** @type {HTMLInputElement} */ (target);
    if (field.name in BOUNDS) this.#take(/** @type {keyof typeof BOUNDS} */ (field.name), field);
    else if (field.name === "pace" || field.name === "cells") {
      this.#show({ ...this.view, [field.name]: Number(field.value) });
      this.onView(this.view);
    } else this.start({ ...this.settings, [field.name]: field.value }, this.view);
  }

  /**
   * Take over a number that was typed; if it is none, say so and leave the run alone.
   *
   * @param {keyof typeof BOUNDS} name
   * @param {HTMLInputElement} field
   */
  #take(name, field) {
    const read = readNumber(name, field.value);
    if ("number" in read) this.start({ ...this.settings, [name]: read.number }, this.view);
    else {
      field.setAttribute("aria-invalid", "true");
      this.onProblem(read.problem);
    }
  }
}
