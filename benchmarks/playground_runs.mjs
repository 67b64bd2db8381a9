/**
 * The playground's own engine on its presets: epochs until XOR is solved, and what a frame costs.
 *
 *     node benchmarks/playground_runs.mjs SEEDS
 *
 * Prints JSON: for each preset the epochs of every seed until all outputs are within 0.1 of
 * their targets, or null after 4,000, the CPU-milliseconds of an epoch and all cells together,
 * and for two units the weights that each of them ends with.
 */

import { output, unitsOf } from "../assignment/playground/source/network.js";
import { PRESETS } from "../assignment/playground/source/presets.js";
import {
  PATIENCE,
  standing,
  startRun,
  trainEpoch,
} from "../assignment/playground/source/training.js";

const seeds = Number(process.argv[2]);

function train(settings) {
  const run = startRun(settings);
  while (run.epoch < PATIENCE && !standing(run).solved) trainEpoch(run);
  const lines = settings.hidden === 2 ? unitsOf(run.network).map(({ w1, w2 }) => [w1, w2]) : null;
  return { epochs: standing(run).solved ? run.epoch : null, lines };
}

function millisecondsOfFrame(settings, cells) {
  const run = startRun(settings);
  const frames = 500;
  const before = process.cpuUsage();
  for (let frame = 0; frame < frames; frame++) {
    trainEpoch(run);
    for (let k = 0; k < cells * cells; k++) {
      output(run.network, Math.floor(k / cells) / (cells - 1), (k % cells) / (cells - 1));
    }
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / frames;
}

const found = PRESETS.map(({ id, settings, view }) => {
  const runs = Array.from({ length: seeds }, (_, k) => train({ ...settings, seed: k + 1 }));
  millisecondsOfFrame(settings, view.cells); // the first frames are slower
  return [id, { runs, milliseconds: millisecondsOfFrame(settings, view.cells) }];
});
console.log(JSON.stringify(Object.fromEntries(found)));
