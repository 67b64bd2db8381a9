/** The loss curve. */

import { shownLoss } from "./text.js";

const HEIGHT = 130;
const TOP = 14;
const BOTTOM = 20;

/**
 * @param {SVGSVGElement} svg with a path and the texts `.most`, `.last`
 * @param {import("./history.js").LossHistory} history
 * @param {number} room pixels from left to right
 */
export function drawLoss(svg, history, room) {
  const points = history.points();
  const most = points.reduce((largest, { loss }) => Math.max(largest, loss), 1e-9);
  const epochs = Math.max(1, history.epoch);
  /** @param {{epoch: number, loss: number}} point */
  const place = ({ epoch, loss }) => {
    const x = 1 + ((room - 2) * epoch) / epochs;
    const y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - loss / most);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  svg.setAttribute("viewBox", `0 0 ${room} ${HEIGHT}`);
  svg.setAttribute("width", `${room}`);
  svg.setAttribute("height", `${HEIGHT}`);
  svg.setAttribute(
    "aria-label",
    `Loss from ${shownLoss(history.kept[0])} to ${shownLoss(history.last)} in ${history.epoch} epochs`,
  );
  /** @param {string} what */
  const part = (what) => /** @type {SVGElement} */ (svg.querySelector(what));
  part(".curve").setAttribute("d", `M${points.map(place).join("L")}`);
  part(".axis").setAttribute("d", `M1 ${TOP}V${HEIGHT - BOTTOM}H${room - 1}`);
  part(".most").textContent = shownLoss(most);
  part(".last").textContent = `epoch ${history.epoch}`;
  part(".last").setAttribute("x", `${room - 1}`);
}
