/** Runs: the same settings give the same numbers, and what counts as solved is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { LossHistory } from "../../assignment/playground/source/history.js";
import { meanLoss } from "../../assignment/playground/source/network.js";
import { PRESETS, readNumber } from "../../assignment/playground/source/presets.js";
import {
  CLOSE,
  standing,
  startRun,
  trainEpoch,
} from "../../assignment/playground/source/training.js";

function trained(settings, epochs) {
  const run = startRun(settings);
  while (run.epoch < epochs) trainEpoch(run);
  return run;
}

for (const { id, settings } of PRESETS) {
  test(`${id}: the same seed and epochs give the same numbers, another seed others`, () => {
    const once = trained(settings, 50).network.numbers;
    assert.deepEqual(trained(settings, 50).network.numbers, once);
    assert.notDeepEqual(trained({ ...settings, seed: 2 }, 50).network.numbers, once);
  });
}

test("every combination of settings trains to a lower loss", () => {
  for (const activation of ["tanh", "sigmoid", "relu"]) {
    for (const loss of ["mse", "cross_entropy"]) {
      for (const optimiser of ["descent", "adam"]) {
        const settings = { hidden: 8, activation, loss, optimiser, rate: 0.1, seed: 1 };
        const { history, network } = trained(settings, 300);
        assert.ok(history.last < history.kept[0], JSON.stringify(settings));
        assert.equal(history.last, meanLoss(network, loss));
      }
    }
  }
});

test("solved means that every output is close, not only on the right side", () => {
  const run = trained(PRESETS[0].settings, 0);
  while (standing(run).right < 4) trainEpoch(run);
  assert.equal(standing(run).solved, false);
  while (!standing(run).solved) trainEpoch(run);
  for (const { p, target, bit } of standing(run).rows) {
    assert.ok(Math.abs(p - target) <= CLOSE);
    assert.equal(bit, target);
  }
});

test("a long history stays short, keeps its ends and is in order", () => {
  const history = new LossHistory(0);
  for (let epoch = 1; epoch <= 12345; epoch++) history.add(epoch);
  const points = history.points();
  assert.ok(points.length <= 1002, `${points.length}`);
  assert.deepEqual(points.at(0), { epoch: 0, loss: 0 });
  assert.deepEqual(points.at(-1), { epoch: 12345, loss: 12345 });
  points.forEach(({ epoch, loss }, i) => {
    assert.equal(epoch, loss);
    assert.ok(i === 0 || epoch > points[i - 1].epoch);
  });
});

test("what is typed must be a number within bounds", () => {
  assert.deepEqual(readNumber("hidden", " 16 "), { number: 16 });
  assert.deepEqual(readNumber("rate", "0.03"), { number: 0.03 });
  const wrong = ["", "0", "17", "2.5", "four", "NaN", "Infinity"];
  for (const text of wrong) assert.ok("problem" in readNumber("hidden", text), text);
  for (const text of ["", "0", "-1", "1e9", "0,3"]) {
    assert.match(readNumber("rate", text).problem, /number from 0.001 to 10/);
  }
});
