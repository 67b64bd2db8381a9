/** A run: a network that is trained on the truth table, epoch after epoch. */

import { LossHistory } from "./history.js";
import { createNetwork, gradient, meanLoss, output, TRUTH_TABLE } from "./network.js";
import { createOptimiser } from "./optimisers.js";
import { randomNumbers } from "./random.js";

/**
 * What decides a run: two runs with the same settings are the same, number for number.
 *
 * @typedef {object} Settings
 * @property {number} hidden 1 to 16 units
 * @property {import("./network.js").Activation} activation
 * @property {import("./network.js").Loss} loss
 * @property {import("./optimisers.js").OptimiserName} optimiser
 * @property {number} rate
 * @property {number} seed
 */

/**
 * @typedef {object} Run
 * @property {Settings} settings
 * @property {import("./network.js").Network} network
 * @property {import("./optimisers.js").Optimiser} optimise
 * @property {number} epoch updates done; an epoch is one update on all four rows
 * @property {LossHistory} history
 */

/** A run counts as solved when every output is this close to its target. */
export const CLOSE = 0.1;

/** A run that is not solved after so many epochs is called stuck. */
export const PATIENCE = 4000;

/**
 * @param {Settings} settings
 * @returns {Run}
 */
export function startRun(settings) {
  const network = createNetwork(settings.hidden, settings.activation, randomNumbers(settings.seed));
  const optimise = createOptimiser(settings.optimiser, settings.rate, network.numbers.length);
  const history = new LossHistory(meanLoss(network, settings.loss));
  return { settings, network, optimise, epoch: 0, history };
}

/** @param {Run} run */
export function trainEpoch(run) {
  const { loss } = run.settings;
  run.optimise(run.network.numbers, gradient(run.network, loss));
  run.epoch += 1;
  run.history.add(meanLoss(run.network, loss));
}

/**
 * How the run stands: outputs and bits row by row, how many bits are right, and whether
 * training may end.
 *
 * @param {Run} run
 */
export function standing({ network }) {
  const rows = TRUTH_TABLE.map(({ a1, a2, target }) => {
    const p = output(network, a1, a2);
    const bit = p >= 0.5 ? 1 : 0;
    return { a1, a2, target, p, bit, right: bit === target };
  });
  return {
    rows,
    right: rows.filter((row) => row.right).length,
    solved: rows.every(({ p, target }) => Math.abs(p - target) <= CLOSE),
  };
}
