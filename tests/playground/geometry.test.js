/** Half-planes: what is hatched is where the sum is positive. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { halfPlane, positiveCorners, square } from "../../assignment/playground/source/geometry.js";
import { sumAt } from "../../assignment/playground/source/network.js";
import { randomNumbers } from "../../assignment/playground/source/random.js";

const SQUARE = square(0, 1);

/** Twice the area of a polygon, by the shoelace formula. */
const area = (points) =>
  Math.abs(
    points.reduce((sum, { x, y }, i) => {
      const next = points[(i + 1) % points.length];
      return sum + x * next.y - y * next.x;
    }, 0),
  ) / 2;

test("half of the square lies beyond its diagonal", () => {
  const { positive, line } = halfPlane({ w1: 1, w2: -1, b: 0, v: 1 }, SQUARE);
  assert.equal(area(positive), 0.5);
  assert.deepEqual(
    new Set([`${line.from.x}${line.from.y}`, `${line.to.x}${line.to.y}`]),
    new Set(["00", "11"]),
  );
});

test("a line that misses the square leaves all of it or nothing", () => {
  const all = halfPlane({ w1: 1, w2: 1, b: 1, v: 1 }, SQUARE);
  assert.deepEqual(all, { positive: SQUARE, line: null });
  const none = halfPlane({ w1: -1, w2: 0, b: -1, v: 1 }, SQUARE);
  assert.deepEqual(none, { positive: [], line: null });
  assert.equal(halfPlane({ w1: 0, w2: 0, b: 0, v: 1 }, SQUARE).line, null);
});

test("of random units, the area agrees with counting points, and the line has a sum of 0", () => {
  const random = randomNumbers(3);
  const weight = () => 4 * random() - 2;
  for (let trial = 0; trial < 100; trial++) {
    const unit = { w1: weight(), w2: weight(), b: weight(), v: 1 };
    const { positive, line } = halfPlane(unit, SQUARE);
    let inside = 0;
    for (let i = 0; i < 2500; i++) {
      const [x, y] = [((i % 50) + 0.5) / 50, (Math.floor(i / 50) + 0.5) / 50];
      if (sumAt(unit, x, y) > 0) inside += 1;
    }
    assert.ok(Math.abs(area(positive) - inside / 2500) < 0.02, JSON.stringify(unit));
    for (const { x, y } of line ? [line.from, line.to] : []) {
      assert.ok(Math.abs(sumAt(unit, x, y)) < 1e-9);
    }
  }
});

test("corners on the positive side", () => {
  assert.deepEqual(positiveCorners({ w1: 1, w2: 1, b: -0.5, v: 1 }), ["01", "10", "11"]);
  assert.deepEqual(positiveCorners({ w1: 0, w2: 0, b: -1, v: 1 }), []);
});
