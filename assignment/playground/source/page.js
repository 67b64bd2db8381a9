/** The page's elements, by their ids. */

/**
 * @param {string} id
 * @returns {any} of whichever kind the page has under this id
 */
export const element = (id) => document.getElementById(id);

/** @param {string} id @param {string} text */
export function say(id, text) {
  const target = element(id);
  if (target.textContent !== text) target.textContent = text;
}
