/** Half-planes on the unit square: where a hidden unit's sum is positive. */

import { sumAt, TRUTH_TABLE } from "./network.js";

/** @typedef {{x: number, y: number}} Point */

/** @typedef {{from: Point, to: Point}} Segment */

/**
 * A square's corners in order.
 *
 * @param {number} low the smallest coordinate
 * @param {number} high the largest
 * @returns {Point[]}
 */
export const square = (low, high) => [
  { x: low, y: low },
  { x: high, y: low },
  { x: high, y: high },
  { x: low, y: high },
];

/**
 * The part of a convex shape in which a unit's sum is positive, and the piece of the
 * unit's line that lies in the shape (Sutherland and Hodgman's clipping by one line).
 *
 * @param {import("./network.js").Unit} unit
 * @param {Point[]} shape corners in order
 * @returns {{positive: Point[], line: Segment | null}}
 */
export function halfPlane(unit, shape) {
  const positive = [];
  const crossings = [];
  for (let i = 0; i < shape.length; i++) {
    const here = shape[i];
    const next = shape[(i + 1) % shape.length];
    const s = sumAt(unit, here.x, here.y);
    const t = sumAt(unit, next.x, next.y);
    if (s > 0) positive.push(here);
    if (s > 0 !== t > 0) {
      const share = s / (s - t);
      const at = { x: here.x + share * (next.x - here.x), y: here.y + share * (next.y - here.y) };
      positive.push(at);
      crossings.push(at);
    }
  }
  const [from, to] = crossings;
  return { positive, line: to ? { from, to } : null };
}

/**
 * The corners of the truth table on a unit's positive side, as texts such as "01".
 *
 * @param {import("./network.js").Unit} unit
 */
export const positiveCorners = (unit) =>
  TRUTH_TABLE.filter(({ a1, a2 }) => sumAt(unit, a1, a2) > 0).map(({ a1, a2 }) => `${a1}${a2}`);
