/** The decision surface: a grid of cells over the unit square, each with the output there. */

import { halfPlane, square } from "./geometry.js";
import { output, unitOf } from "./network.js";
import { css, inkOn, readPalette, shade } from "./palette.js";

/** Room for the axes at the left and at the bottom, and the largest side, in pixels. */
const MARGIN = 24;
const LARGEST = 400;

/** @typedef {{column: number, row: number}} Cell counted from the lower left */

export class Surface {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} onCell is called when another cell is pointed at
   */
  constructor(canvas, onCell) {
    this.canvas = canvas;
    this.onCell = onCell;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.palette = readPalette();
    this.cells = 10;
    this.cell = 0;
    /** @type {Cell | null} */
    this.cursor = null;
    canvas.addEventListener("pointermove", (event) => this.#point(event));
    canvas.addEventListener("pointerdown", (event) => this.#point(event));
    canvas.addEventListener("pointerleave", () => this.#moveTo(null));
    canvas.addEventListener("blur", () => this.#moveTo(null));
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /**
   * Take the size and the colours that the page has now.
   *
   * @param {number} cells in each direction
   * @param {number} room pixels there are from left to right
   */
  fit(cells, room) {
    if (cells !== this.cells) this.cursor = null;
    this.cells = cells;
    this.palette = readPalette();
    this.cell = Math.max(1, Math.floor(Math.min(room - MARGIN, LARGEST) / cells));
    const side = this.cell * cells + MARGIN;
    const density = window.devicePixelRatio || 1;
    this.canvas.style.width = this.canvas.style.height = `${side}px`;
    this.canvas.width = this.canvas.height = Math.round(side * density);
    this.context.setTransform(density, 0, 0, density, 0, 0);
  }

  /**
   * @param {import("./network.js").Network} network
   * @param {number | null} chosen a hidden unit, or the number of them for the output
   */
  draw(network, chosen) {
    const side = this.cell * this.cells + MARGIN;
    this.context.clearRect(0, 0, side, side);
    const outputs = this.#outputs(network);
    const colours = outputs.map((column) => column.map((p) => shade(this.palette, p)));
    this.#drawCells(colours);
    const half = chosen === null || chosen === network.hidden ? null : this.#half(network, chosen);
    if (half) this.#hatchPositive(half.positive);
    else if (chosen !== null) this.#hatchOnes(outputs);
    this.#drawNumbers(outputs, colours);
    this.#drawBoundary(outputs);
    if (half?.line) this.#drawLine(half.line, half.unit);
    this.#drawCorners();
    if (this.cursor) this.#outline(this.cursor, 2);
    this.#drawAxes();
  }

  /** @param {number} index of a row or column; its place between 0 and 1 */
  #share(index) {
    return index / (this.cells - 1);
  }

  /** @param {number} a1 */
  #x(a1) {
    return MARGIN + (a1 * (this.cells - 1) + 0.5) * this.cell;
  }

  /** @param {number} a2 */
  #y(a2) {
    return ((1 - a2) * (this.cells - 1) + 0.5) * this.cell;
  }

  /** @param {import("./network.js").Network} network @returns {number[][]} by column and row */
  #outputs(network) {
    const indices = Array.from({ length: this.cells }, (_, index) => index);
    return indices.map((column) =>
      indices.map((row) => output(network, this.#share(column), this.#share(row))),
    );
  }

  /** @param {import("./palette.js").Colour[][]} colours */
  #drawCells(colours) {
    const { cell, context } = this;
    colours.forEach((column, i) => {
      column.forEach((colour, j) => {
        context.fillStyle = css(colour);
        const [x, y] = [this.#x(this.#share(i)), this.#y(this.#share(j))];
        context.fillRect(x - cell / 2, y - cell / 2, cell, cell);
      });
    });
  }

  /** @param {number[][]} outputs @param {import("./palette.js").Colour[][]} colours */
  #drawNumbers(outputs, colours) {
    const { cell, context } = this;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `${Math.min(12, 0.46 * cell)}px system-ui, sans-serif`;
    outputs.forEach((column, i) => {
      column.forEach((p, j) => {
        context.fillStyle = inkOn(colours[i][j]);
        const text = cell < 32 ? short(p) : p.toFixed(2);
        context.fillText(text, this.#x(this.#share(i)), this.#y(this.#share(j)) + 0.5);
      });
    });
  }

  /** A line between cells that answer 1 and cells that answer 0. @param {number[][]} outputs */
  #drawBoundary(outputs) {
    const { cell, context } = this;
    context.beginPath();
    outputs.forEach((column, i) => {
      column.forEach((p, j) => {
        const left = this.#x(this.#share(i)) - cell / 2;
        const top = this.#y(this.#share(j)) - cell / 2;
        if (i > 0 && p >= 0.5 !== outputs[i - 1][j] >= 0.5) {
          context.moveTo(left, top);
          context.lineTo(left, top + cell);
        }
        if (j > 0 && p >= 0.5 !== column[j - 1] >= 0.5) {
          context.moveTo(left, top + cell);
          context.lineTo(left + cell, top + cell);
        }
      });
    });
    this.#stroke(css(this.palette.ink), 1.5);
  }

  /**
   * A hidden unit and its half-plane, to the edges of the outermost cells.
   *
   * @param {import("./network.js").Network} network
   * @param {number} chosen
   */
  #half(network, chosen) {
    const unit = unitOf(network, chosen);
    const beyond = 0.5 / (this.cells - 1);
    return { unit, ...halfPlane(unit, square(-beyond, 1 + beyond)) };
  }

  /** @param {import("./geometry.js").Point[]} positive */
  #hatchPositive(positive) {
    this.context.beginPath();
    for (const { x, y } of positive) this.context.lineTo(this.#x(x), this.#y(y));
    this.#hatch();
  }

  /** @param {import("./geometry.js").Segment} line @param {import("./network.js").Unit} unit */
  #drawLine({ from, to }, unit) {
    const [x, y] = [this.#x(from.x), this.#y(from.y)];
    const [u, v] = [this.#x(to.x), this.#y(to.y)];
    this.context.beginPath();
    this.context.moveTo(x, y);
    this.context.lineTo(u, v);
    this.#arrow((x + u) / 2, (y + v) / 2, unit);
    this.#stroke(css(this.palette.paper), 6);
    this.#stroke(css(this.palette.ink), 3);
  }

  /**
   * The weights as an arrow from the unit's line to the positive side.
   *
   * @param {number} x
   * @param {number} y
   * @param {import("./network.js").Unit} unit
   */
  #arrow(x, y, { w1, w2 }) {
    const { context } = this;
    const length = Math.hypot(w1, w2);
    const [alongX, alongY] = [w1 / length, -w2 / length];
    const [tipX, tipY] = [x + 30 * alongX, y + 30 * alongY];
    context.moveTo(x, y);
    context.lineTo(tipX, tipY);
    for (const side of [-1, 1]) {
      context.moveTo(tipX, tipY);
      context.lineTo(tipX - 9 * alongX + side * 6 * alongY, tipY - 9 * alongY - side * 6 * alongX);
    }
  }

  /** @param {number[][]} outputs */
  #hatchOnes(outputs) {
    const { cell, context } = this;
    context.beginPath();
    outputs.forEach((column, i) => {
      column.forEach((p, j) => {
        const [x, y] = [this.#x(this.#share(i)), this.#y(this.#share(j))];
        if (p >= 0.5) context.rect(x - cell / 2, y - cell / 2, cell, cell);
      });
    });
    this.#hatch();
  }

  /** Fill the path with thin slanted lines, so that the numbers below stay legible. */
  #hatch() {
    const { context } = this;
    const side = this.cell * this.cells;
    context.save();
    context.clip();
    context.beginPath();
    for (let at = -side; at < side; at += 9) {
      context.moveTo(MARGIN + at, 0);
      context.lineTo(MARGIN + at + side, side);
    }
    context.globalAlpha = 0.4;
    this.#stroke(css(this.palette.ink), 1);
    context.restore();
  }

  #drawCorners() {
    const last = this.cells - 1;
    for (const column of [0, last]) {
      for (const row of [0, last]) this.#outline({ column, row }, 1);
    }
  }

  /** @param {Cell} cell @param {number} width */
  #outline({ column, row }, width) {
    const { cell, context } = this;
    const inset = width / 2 + 0.5;
    context.beginPath();
    context.rect(
      this.#x(this.#share(column)) - cell / 2 + inset,
      this.#y(this.#share(row)) - cell / 2 + inset,
      cell - 2 * inset,
      cell - 2 * inset,
    );
    this.#stroke(css(this.palette.ink), width);
  }

  #drawAxes() {
    const { context } = this;
    const below = this.cell * this.cells + MARGIN / 2 + 2;
    context.fillStyle = css(this.palette.ink);
    context.font = "13px system-ui, sans-serif";
    for (const [text, share] of /** @type {[string, number][]} */ ([
      ["0", 0],
      ["A1", 0.5],
      ["1", 1],
    ])) {
      context.fillText(text, this.#x(share), below);
      context.fillText(text === "A1" ? "A2" : text, MARGIN / 2 - 2, this.#y(share));
    }
  }

  /** @param {string} colour @param {number} width */
  #stroke(colour, width) {
    this.context.strokeStyle = colour;
    this.context.lineWidth = width;
    this.context.lineCap = "round";
    this.context.stroke();
  }

  /** @param {PointerEvent} event */
  #point({ offsetX, offsetY }) {
    const column = Math.floor((offsetX - MARGIN) / this.cell);
    const row = this.cells - 1 - Math.floor(offsetY / this.cell);
    const inside = column >= 0 && row >= 0 && column < this.cells && row < this.cells;
    this.#moveTo(inside ? { column, row } : null);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (!step) return;
    event.preventDefault();
    const { column, row } = this.cursor ?? { column: -step[0], row: -step[1] };
    /** @param {number} index */
    const held = (index) => Math.max(0, Math.min(this.cells - 1, index));
    this.#moveTo({ column: held(column + step[0]), row: held(row + step[1]) });
  }

  /** @param {Cell | null} cell */
  #moveTo(cell) {
    if (cell?.column === this.cursor?.column && cell?.row === this.cursor?.row) return;
    this.cursor = cell;
    this.onCell();
  }

  /** The point under the cursor, if there is one. */
  get point() {
    return this.cursor && { a1: this.#share(this.cursor.column), a2: this.#share(this.cursor.row) };
  }
}

/** Two digits where there is no room for more. @param {number} p */
const short = (p) => (p >= 0.995 ? "1.0" : p.toFixed(2).slice(1));
