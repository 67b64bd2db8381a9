/** Settings that are one click away, and the bounds of what may be set. */

/**
 * @typedef {object} View
 * @property {number} pace epochs a frame
 * @property {number} cells cells of the surface in each direction
 */

/**
 * @typedef {object} Preset
 * @property {string} id
 * @property {string} title
 * @property {string} about
 * @property {import("./training.js").Settings} settings
 * @property {View} view
 */

/** @type {Preset[]} */
export const PRESETS = [
  {
    id: "tutorial",
    title: "Tutorial: four units",
    about: "Four tanh units, gradient descent.",
    settings: {
      hidden: 4,
      activation: "tanh",
      loss: "cross_entropy",
      optimiser: "descent",
      rate: 0.3,
      seed: 1,
    },
    view: { pace: 2, cells: 10 },
  },
  {
    id: "luck",
    title: "Two units: luck",
    about: "The same with two. Stuck? Take the next seed.",
    settings: {
      hidden: 2,
      activation: "tanh",
      loss: "cross_entropy",
      optimiser: "descent",
      rate: 0.3,
      seed: 1,
    },
    view: { pace: 5, cells: 10 },
  },
  {
    id: "sketch",
    title: "Browser sketch",
    about: "Sixteen sigmoid units, squared error, Adam at 0.2.",
    settings: {
      hidden: 16,
      activation: "sigmoid",
      loss: "mse",
      optimiser: "adam",
      rate: 0.2,
      seed: 1,
    },
    view: { pace: 1, cells: 20 },
  },
];

/** Smallest and largest of what is typed as a number. */
export const BOUNDS = {
  hidden: [1, 16],
  rate: [0.001, 10],
  seed: [0, 999999],
};

/**
 * A number that was typed, or what is wrong with it.
 *
 * @param {keyof typeof BOUNDS} name
 * @param {string} text
 * @returns {{number: number} | {problem: string}}
 */
export function readNumber(name, text) {
  const [least, most] = BOUNDS[name];
  const number = text.trim() === "" ? Number.NaN : Number(text);
  const whole = name === "rate" || Number.isInteger(number);
  if (whole && number >= least && number <= most) return { number };
  const kind = name === "rate" ? "a number" : "a whole number";
  return { problem: `Type ${kind} from ${least} to ${most}.` };
}
