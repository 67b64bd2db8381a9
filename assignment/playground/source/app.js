/** The page: what is shown of a run, and what happens when something is pressed. */

import { drawLoss } from "./chart.js";
import { Controls } from "./controls.js";
import { showRows, showUnit } from "./details.js";
import { Diagram } from "./diagram.js";
import { output } from "./network.js";
import { element, say } from "./page.js";
import { Player } from "./player.js";
import { PRESETS } from "./presets.js";
import { FILE_NAME, formulaText, weightsFile } from "./record.js";
import { Surface } from "./surface.js";
import { shown, shownLoss } from "./text.js";
import { CLOSE, PATIENCE, standing, startRun, trainEpoch } from "./training.js";

/** How often progress is read out by a screen reader, in milliseconds. */
const ANNOUNCE = 5000;

class Playground {
  constructor() {
    this.run = startRun(PRESETS[0].settings);
    this.view = PRESETS[0].view;
    this.concluded = false;
    this.announced = 0;
    /** @type {number | null} */
    this.chosen = null;
    /** @type {number | null} */
    this.hovered = null;
    this.player = new Player(
      () => this.#train(),
      () => this.draw(),
    );
    this.surface = new Surface(element("surface"), () => this.draw());
    this.diagram = new Diagram(
      element("network"),
      (chosen) => this.#choose({ chosen }),
      (hovered) => this.#choose({ hovered }),
    );
    this.controls = new Controls(
      (settings, view) => this.#start(settings, view),
      (view) => this.#look(view),
      (problem) => say("message", problem),
    );
    this.#connect();
    this.controls.start(PRESETS[0].settings, PRESETS[0].view);
  }

  #connect() {
    /** @param {string} id @param {() => void} action */
    const press = (id, action) => element(id).addEventListener("click", action);
    press("play", () => (this.player.playing ? this.#pause() : this.#play()));
    press("step", () => this.#step());
    press("reset", () => this.controls.start(this.controls.settings, this.view));
    press("download", () => this.#download());
    press("copy", () => this.#copyFile());
    press("copy-formula", () => this.#copyFormula());
    const resized = new ResizeObserver(() => this.fit());
    for (const room of ["surface-room", "network-room", "loss-room"])
      resized.observe(element(room));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.fit());
  }

  /** @param {import("./training.js").Settings} settings @param {import("./presets.js").View} view */
  #start(settings, view) {
    this.player.pause();
    this.run = startRun(settings);
    this.concluded = false;
    if (this.chosen !== null && this.chosen > settings.hidden) this.chosen = null;
    this.hovered = null;
    say("message", `A fresh network, seed ${settings.seed}. Press Play.`);
    this.#look(view);
  }

  /** @param {import("./presets.js").View} view */
  #look(view) {
    this.view = view;
    this.fit();
  }

  #play() {
    say("message", "Training.");
    this.player.play();
    this.draw();
  }

  #pause() {
    this.player.pause();
    say("message", `Paused after ${this.run.epoch} epochs.`);
    this.draw();
  }

  #step() {
    this.player.pause();
    trainEpoch(this.run);
    say("message", `Epoch ${this.run.epoch}, loss ${shownLoss(this.run.history.last)}.`);
    this.#conclude();
    this.draw();
  }

  /** Train for one frame; whether to go on. */
  #train() {
    for (let epoch = 0; epoch < this.view.pace; epoch++) {
      trainEpoch(this.run);
      if (this.#conclude()) return false;
    }
    return true;
  }

  /** Say so where a run has come to its end, solved or stuck; whether it has. */
  #conclude() {
    const { right, solved } = standing(this.run);
    const { epoch } = this.run;
    if (this.concluded || !(solved || epoch === PATIENCE)) return false;
    this.concluded = true;
    const outcome = solved
      ? `Solved after ${epoch} epochs: no output is off by more than ${CLOSE}.`
      : `Stuck: after ${epoch} epochs ${right} of 4 are right. Try the next seed, or more units.`;
    say("message", outcome);
    return true;
  }

  /** @param {{chosen?: number | null, hovered?: number | null}} change */
  #choose(change) {
    Object.assign(this, change);
    this.draw();
  }

  #download() {
    const url = URL.createObjectURL(
      new Blob([weightsFile(this.run)], { type: "application/json" }),
    );
    Object.assign(document.createElement("a"), { href: url, download: FILE_NAME }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000); // some browsers save it a little later
    say("message", `${FILE_NAME} is saved where your browser puts downloads.`);
  }

  async #copyFile() {
    if (await this.#copied(weightsFile(this.run), "The file")) return;
    element("take-file").open = true;
    element("file").select();
  }

  async #copyFormula() {
    if (await this.#copied(formulaText(this.run.network), "The formula")) return;
    getSelection()?.selectAllChildren(element("formula"));
  }

  /**
   * Put a text into the clipboard; whether the browser lets us.
   *
   * @param {string} text
   * @param {string} what
   */
  async #copied(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      say("message", `${what} is in the clipboard.`);
      return true;
    } catch {
      say("message", `This browser lets no page copy. ${what} is marked: press Ctrl+C.`);
      return false;
    }
  }

  /** Take the sizes and colours that the page has now, and draw anew. */
  fit() {
    this.surface.fit(this.view.cells, element("surface-room").clientWidth);
    this.diagram.layOut(this.run.network.hidden, element("network-room").clientWidth);
    this.draw();
  }

  draw() {
    const { network, history, epoch } = this.run;
    const now = standing(this.run);
    const chosen = this.hovered ?? this.chosen;
    this.surface.draw(network, chosen);
    this.diagram.update(network, chosen);
    drawLoss(element("loss"), history, element("loss-room").clientWidth);
    showRows(this.run, now, chosen);
    showUnit(this.run, now, chosen);
    say("epoch", `${epoch}`);
    say("loss-now", shownLoss(history.last));
    say("right", `${now.right} of 4`);
    this.#showPoint();
    say("play", this.player.playing ? "Pause" : "Play");
    this.#showTaking(now.right);
    this.#announce(now.right);
  }

  #showPoint() {
    const { point } = this.surface;
    const text = point
      ? `A1 = ${shown(point.a1)}, A2 = ${shown(point.a2)}: ${shown(output(this.run.network, point.a1, point.a2), 3)}`
      : "";
    say("cell", text);
  }

  /** @param {number} right */
  #showTaking(right) {
    say("formula", formulaText(this.run.network));
    const file = element("file");
    const text = weightsFile(this.run);
    if (file.value !== text) file.value = text;
    const hint =
      right === 4
        ? "This network computes XOR. Put the file into your template's folder, in place of the one that is there."
        : `Not yet: ${right} of 4 rows are right. Train on before you take the file along.`;
    say("take-hint", hint);
  }

  /** @param {number} right */
  #announce(right) {
    if (!this.player.playing || performance.now() - this.announced < ANNOUNCE) return;
    this.announced = performance.now();
    say(
      "calm",
      `Epoch ${this.run.epoch}, loss ${shownLoss(this.run.history.last)}, ${right} of 4 right.`,
    );
  }
}

new Playground();
