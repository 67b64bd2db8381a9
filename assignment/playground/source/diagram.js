/** The network as a drawing: connections by sign and size, and units to choose from. */

import { halfPlane, square } from "./geometry.js";
import { outputBias, unitsOf } from "./network.js";
import { unitSum, shown, signed } from "./text.js";

const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {Element} parent
 * @returns {SVGElement}
 */
function add(tag, attributes, parent) {
  const element = /** @type {SVGElement} */ (document.createElementNS(NAMESPACE, tag));
  set(element, attributes);
  parent.append(element);
  return element;
}

/** @param {Element} element @param {Record<string, string | number>} attributes */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, `${value}`);
}

export class Diagram {
  /**
   * @param {SVGSVGElement} svg
   * @param {(chosen: number | null) => void} onChoose a unit was clicked or reached by keys
   * @param {(hovered: number | null) => void} onHover a unit is pointed at, or no longer
   */
  constructor(svg, onChoose, onHover) {
    this.svg = svg;
    this.onChoose = onChoose;
    this.onHover = onHover;
    this.size = 0;
    /** @type {SVGElement[][]} of each hidden unit: from A1, from A2, to the output */
    this.edges = [];
    /** @type {SVGElement[]} the hidden units, then the output */
    this.units = [];
    svg.addEventListener("keydown", (event) => this.#key(event));
    svg.addEventListener("click", ({ target }) => {
      if (!(/** @type {Element} */ (target).closest(".unit"))) this.onChoose(null);
    });
  }

  /**
   * Lay out a network of this size; the numbers come by `update`.
   *
   * @param {number} hidden
   * @param {number} room pixels there are from left to right
   */
  layOut(hidden, room) {
    const focused = this.units.indexOf(/** @type {SVGElement} */ (document.activeElement));
    const pitch = hidden > 8 ? 25 : Math.min(64, 340 / hidden);
    const height = Math.max(170, hidden * pitch + 12);
    this.size = Math.min(32, pitch - 5);
    this.svg.replaceChildren();
    set(this.svg, { width: room, height, viewBox: `0 0 ${room} ${height}` });
    const middle = height / 2;
    const column = Math.round(0.65 * room);
    const rows = Array.from({ length: hidden }, (_, j) => middle + (j - (hidden - 1) / 2) * pitch);
    const inputs = [middle - 45, middle + 45].map((y) => ({ x: 17, y }));
    const out = { x: room - 26, y: middle };
    const edges = add("g", { class: "edges" }, this.svg);
    this.edges = rows.map((y) => [
      ...inputs.map((from) => this.#edge(from, { x: column, y }, edges)),
      this.#edge({ x: column, y }, out, edges),
    ]);
    for (const k of [0, 1]) this.#circle(inputs[k], `A${k + 1}`, this.svg);
    this.units = rows.map((y, j) => this.#hiddenUnit(j, { x: column, y }));
    this.units.push(this.#outputUnit(hidden, out));
    this.units[focused]?.focus();
  }

  /**
   * @param {import("./network.js").Network} network
   * @param {number | null} chosen
   */
  update(network, chosen) {
    unitsOf(network).forEach((unit, j) => {
      const element = this.units[j];
      [unit.w1, unit.w2, unit.v].forEach((weight, k) => {
        set(this.edges[j][k], {
          class: `${weight < 0 ? "negative" : "positive"}${chosen === j ? " chosen" : ""}`,
          "stroke-width": 0.8 + Math.min(7, 0.9 * Math.abs(weight)),
        });
      });
      const { positive } = halfPlane(unit, square(0, 1));
      const [polygon, sum, weight] = ["polygon", ".sum", ".weight"].map(
        (what) => /** @type {Element} */ (element.querySelector(what)),
      );
      set(polygon, { points: positive.map(({ x, y }) => `${x},${1 - y}`).join(" ") });
      sum.textContent = unitSum(unit);
      weight.textContent = `×${shown(unit.v)}`;
      this.#mark(
        element,
        j,
        chosen,
        `Hidden unit ${j + 1}: sum ${unitSum(unit)}, output weight ${signed(unit.v)}`,
      );
    });
    const out = this.units[network.hidden];
    /** @type {Element} */ (out.querySelector(".sum")).textContent = signed(outputBias(network));
    this.#mark(out, network.hidden, chosen, `Output: bias ${signed(outputBias(network))}`);
  }

  /** @param {Element} element @param {number} index @param {number | null} chosen @param {string} label */
  #mark(element, index, chosen, label) {
    set(element, {
      "aria-label": label,
      "aria-checked": `${index === chosen}`,
      tabindex: index === (chosen ?? 0) ? 0 : -1,
    });
  }

  /** @typedef {import("./geometry.js").Point} Point */

  /** @param {Point} from @param {Point} to @param {Element} parent */
  #edge(from, to, parent) {
    return add("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y }, parent);
  }

  /** @param {Point} at @param {string} text @param {Element} parent */
  #circle({ x, y }, text, parent) {
    add("circle", { cx: x, cy: y, r: 16 }, parent);
    add("text", { x, y, class: "name" }, parent).textContent = text;
  }

  /** @param {number} index @param {Point} at */
  #unit(index, { x, y }) {
    const attributes = { class: "unit", role: "radio", transform: `translate(${x} ${y})` };
    const unit = add("g", attributes, this.svg);
    unit.addEventListener("click", () => unit.focus());
    unit.addEventListener("focus", () => this.onChoose(index));
    unit.addEventListener("pointerenter", () => this.onHover(index));
    unit.addEventListener("pointerleave", () => this.onHover(null));
    return unit;
  }

  /**
   * A hidden unit is a small picture of the square: where its sum is positive.
   *
   * @param {number} j
   * @param {Point} at
   */
  #hiddenUnit(j, at) {
    const { size } = this;
    const half = size / 2;
    const unit = this.#unit(j, at);
    const scale = `translate(${-half} ${-half}) scale(${size})`;
    const picture = add("g", { transform: scale }, unit);
    add("rect", { width: 1, height: 1, class: "negative" }, picture);
    add("polygon", { class: "positive" }, picture);
    add("rect", { x: -half, y: -half, width: size, height: size, class: "frame" }, unit);
    add("text", { x: -half - 6, class: "sum" }, unit);
    add("text", { x: half + 6, class: "weight" }, unit);
    return unit;
  }

  /** @param {number} index @param {Point} at */
  #outputUnit(index, at) {
    const unit = this.#unit(index, at);
    this.#circle({ x: 0, y: 0 }, "out", unit);
    add("text", { x: 24, y: 28, class: "sum" }, unit);
    return unit;
  }

  /** Arrow keys go from unit to unit, Space chooses one, Escape none. @param {KeyboardEvent} event */
  #key(event) {
    const steps = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };
    const at = this.units.indexOf(/** @type {SVGElement} */ (event.target));
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (event.key === "Escape") this.onChoose(null);
    else if (event.key === " ") this.onChoose(at);
    else if (step) this.units[(at + step + this.units.length) % this.units.length].focus();
    else return;
    event.preventDefault();
  }
}
