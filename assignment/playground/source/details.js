/** What is said of a run beside the pictures: the four rows, and the unit that is chosen. */

import { positiveCorners } from "./geometry.js";
import { ACTIVATIONS, outputBias, outputSum, sumAt, unitOf, unitsOf } from "./network.js";
import { element, say } from "./page.js";
import { shown, unitSum, weightedSum } from "./text.js";

/** @typedef {import("./training.js").Run} Run */

/**
 * The truth table; with a unit chosen, its sum and its answer in every row.
 *
 * @param {Run} run
 * @param {ReturnType<typeof import("./training.js").standing>} standing
 * @param {number | null} chosen
 */
export function showRows({ network }, standing, chosen) {
  const { hidden, activation } = network;
  const isOutput = chosen === hidden;
  const table = element("rows");
  table.classList.toggle("with-unit", chosen !== null);
  say("unit-sum", isOutput ? "z" : `sum ${(chosen ?? 0) + 1}`);
  say("unit-answer", isOutput ? "σ(z)" : `h${(chosen ?? 0) + 1}`);
  standing.rows.forEach((row, index) => {
    const cells = table.querySelectorAll("tbody tr")[index].children;
    const texts = [
      row.a1,
      row.a2,
      row.target,
      shown(row.p, 3),
      `${row.bit} ${row.right ? "✓" : "✗"}`,
    ];
    if (chosen !== null) {
      const sum = isOutput
        ? outputSum(network, row.a1, row.a2)
        : sumAt(unitOf(network, chosen), row.a1, row.a2);
      texts.push(shown(sum), shown(isOutput ? row.p : ACTIVATIONS[activation].value(sum)));
    }
    texts.forEach((text, column) => {
      cells[column].textContent = `${text}`;
    });
    cells[4].classList.toggle("wrong", !row.right);
  });
}

const CORNERS = [
  "none of the corners",
  "the corner",
  "the corners",
  "the corners",
  "all four corners",
];

/** @param {string[]} corners */
const listed = (corners) =>
  `${CORNERS[corners.length]}${corners.length % 4 ? ` ${corners.join(", ")}` : ""}`;

/**
 * The numbers of the unit that is chosen, and what its hatched side holds.
 *
 * @param {Run} run
 * @param {ReturnType<typeof import("./training.js").standing>} standing
 * @param {number | null} chosen
 */
export function showUnit({ network }, standing, chosen) {
  element("unit-numbers").hidden = chosen === null || chosen === network.hidden;
  if (chosen === null) {
    say("unit-title", "No unit chosen");
    say("unit-formula", "");
    say(
      "unit-side",
      "Point at a unit, click it, or go there by Tab and the arrow keys: its numbers stand here, its half-plane on the surface.",
    );
  } else if (chosen === network.hidden) {
    const ones = standing.rows.filter(({ bit }) => bit).map(({ a1, a2 }) => `${a1}${a2}`);
    /** @type {[number, string][]} */
    const terms = unitsOf(network).map(({ v }, j) => [v, `h${j + 1}`]);
    say("unit-title", "Output");
    say("unit-formula", `σ(${weightedSum(terms, outputBias(network))})`);
    say("unit-side", `Hatched is where the output is at least 0.5. There lie ${listed(ones)}.`);
  } else {
    const unit = unitOf(network, chosen);
    say("unit-title", `Hidden unit ${chosen + 1}`);
    say("unit-formula", `h${chosen + 1} = ${network.activation}(${unitSum(unit)})`);
    say("unit-w1", shown(unit.w1, 4));
    say("unit-w2", shown(unit.w2, 4));
    say("unit-b", shown(unit.b, 4));
    say("unit-v", shown(unit.v, 4));
    const corners = positiveCorners(unit);
    say(
      "unit-side",
      `Hatched is the half-plane where the sum is positive. In it ${corners.length === 1 ? "lies" : "lie"} ${listed(corners)}.`,
    );
  }
}
