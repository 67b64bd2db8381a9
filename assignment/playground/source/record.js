/** What a student takes along: the weights file, and the formula in numbers. */

import { outputBias, unitsOf } from "./network.js";

export const FILE_NAME = "playground_weights.json";

const RECORDED_DECIMALS = 4;
const FORMULA_DECIMALS = 3;

/** @param {number} value */
const rounded = (value) => Number(value.toFixed(RECORDED_DECIMALS));

/**
 * The content of the weights file, version 1: this page feeds 0 and 1, has a sigmoid
 * output, and its label 1 means that the bits differ.
 *
 * @param {import("./training.js").Run} run
 */
export function weightsFile({ network, settings, epoch }) {
  const units = unitsOf(network);
  const { optimiser, rate, loss, seed } = settings;
  const how = `${optimiser} at ${rate}, ${loss}, seed ${seed}, ${epoch} epochs`;
  const fields = {
    version: 1,
    source: `playground of the handout: ${how}`,
    inputs: { zero: 0, one: 1 },
    hidden_activation: network.activation,
    output_activation: "sigmoid",
    positive_means: "different",
    hidden_weights: units.map(({ w1, w2 }) => [rounded(w1), rounded(w2)]),
    hidden_biases: units.map(({ b }) => rounded(b)),
    output_weights: units.map(({ v }) => rounded(v)),
    output_bias: rounded(outputBias(network)),
  };
  const lines = Object.entries(fields).map(([key, value]) => {
    const text = JSON.stringify(value);
    return `  "${key}": ${typeof value === "string" ? text : text.replaceAll(/[,:]/g, "$& ")}`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

/**
 * The network as one formula in A1 and A2, of the numbers in the weights file.
 *
 * @param {import("./network.js").Network} network
 */
export function formulaText(network) {
  /** @param {number} value */
  const text = (value) => rounded(value).toFixed(FORMULA_DECIMALS);
  const terms = unitsOf(network).map(
    ({ w1, w2, b, v }) =>
      `${text(v)}*${network.activation}(${text(w1)}*A1 + ${text(w2)}*A2 + ${text(b)})`,
  );
  const sum = [...terms, text(outputBias(network))].join(" + ");
  return `sigmoid(${sum})`.replaceAll("+ -", "- ");
}
