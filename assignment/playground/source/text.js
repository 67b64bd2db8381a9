/** Numbers as they are shown: two decimals, a true minus sign. */

/** @param {number} value @param {number} [digits] */
export function shown(value, digits = 2) {
  const text = value.toFixed(digits).replace("-", "−");
  return Number(value.toFixed(digits)) === 0 ? text.replace("−", "") : text;
}

/** With its sign, plus included. @param {number} value */
export const signed = (value) => (shown(value).startsWith("−") ? shown(value) : `+${shown(value)}`);

/**
 * A weighted sum, such as "1.00·A1 − 2.00·A2 + 0.50".
 *
 * @param {[number, string][]} terms weights and what they weigh, at least one
 * @param {number} constant
 */
export function weightedSum(terms, constant) {
  const [[weight, name], ...others] = terms;
  const further = others.map(([value, of]) => `${signed(value)}·${of}`);
  const spaced = [...further, signed(constant)].map((term) => ` ${term[0]} ${term.slice(1)}`);
  return `${shown(weight)}·${name}${spaced.join("")}`;
}

/**
 * A hidden unit's sum.
 *
 * @param {import("./network.js").Unit} unit
 */
export const unitSum = ({ w1, w2, b }) =>
  weightedSum(
    [
      [w1, "A1"],
      [w2, "A2"],
    ],
    b,
  );

/** Loss with three digits that say something. @param {number} loss */
export const shownLoss = (loss) =>
  loss >= 0.001 || loss === 0 ? shown(loss, 4) : loss.toExponential(1).replace("-", "−");
