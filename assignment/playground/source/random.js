/** Random numbers that a seed decides, so that a run can be had again. */

/**
 * A stream of numbers from 0 to 1, the upper end excluded.
 *
 * The generator is mulberry32 by Tommy Ettinger (public domain).
 *
 * @param {number} seed a whole number
 * @returns {() => number}
 */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
