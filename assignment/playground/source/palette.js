/** The page's colours, read from its style, and shades between them. */

/** @typedef {[number, number, number]} Colour red, green and blue from 0 to 255 */

/** @param {string} hex such as "#1d2125" */
const parse = (hex) =>
  /** @type {Colour} */ ([1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));

/** @param {Colour} colour */
export const css = ([red, green, blue]) => `rgb(${red} ${green} ${blue})`;

/**
 * @param {Colour} from
 * @param {Colour} to
 * @param {number} share of `to`, from 0 to 1
 */
const mix = (from, to, share) =>
  /** @type {Colour} */ (from.map((value, i) => Math.round(value + share * (to[i] - value))));

/** The colours in force, light or dark. */
export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const colour = (name) => parse(style.getPropertyValue(`--${name}`).trim());
  return {
    zero: colour("zero"),
    half: colour("half"),
    one: colour("one"),
    ink: colour("ink"),
    paper: colour("paper"),
  };
}

/** @typedef {ReturnType<typeof readPalette>} Palette */

/**
 * The shade of an output: from the colour of 0 over that of one half to that of 1.
 *
 * @param {Palette} palette
 * @param {number} p
 */
export const shade = ({ zero, half, one }, p) =>
  p < 0.5 ? mix(zero, half, 2 * p) : mix(half, one, 2 * p - 1);

/**
 * Black or white, whichever reads better on a colour. The weights and the threshold are
 * those of relative luminance in WCAG 2, with the square for its exponent of about 2.2.
 *
 * @param {Colour} colour
 */
export function inkOn(colour) {
  const [red, green, blue] = colour.map((value) => (value / 255) ** 2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.19 ? "#000000" : "#ffffff";
}
