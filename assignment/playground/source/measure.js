/** How often a preset succeeds: measured when the page is built, told in its hints. */

import { PATIENCE, standing, startRun, trainEpoch } from "./training.js";

/**
 * @typedef {{solved: number, seeds: number, median: number}} Measured
 */

/**
 * Train with the seeds from 1 on and count what gets solved.
 *
 * @param {import("./training.js").Settings} settings
 * @param {number} seeds how many
 * @returns {Measured} with the median of the epochs that the solved runs took
 */
export function measure(settings, seeds) {
  const took = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const run = startRun({ ...settings, seed });
    while (run.epoch < PATIENCE && !standing(run).solved) trainEpoch(run);
    if (standing(run).solved) took.push(run.epoch);
  }
  took.sort((a, b) => a - b);
  return { solved: took.length, seeds, median: took[Math.floor(took.length / 2)] };
}
