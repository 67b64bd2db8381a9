/**
 * The network: two inputs A1 and A2, H hidden units, one sigmoid output.
 *
 *     s_j = w_j1 * A1 + w_j2 * A2 + b_j     the sum of hidden unit j
 *     h_j = f(s_j)                          its answer
 *     z   = v_1 * h_1 + ... + v_H * h_H + c the output's sum
 *     p   = sigmoid(z)                      the output
 *
 * Its numbers stand in one array, for unit after unit w_j1, w_j2, b_j, v_j, and c at
 * the end. So gradients and optimisers need not know what a number is for.
 */

/**
 * @typedef {"tanh" | "sigmoid" | "relu"} Activation
 * @typedef {"mse" | "cross_entropy"} Loss
 * @typedef {{hidden: number, activation: Activation, numbers: Float64Array}} Network
 * @typedef {{w1: number, w2: number, b: number, v: number}} Unit
 */

/** The four inputs and what XOR answers. */
export const TRUTH_TABLE = [
  { a1: 0, a2: 0, target: 0 },
  { a1: 0, a2: 1, target: 1 },
  { a1: 1, a2: 0, target: 1 },
  { a1: 1, a2: 1, target: 0 },
];

/** @param {number} z */
export const sigmoid = (z) => 0.5 * (1 + Math.tanh(0.5 * z)); // cannot overflow

/**
 * What a unit makes of its sum s, and the slope there, which the answer h makes cheap.
 *
 * @type {Record<Activation, {value: (s: number) => number, slope: (h: number) => number}>}
 */
export const ACTIVATIONS = {
  tanh: { value: Math.tanh, slope: (h) => 1 - h * h },
  sigmoid: { value: sigmoid, slope: (h) => h * (1 - h) },
  relu: { value: (s) => Math.max(s, 0), slope: (h) => (h > 0 ? 1 : 0) },
};

/**
 * Of one row: the loss, and its slope in z.
 *
 * Cross-entropy is written as log(1 + e^z) - target * z, which stays finite.
 *
 * @type {Record<Loss, {
 *   value: (z: number, target: number) => number,
 *   slope: (z: number, target: number) => number,
 * }>}
 */
export const LOSSES = {
  mse: {
    value: (z, target) => (sigmoid(z) - target) ** 2,
    slope: (z, target) => {
      const p = sigmoid(z);
      return 2 * (p - target) * p * (1 - p);
    },
  },
  cross_entropy: {
    value: (z, target) => Math.max(z, 0) - target * z + Math.log1p(Math.exp(-Math.abs(z))),
    slope: (z, target) => sigmoid(z) - target,
  },
};

/**
 * A fresh network: Glorot's uniform weights, biases of zero.
 *
 * Weights lie within ±sqrt(6 / (inputs + outputs)) of their layer (Glorot and Bengio, 2010).
 *
 * @param {number} hidden
 * @param {Activation} activation
 * @param {() => number} random numbers from 0 to 1
 * @returns {Network}
 */
export function createNetwork(hidden, activation, random) {
  /** @param {number} fans */
  const weight = (fans) => (2 * random() - 1) * Math.sqrt(6 / fans);
  const numbers = new Float64Array(4 * hidden + 1);
  for (let j = 0; j < hidden; j++) {
    numbers.set([weight(2 + hidden), weight(2 + hidden), 0, weight(hidden + 1)], 4 * j);
  }
  return { hidden, activation, numbers };
}

/**
 * The numbers of hidden unit j, counted from 0.
 *
 * @param {Network} network
 * @param {number} j
 * @returns {Unit}
 */
export function unitOf({ numbers }, j) {
  const at = 4 * j;
  return { w1: numbers[at], w2: numbers[at + 1], b: numbers[at + 2], v: numbers[at + 3] };
}

/**
 * All hidden units, in order.
 *
 * @param {Network} network
 * @returns {Unit[]}
 */
export const unitsOf = (network) =>
  Array.from({ length: network.hidden }, (_, j) => unitOf(network, j));

/**
 * The output's bias c.
 *
 * @param {Network} network
 */
export const outputBias = ({ hidden, numbers }) => numbers[4 * hidden];

/**
 * A unit's sum at a point.
 *
 * @param {Unit} unit
 * @param {number} a1
 * @param {number} a2
 */
export const sumAt = ({ w1, w2, b }, a1, a2) => w1 * a1 + w2 * a2 + b;

/**
 * The output's sum z at a point.
 *
 * @param {Network} network
 * @param {number} a1
 * @param {number} a2
 */
export function outputSum(network, a1, a2) {
  const { value } = ACTIVATIONS[network.activation];
  let z = outputBias(network);
  for (let j = 0; j < network.hidden; j++) {
    const unit = unitOf(network, j);
    z += unit.v * value(sumAt(unit, a1, a2));
  }
  return z;
}

/**
 * The network's answer at a point, from 0 to 1.
 *
 * @param {Network} network
 * @param {number} a1
 * @param {number} a2
 */
export const output = (network, a1, a2) => sigmoid(outputSum(network, a1, a2));

/**
 * The mean loss over the truth table.
 *
 * @param {Network} network
 * @param {Loss} loss
 */
export const meanLoss = (network, loss) =>
  TRUTH_TABLE.reduce(
    (sum, { a1, a2, target }) => sum + LOSSES[loss].value(outputSum(network, a1, a2), target),
    0,
  ) / TRUTH_TABLE.length;

/**
 * The slope of the mean loss in every number of the network, by the chain rule.
 *
 * @param {Network} network
 * @param {Loss} loss
 * @returns {Float64Array} in the order of the network's numbers
 */
export function gradient(network, loss) {
  const { hidden, numbers } = network;
  const { value, slope } = ACTIVATIONS[network.activation];
  const units = unitsOf(network);
  const slopes = new Float64Array(numbers.length);
  for (const { a1, a2, target } of TRUTH_TABLE) {
    const answers = units.map((unit) => value(sumAt(unit, a1, a2)));
    const z = units.reduce((sum, { v }, j) => sum + v * answers[j], outputBias(network));
    const ofZ = LOSSES[loss].slope(z, target) / TRUTH_TABLE.length;
    for (let j = 0; j < hidden; j++) {
      const ofSum = ofZ * units[j].v * slope(answers[j]);
      slopes[4 * j] += ofSum * a1;
      slopes[4 * j + 1] += ofSum * a2;
      slopes[4 * j + 2] += ofSum;
      slopes[4 * j + 3] += ofZ * answers[j];
    }
    slopes[4 * hidden] += ofZ;
  }
  return slopes;
}
