/** The mathematics: gradients against finite differences, optimisers against their definition. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ACTIVATIONS,
  createNetwork,
  gradient,
  LOSSES,
  meanLoss,
  output,
} from "../../assignment/playground/source/network.js";
import { createOptimiser } from "../../assignment/playground/source/optimisers.js";
import { randomNumbers } from "../../assignment/playground/source/random.js";

const STEP = 1e-5;

for (const activation of Object.keys(ACTIVATIONS)) {
  for (const loss of Object.keys(LOSSES)) {
    test(`gradient of ${activation} units under ${loss}`, () => {
      for (const hidden of [1, 2, 5, 16]) {
        const network = createNetwork(hidden, activation, randomNumbers(hidden));
        // Off zero, so that no ReLU stands at its kink.
        for (let i = 0; i < network.numbers.length; i++) network.numbers[i] += 0.1 + 0.01 * i;
        gradient(network, loss).forEach((slope, i) => {
          const at = (value) => {
            const numbers = network.numbers.with(i, value);
            return meanLoss({ ...network, numbers }, loss);
          };
          const here = network.numbers[i];
          const difference = (at(here + STEP) - at(here - STEP)) / (2 * STEP);
          assert.ok(Math.abs(slope - difference) < 1e-8, `${hidden} units, number ${i}`);
        });
      }
    });
  }
}

test("outputs and losses stay finite for weights in the thousands", () => {
  const network = createNetwork(1, "relu", randomNumbers(1));
  network.numbers.set([4000, -4000, -1000, 5, -900]);
  assert.equal(output(network, 1, 0), 1);
  assert.equal(output(network, 0, 1), 0);
  for (const loss of Object.keys(LOSSES)) assert.ok(Number.isFinite(meanLoss(network, loss)));
});

test("gradient descent moves by rate times slope", () => {
  const numbers = Float64Array.of(1, 2);
  createOptimiser("descent", 0.5, 2)(numbers, Float64Array.of(4, -2));
  assert.deepEqual([...numbers], [-1, 3]);
});

test("the first step of Adam is the rate, whatever the slope", () => {
  const numbers = Float64Array.of(0, 0);
  createOptimiser("adam", 0.2, 2)(numbers, Float64Array.of(30, -0.001));
  assert.ok(Math.abs(numbers[0] + 0.2) < 1e-4);
  assert.ok(Math.abs(numbers[1] - 0.2) < 1e-4);
});

test("Adam finds the bottom of a bowl that is steep one way and flat the other", () => {
  const numbers = Float64Array.of(3, -2);
  const optimise = createOptimiser("adam", 0.05, 2);
  for (let step = 0; step < 2000; step++) {
    optimise(numbers, Float64Array.of(200 * numbers[0], 0.02 * (numbers[1] - 1)));
  }
  assert.ok(Math.abs(numbers[0]) < 1e-3 && Math.abs(numbers[1] - 1) < 1e-2, `${numbers}`);
});

test("random numbers fill the range evenly, and another seed gives others", () => {
  const random = randomNumbers(7);
  const drawn = Array.from({ length: 10000 }, random);
  const tenths = Array(10).fill(0);
  for (const number of drawn) tenths[Math.floor(10 * number)] += 1;
  assert.ok(
    tenths.every((count) => count > 850 && count < 1150),
    `${tenths}`,
  );
  assert.notDeepEqual(Array.from({ length: 5 }, randomNumbers(8)), drawn.slice(0, 5));
});
