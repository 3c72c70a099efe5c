/* Whether things may move. */

/** False when the person has asked their system for less motion. */
export function motionAllowed() {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
