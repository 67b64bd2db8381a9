/** Numbers as they are shown: two decimals, a true minus sign. */

/** @param {number} value @param {number} [digits] */
export function shown(value, digits = 2) {
  const text = value.toFixed(digits).replace("-", "−");
  return Number(value.toFixed(digits)) === 0 ? text.replace("−", "") : text;
}

/** With its sign, plus included. @param {number} value */
export const signed = (value) => (shown(value).startsWith("−") ? shown(value) : `+${shown(value)}`);

/** A further term of a sum: " + 1.00" or " − 1.00". @param {number} value */
const term = (value) => signed(value).replace(/^([+−])/, " $1 ");

/**
 * A hidden unit's sum, such as "1.00·A1 − 2.00·A2 + 0.50".
 *
 * @param {import("./network.js").Unit} unit
 */
export const equation = ({ w1, w2, b }) => `${shown(w1)}·A1${term(w2)}·A2${term(b)}`;

/** Loss with three digits that say something. @param {number} loss */
export const shownLoss = (loss) =>
  loss >= 0.001 || loss === 0 ? shown(loss, 4) : loss.toExponential(1).replace("-", "−");
