/**
 * The published browser sketch without its canvas: TensorFlow.js learns XOR, an epoch a frame.
 *
 *     node benchmarks/sketch_original.mjs FOLDER SEEDS MOST_EPOCHS CLOSE
 *
 * FOLDER holds the npm packages; `xor_pieces.py` installs them and starts this. As in the
 * sketch: 16 sigmoid units, a sigmoid output, squared error, Adam at 0.2, one epoch on the four
 * rows, then the outputs at 20 by 20 cells. Its initial weights have no seed; here they do.
 * Prints JSON: for each seed the epochs until every row is within CLOSE of its target, or
 * null, and the CPU-milliseconds of a frame.
 */

import { createRequire } from "node:module";

const [folder, ...numbers] = process.argv.slice(2);
const [seeds, mostEpochs, close] = numbers.map(Number);
const require = createRequire(`${folder}/`);
require("@tensorflow/tfjs-backend-cpu");
const tf = require("@tensorflow/tfjs-core");
const { initializers, layers, sequential } = require("@tensorflow/tfjs-layers");

const CELLS = 20;
const XOR = [0, 1, 1, 0];
const inputs = tf.tensor2d([0, 0, 1, 0, 0, 1, 1, 1], [4, 2]);
const targets = tf.tensor2d(XOR, [4, 1]);
const places = Array.from({ length: CELLS }, (_, k) => k / CELLS);
const cells = tf.tensor2d(places.flatMap((x) => places.map((y) => [x, y])));

function build(seed) {
  const model = sequential();
  for (const [layer, units] of [16, 1].entries()) {
    const kernelInitializer = initializers.glorotNormal({ seed: 2 * seed + layer }); // the default
    const inputShape = [layer === 0 ? 2 : 16];
    model.add(layers.dense({ units, inputShape, activation: "sigmoid", kernelInitializer }));
  }
  model.compile({ optimizer: tf.train.adam(0.2), loss: "meanSquaredError" });
  return model;
}

function outputs(model, points) {
  return tf.tidy(() => Array.from(model.predict(points).dataSync()));
}

let frames = 0;

async function epochsUntilClose(seed) {
  const model = build(seed);
  for (let epoch = 1; epoch <= mostEpochs; epoch++) {
    await model.fit(inputs, targets, { shuffle: true, epochs: 1 });
    outputs(model, cells);
    frames += 1;
    if (outputs(model, inputs).every((p, k) => Math.abs(p - XOR[k]) <= close)) return epoch;
  }
  return null;
}

await epochsUntilClose(0); // the first frames are slower
frames = 0;
const before = process.cpuUsage();
const epochs = [];
for (let seed = 1; seed <= seeds; seed++) epochs.push(await epochsUntilClose(seed));
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ epochs, milliseconds: (user + system) / 1000 / frames }));
