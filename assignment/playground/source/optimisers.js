/** Optimisers: each moves an array of numbers against its gradient. */

/**
 * @typedef {"descent" | "adam"} OptimiserName
 * @typedef {(numbers: Float64Array, slopes: Float64Array) => void} Optimiser
 */

/**
 * Plain gradient descent.
 *
 * @param {number} rate
 * @returns {Optimiser}
 */
function gradientDescent(rate) {
  return (numbers, slopes) => {
    for (let i = 0; i < numbers.length; i++) numbers[i] -= rate * slopes[i];
  };
}

const DECAY_OF_MEAN = 0.9;
const DECAY_OF_SQUARE = 0.999;
const EPSILON = 1e-7;

/**
 * Adam (Kingma and Ba, 2015) with its usual constants: steps of about the rate in every
 * direction, whatever the size of the slope.
 *
 * @param {number} rate
 * @param {number} length how many numbers it will move
 * @returns {Optimiser}
 */
function adam(rate, length) {
  const means = new Float64Array(length);
  const squares = new Float64Array(length);
  let step = 0;
  return (numbers, slopes) => {
    step += 1;
    const meanScale = 1 - DECAY_OF_MEAN ** step;
    const squareScale = 1 - DECAY_OF_SQUARE ** step;
    for (let i = 0; i < length; i++) {
      means[i] += (1 - DECAY_OF_MEAN) * (slopes[i] - means[i]);
      squares[i] += (1 - DECAY_OF_SQUARE) * (slopes[i] ** 2 - squares[i]);
      numbers[i] -= (rate * means[i]) / meanScale / (Math.sqrt(squares[i] / squareScale) + EPSILON);
    }
  };
}

/**
 * @param {OptimiserName} name
 * @param {number} rate the learning rate
 * @param {number} length how many numbers it will move
 * @returns {Optimiser}
 */
export const createOptimiser = (name, rate, length) =>
  name === "adam" ? adam(rate, length) : gradientDescent(rate);
