/** Playing a run: some epochs a frame, for as long as nobody pauses it. */

/** A calm rate of drawing for people who prefer reduced motion, in milliseconds. */
const CALM = 1000;

/**
 * The browser gives a hidden page no frames: training waits with its drawing, and goes on
 * where it was.
 */
export class Player {
  /**
   * @param {() => boolean} train trains for a frame; whether to go on
   * @param {() => void} draw shows what came of it
   */
  constructor(train, draw) {
    this.train = train;
    this.draw = draw;
    this.playing = false;
    this.drawn = 0;
    this.motion = matchMedia("(prefers-reduced-motion: reduce)");
  }

  play() {
    if (this.playing) return;
    this.playing = true;
    requestAnimationFrame((now) => this.#frame(now));
  }

  pause() {
    this.playing = false;
  }

  /** @param {number} now milliseconds */
  #frame(now) {
    if (!this.playing) return;
    if (!this.train()) this.playing = false;
    if (!this.motion.matches || !this.playing || now - this.drawn >= CALM) {
      this.drawn = now;
      this.draw();
    }
    if (this.playing) requestAnimationFrame((next) => this.#frame(next));
  }
}
